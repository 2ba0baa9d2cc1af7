"""What HR and supervisors do to an enrolment: begin, mentors, guides, dates, state."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now, session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding import queries, service
from cstrain.onboarding.errors import WindowBrokenError
from cstrain.onboarding.facts import EnrolmentFacts, EnrolmentState
from cstrain.onboarding.forms import (
    Choices,
    EnrolForm,
    GuideForm,
    MentorForm,
    ReplanForm,
    StateForm,
    cohort_choices,
    mentor_choices,
    people_choices,
)
from cstrain.onboarding.presenting.words import _
from cstrain.onboarding.service import Plan
from cstrain.onboarding.views.base import blueprint, names_of, visible_enrolment
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.ui.forms import typed_day
from cstrain.ui.refusal import attempt, told


def _with_role(role: str, *, but: PersonId | None = None) -> list[PersonFacts]:
    today = local_date(now())
    found = people.people(people.persons_with_role(role, today), today)
    return [facts for facts in found.values() if facts.id != but]


def _mentors(empty: str | None = None, *, but: PersonId | None = None) -> Choices:
    loads = {int(one): load for one, load in queries.loads(local_date(now())).items()}
    cap = queries.onboarding_rules().mentor_cap
    return mentor_choices(_with_role("mentor", but=but), loads, cap, empty)


@blueprint.route("/enrolments/new", methods=["GET", "POST"])
@requires("enrolment.manage")
def new_enrolment() -> Any:
    """Enrol somebody on probation; a broken window is said with its dates and must be acknowledged."""
    form = EnrolForm()
    _offer(form)
    broken: WindowBrokenError | None = None
    if form.validate_on_submit():
        try:
            made = _enrol(form)
        except WindowBrokenError as error:
            session().rollback()
            broken = error
        except DomainError as error:
            session().rollback()
            form.form_errors = [told(error)]
        else:
            flash(_("已入训，日期和考试已排好。"), "ok")
            return redirect(url_for("onboarding.enrolment", enrolment_id=made))
    page = render_template(
        "onboarding/enrol.html", form=form, broken=broken, cohorts=queries.cohorts(open_only=True)
    )
    return (page, 422) if form.is_submitted() else page


def _offer(form: EnrolForm) -> None:
    today = local_date(now())
    training = {one.person for one in queries.open_enrolments()}
    fresh = [
        one
        for one in people.everybody(today)
        if one.status is Status.PROBATION and one.id not in training and one.id != actor()
    ]
    form.person.choices = people_choices(fresh, "请选择")
    form.cohort.choices = [SelectChoice("", _("请选择")), *cohort_choices(queries.cohorts(open_only=True))]
    form.mentor.choices = _mentors("以后再指定")
    if not form.is_submitted():
        form.person.data = request.args.get("person", "")
        form.cohort.data = request.args.get("cohort", "")


def _enrol(form: EnrolForm) -> EnrolmentId:
    person = PersonId(int(form.person.data))
    if not may(actor(), "enrolment.manage", person):
        raise DomainError("没有入训：你不能办理这位员工的培训。请由另一位有权限的同事办理。")
    return service.enrol(
        actor(),
        now(),
        person,
        int(form.cohort.data),
        form.start_date.data,
        mentor=PersonId(int(form.mentor.data)) if form.mentor.data else None,
        with_pre_start=form.with_pre_start.data,
        window_acknowledged=form.window.data,
    )


@blueprint.route("/enrolments/<int:enrolment_id>/mentor", methods=["GET", "POST"])
@requires("mentor.assign")
def mentor(enrolment_id: int) -> Any:
    """Change the mentor, or name a substitute with dates; the load of each stands beside the name."""
    facts = visible_enrolment(enrolment_id, "mentor.assign")
    form = MentorForm().offer(_mentors(but=facts.person))
    if form.validate_on_submit() and attempt(form, lambda: _assign(facts.id, form)):
        flash(_("已保存。"), "ok")
        return redirect(url_for("onboarding.enrolment", enrolment_id=facts.id))
    history = queries.mentor_history(facts.id)
    page = render_template(
        "onboarding/mentor.html",
        form=form,
        enrolment=facts,
        person=people.get_person(facts.person, local_date(now())),
        history=history,
        names=names_of(one.mentor for one in history),
        cap=queries.onboarding_rules().mentor_cap,
    )
    return (page, 422) if form.is_submitted() else page


def _assign(enrolment_id: EnrolmentId, form: MentorForm) -> None:
    chosen, first, reason = PersonId(int(form.mentor.data)), form.first_day.data, form.reason.data or ""
    if form.kind.data == "mentor":
        service.assign_mentor(actor(), now(), enrolment_id, chosen, first, reason)
        return
    if form.last_day.data is None:
        raise DomainError("没有保存：代带要写明到哪天。请补上。")
    service.assign_substitute(actor(), now(), enrolment_id, chosen, first, form.last_day.data, reason)


@blueprint.route("/enrolments/<int:enrolment_id>/guides", methods=["GET", "POST"])
@requires("mentor.assign")
def guides(enrolment_id: int) -> Any:
    """Name who guides and signs the days in other departments."""
    facts = visible_enrolment(enrolment_id, "mentor.assign")
    line = queries.timeline(facts.id, now())
    guided = [day for day in line.days if day.spec.signed_by == "guide"]
    form = GuideForm()
    form.day.choices = [
        SelectChoice(str(day.number), _("第%(number)s天，%(place)s", number=day.number, place=day.spec.place))
        for day in guided
    ]
    form.guide.choices = people_choices(_with_role("guide", but=facts.person), "请选择")
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.assign_guide(
            actor(), now(), facts.id, int(form.day.data), PersonId(int(form.guide.data))
        ),
    ):
        flash(_("已指定带教人。"), "ok")
        return redirect(url_for("onboarding.guides", enrolment_id=facts.id))
    page = render_template(
        "onboarding/guides.html",
        form=form,
        enrolment=facts,
        person=people.get_person(facts.person, local_date(now())),
        days=guided,
        names=names_of(day.guide for day in guided),
    )
    return (page, 422) if form.is_submitted() else page


@blueprint.route("/enrolments/<int:enrolment_id>/replan", methods=["GET", "POST"])
@requires("enrolment.manage")
def replan(enrolment_id: int) -> Any:
    """Show the dates as they would become from a day on; move them with a reason."""
    facts = visible_enrolment(enrolment_id, "enrolment.manage")
    form = ReplanForm()
    from_day = typed_day(request.values.get("from_day", ""))
    if (
        from_day is not None
        and form.validate_on_submit()
        and attempt(
            form,
            lambda: service.replan(
                actor(),
                now(),
                facts.id,
                from_day,
                form.reason.data or "",
                window_acknowledged=form.window.data,
            ),
        )
    ):
        flash(_("日期已重排，学员和导师会收到通知。"), "ok")
        return redirect(url_for("onboarding.enrolment", enrolment_id=facts.id))
    page = _replan_page(facts, form, from_day)
    return (page, 422) if form.is_submitted() else page


def _replan_page(facts: EnrolmentFacts, form: ReplanForm, from_day: date | None) -> str:
    before: dict[int, date] = queries.planned_days(facts.id)
    plan: Plan | None = None
    if from_day is not None:
        before, plan = service.preview_replan(facts.id, from_day, now())
        form.from_day.data = from_day.isoformat()
    return render_template(
        "onboarding/replan.html",
        form=form,
        enrolment=facts,
        person=people.get_person(facts.person, local_date(now())),
        from_day=from_day,
        before=before,
        plan=plan,
        programme=queries.programme(facts.id),
        today=local_date(now()),
    )


_ACTS = {
    "pause": "暂停培训",
    "resume": "恢复培训",
    "transfer": "转到另一期",
    "close": "结束培训",
}


@blueprint.route("/enrolments/<int:enrolment_id>/state", methods=["GET", "POST"])
@requires("enrolment.manage")
def state(enrolment_id: int) -> Any:
    """Pause, resume, transfer or close an enrolment, with the reason."""
    facts = visible_enrolment(enrolment_id, "enrolment.manage")
    form = StateForm()
    offered = ["resume"] if facts.state is EnrolmentState.PAUSED else ["pause"]
    form.act.choices = [SelectChoice(one, _(_ACTS[one])) for one in (*offered, "transfer", "close")]
    others = [one for one in queries.cohorts(open_only=True) if one.id != facts.cohort_id]
    form.cohort.choices = [SelectChoice("", _("请选择")), *cohort_choices(others)]
    if form.validate_on_submit() and attempt(form, lambda: _change(facts.id, form)):
        flash(_("已办理。"), "ok")
        return redirect(url_for("onboarding.enrolment", enrolment_id=facts.id))
    page = render_template(
        "onboarding/state.html",
        form=form,
        enrolment=facts,
        person=people.get_person(facts.person, local_date(now())),
    )
    return (page, 422) if form.is_submitted() else page


def _change(enrolment_id: EnrolmentId, form: StateForm) -> None:
    reason, day, known = form.reason.data or "", form.day.data, form.window.data
    act = form.act.data
    if act == "pause":
        service.pause(actor(), now(), enrolment_id, reason)
    elif act == "close":
        service.close_enrolment(actor(), now(), enrolment_id, reason)
    elif day is None:
        raise DomainError("没有办理：没有写从哪天起。请补上日期。")
    elif act == "resume":
        service.resume(actor(), now(), enrolment_id, day, reason, window_acknowledged=known)
    elif not form.cohort.data:
        raise DomainError("没有办理：没有选择转到哪一期。请选择。")
    else:
        cohort = int(form.cohort.data)
        service.transfer(actor(), now(), enrolment_id, cohort, day, reason, window_acknowledged=known)
