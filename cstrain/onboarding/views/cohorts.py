"""Cohorts: who started together, how it went, the evaluation that feeds the next edition."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from wtforms.fields.choices import SelectChoice

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now, zone
from cstrain.onboarding import queries, service
from cstrain.onboarding.facts import Timeline
from cstrain.onboarding.forms import CohortExamForm, CohortForm, EvaluationForm
from cstrain.onboarding.presenting.words import _
from cstrain.onboarding.queries import BoardFilter, BoardRow
from cstrain.onboarding.views.base import blueprint, names_of
from cstrain.ui.refusal import attempt


@blueprint.route("/cohorts", methods=["GET", "POST"])
@requires("cohort.evaluate")
def cohorts() -> Any:
    """List the cohorts; open a new one."""
    form = CohortForm().offer(queries.programmes(local_date(now())))
    made: list[int] = []
    if form.validate_on_submit() and attempt(form, lambda: made.append(_create(form))):
        flash(_("已建立这一期，现在可以办理入训。"), "ok")
        return redirect(url_for("onboarding.new_enrolment", cohort=made[0]))
    stars = queries.mentor_stars()
    page = render_template(
        "onboarding/cohorts.html",
        form=form,
        cohorts=queries.cohorts(),
        stars=stars,
        names=names_of(stars),
        loads=queries.loads(local_date(now())),
    )
    return (page, 422) if form.is_submitted() else page


def _create(form: CohortForm) -> int:
    return service.create_cohort(
        actor(), now(), form.name.data or "", form.programme.data, form.starts_on.data
    )


@blueprint.get("/cohorts/<int:cohort_id>")
@requires("cohort.evaluate")
def cohort(cohort_id: int) -> str:
    """Show a cohort: its people, its numbers, what they said, its evaluation."""
    facts = queries.cohort(cohort_id)
    form = EvaluationForm(data={"text": facts.evaluation or ""})
    return _page(cohort_id, form, _exam_form(cohort_id))


def _page(cohort_id: int, form: EvaluationForm, exam_form: CohortExamForm) -> str:
    facts = queries.cohort(cohort_id)
    rows = [
        row
        for state in ("open", "ended")
        for row in queries.board(BoardFilter(state=state, cohort_id=cohort_id), now()).rows
    ]
    ratings = queries.ratings([row.timeline.enrolment.id for row in rows])
    return render_template(
        "onboarding/cohort.html",
        cohort=facts,
        rows=rows,
        form=form,
        exam_form=exam_form,
        ratings=ratings,
        numbers=_numbers([row.timeline for row in rows]),
        stars=_stars([one.mentor_stars for one in ratings.values()]),
        programme_stars=_stars([one.programme_stars for one in ratings.values()]),
        papers=_papers(rows),
        may_exam=may(actor(), "sitting.arrange") and bool(exam_form.day.choices),
        open_count=sum(1 for row in rows if row.timeline.enrolment.is_open),
    )


def _numbers(lines: list[Timeline]) -> dict[str, Any]:
    states = [line.mean_state for line in lines if line.mean_state is not None]
    mean = (sum(states, Decimal(0)) / len(states)).quantize(Decimal("0.1")) if states else None
    return {
        "people": len(lines),
        "signed": sum(len(line.signed) for line in lines),
        "late": sum(line.late_days for line in lines),
        "mean": mean,
    }


def _stars(values: list[int]) -> Decimal | None:
    return (Decimal(sum(values)) / len(values)).quantize(Decimal("0.1")) if values else None


def _papers(rows: list[BoardRow]) -> list[tuple[str, int, int]]:
    """Return of each exam paper how many passed at their last attempt, of how many."""
    found: dict[str, list[bool]] = {}
    for row in rows:
        latest = {
            score.attempt.paper.title: score.passed
            for score in row.timeline.scores
            if score.attempt.kind != "quiz" and score.passed is not None
        }
        for title, passed in latest.items():
            found.setdefault(title, []).append(bool(passed))
    return [(title, sum(passed), len(passed)) for title, passed in sorted(found.items())]


def _exam_form(cohort_id: int) -> CohortExamForm:
    form = CohortExamForm()
    active = [one for one in queries.enrolments_of_cohort(cohort_id) if one.state == "active"]
    plan = queries.programme(active[0].id) if active else None
    form.day.choices = [
        SelectChoice(str(day.day), _("第%(number)s天：%(title)s", number=day.day, title=day.title))
        for day in (plan.days if plan is not None else ())
        if plan is not None and plan.day_papers(day.day)
    ]
    return form


@blueprint.post("/cohorts/<int:cohort_id>/evaluation")
@requires("cohort.evaluate")
def evaluate_cohort(cohort_id: int) -> Any:
    """Write the evaluation of a cohort that is through, and close it."""
    form = EvaluationForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.evaluate_cohort(actor(), now(), cohort_id, form.text.data or "")
    ):
        flash(_("评估已保存，这一期已结束。"), "ok")
        return redirect(url_for("onboarding.cohort", cohort_id=cohort_id))
    return _page(cohort_id, form, _exam_form(cohort_id)), 422


@blueprint.post("/cohorts/<int:cohort_id>/exam")
@requires("sitting.arrange")
def cohort_exam(cohort_id: int) -> Any:
    """Arrange the papers of a day for the whole cohort in one sitting."""
    form = _exam_form(cohort_id)
    if form.validate_on_submit() and attempt(form, lambda: _arrange(cohort_id, form)):
        flash(_("全期考试已安排，学员会收到通知。"), "ok")
        return redirect(url_for("onboarding.cohort", cohort_id=cohort_id))
    return _page(cohort_id, EvaluationForm(formdata=None), form), 422


def _arrange(cohort_id: int, form: CohortExamForm) -> None:
    service.schedule_cohort_exam(
        actor(),
        now(),
        cohort_id,
        int(form.day.data),
        [one for one in queries.enrolments_of_cohort(cohort_id) if one.person != actor()],
        (form.opens_at.data.replace(tzinfo=zone()), form.closes_at.data.replace(tzinfo=zone())),
        form.place.data or "",
    )
