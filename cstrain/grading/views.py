"""Pages of results: one's own scores, a result with explanations, the desk of release and appeals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, now
from cstrain.grading import queries, service
from cstrain.grading.band.queries import banded_of
from cstrain.grading.facts import AppealFacts, ScoreFacts
from cstrain.grading.forms import AppealForm, ChangeForm, DecisionForm
from cstrain.grading.live_views import blueprint as live
from cstrain.grading.rekeying.queries import proposals_for
from cstrain.grading.statistics.consistency import ACCURACY_WANTED, CONSISTENCY_WANTED
from cstrain.grading.statistics.figure import TEST_LEAST
from cstrain.grading.unmarked import unmarked_sittings
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.lessons.queries import source_links
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.ui.forms import whole
from cstrain.ui.refusal import told

blueprint = Blueprint("grading", __name__)
blueprints = [blueprint, live]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A score as the macro of score bars takes it."""

    name: str
    score: str | None
    value: Decimal | None
    passed: bool | None


@blueprint.get("/scores")
@requires("score.view_own")
def my_scores() -> str:
    """Show all of one's attempts, the newest first, and the best of each quiz above them."""
    mine = [score for score in queries.scores_of(actor(), now()) if score.attempt.state != "open"]
    mine.reverse()
    released = [score for score in mine if score.raw is not None]
    waiting = [score for score in mine if score.raw is None and score.attempt.state != "voided"]
    return render_template(
        "grading/my_scores.html",
        scores=mine,
        waiting=waiting,
        quizzes=[_row(score) for score in _best(released, quiz=True)],
        exams=[_row(score) for score in _best(released, quiz=False)],
        passed=[score for score in released if score.passed],
        released=released,
    )


def _best(scores: Iterable[ScoreFacts], *, quiz: bool) -> list[ScoreFacts]:
    """Return the best counted result of each paper, by paper."""
    best: dict[str, ScoreFacts] = {}
    for score in scores:
        if (score.attempt.kind == "quiz") != quiz or score.attempt.state == "voided":
            continue
        held = best.get(score.attempt.paper.ref)
        if held is None or (score.raw or 0) > (held.raw or 0):
            best[score.attempt.paper.ref] = score
    return sorted(best.values(), key=lambda score: score.attempt.id)


def _row(score: ScoreFacts) -> ScoreRow:
    shown = None if score.shown is None else f"{score.shown:f}"
    return ScoreRow(score.attempt.paper.title, shown, score.raw, score.passed)


@blueprint.get("/results/<int:attempt_id>")
@requires("score.view_own")
def result(attempt_id: int) -> str:
    """Show a result question by question; before its release, what is being waited for."""
    at, me = now(), actor()
    sheet = queries.result_sheet(attempt_id, at)
    score, person = sheet.score, sheet.score.attempt.person_id
    if person != me:
        demand("score.view", person)
    slots = queries.explained(sheet)
    last = queries.last_appeal_day(score.released_at, person)
    mine = queries.appeals_of(attempt_id)
    return render_template(
        "grading/result.html",
        score=score,
        slots=slots,
        links=source_links([slot.source for slot in slots]),
        appeals=mine,
        last_day=last,
        may_appeal=person == me and _may_appeal(last, mine),
        own=person == me,
        markings=sheet.markings,
        title=score.attempt.title,
        person=None if person == me else people.get_person(person, local_date(at)),
    )


def _may_appeal(last: date | None, filed: Iterable[AppealFacts]) -> bool:
    """Tell whether an appeal can be filed today: in time, and none is waiting for its answer."""
    in_time = last is not None and local_date(now()) <= last
    return in_time and not any(one.state == "open" for one in filed)


@blueprint.get("/results/<int:attempt_id>/appeal")
@requires("score.appeal")
def appeal_form(attempt_id: int) -> Any:
    """Ask what an appeal against one's own released result is about, and why."""
    score = _own_score(attempt_id)
    last = queries.last_appeal_day(score.released_at, score.attempt.person_id)
    if not _may_appeal(last, queries.appeals_of(attempt_id)):
        return redirect(url_for("grading.result", attempt_id=attempt_id))
    return _filing_page(score, AppealForm(formdata=None))


def _own_score(attempt_id: int) -> ScoreFacts:
    score = queries.score(attempt_id, now())
    demand("score.appeal", score.attempt.person_id)
    return score


def _filing_page(score: ScoreFacts, form: AppealForm) -> str:
    form.offer(slot.slot for slot in queries.slot_results(score.attempt.id, now()))
    last = queries.last_appeal_day(score.released_at, score.attempt.person_id)
    return render_template(
        "grading/file_appeal.html", attempt=score.attempt, score=score, last_day=last, form=form
    )


@blueprint.post("/results/<int:attempt_id>/appeal")
@requires("score.appeal")
def file_appeal(attempt_id: int) -> Any:
    """File an appeal against one's own released result."""
    score, form = _own_score(attempt_id), AppealForm()
    form.offer(slot.slot for slot in queries.slot_results(attempt_id, now()))
    if form.validate_on_submit():
        try:
            service.file_appeal(actor(), now(), AttemptId(attempt_id), form.chosen(), form.reason.data or "")
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            flash(gettext("申诉已提交，会由没有参与阅卷和发布的人来决定。"), "ok")
            return redirect(url_for("grading.result", attempt_id=attempt_id))
    return _filing_page(score, form), 422


@blueprint.get("/grading")
@requires("score.release")
def desk() -> str:
    """Show what waits: results to release, appeals to decide, changes of marks to confirm."""
    return _desk_page()


def _desk_page(errors: Sequence[str] = ()) -> str:
    at, me = now(), actor()
    waiting = [one for one in queries.waiting_release(at) if one.attempt.person_id != me]
    appeals = [one for one in queries.appeals(state="open") if one.person_id != me]
    changes = [one for one in queries.open_changes() if exams.attempt(one.attempt_id, at).person_id != me]
    near = banded_of(waiting)
    about = {one.attempt_id for one in appeals} | {AttemptId(one.attempt_id) for one in changes}
    papers = exams.attempts(about, at)
    ids = {one.attempt.person_id for one in waiting} | {one.person_id for one in appeals}
    ids |= {one.proposed_by for one in waiting if one.proposed_by}
    ids |= {PersonId(one.proposed_by) for one in changes} | {found.person_id for found in papers.values()}
    return render_template(
        "grading/desk.html",
        to_propose=[one for one in waiting if one.proposed_at is None],
        to_confirm=[one for one in waiting if one.proposed_at is not None],
        appeals=appeals,
        changes=changes,
        papers=papers,
        names=people.people(ids, local_date(at)),
        me_id=me,
        involved={one.id for one in appeals} - {one.id for one in queries.appeals_for(me)},
        today=local_date(at),
        may_change=may(me, "score.change"),
        may_decide=may(me, "appeal.decide"),
        near={one.waiting.attempt.id: one for one in near},
        bands={one.band.paper.id: one.band for one in near}.values(),
        wanted=(ACCURACY_WANTED, CONSISTENCY_WANTED, TEST_LEAST),
        rekeyings=len(proposals_for(me)) if may(me, "key.change") else 0,
        unmarked=unmarked_sittings(at),
        may_mark=may(me, "answer.mark"),
        may_rekey=may(me, "key.change"),
        errors=errors,
    )


@blueprint.post("/grading/release")
@requires("score.release")
def release() -> Any:
    """Propose the release of the chosen results, or confirm somebody else's proposal."""
    chosen = [AttemptId(value) for value in request.form.getlist("attempt", whole)]
    if not chosen:
        return _desk_page([gettext("没有选中答卷，没有改动。请先勾选。")]), 422
    for facts in exams.attempts(chosen, now()).values():
        demand("score.release", facts.person_id)
    try:
        if request.form.get("act") == "confirm":
            count = service.confirm_release(actor(), now(), chosen)
            flash(gettext("已发布%(n)s份成绩，考生会收到通知。", n=count), "ok")
        else:
            count = service.propose_release(actor(), now(), chosen)
            flash(gettext("已提出发布%(n)s份成绩，请另一个人确认。", n=count), "warn")
    except DomainError as error:
        return _desk_page([told(error)]), 422
    return redirect(url_for("grading.desk"))


@blueprint.get("/appeals/<int:appeal_id>")
@requires("appeal.decide")
def appeal(appeal_id: int) -> str:
    """Show an appeal with its evidence: the marking, the timeline, who was involved."""
    return _appeal_page(_others_appeal(appeal_id))


def _others_appeal(appeal_id: int) -> AppealFacts:
    facts = queries.appeal(appeal_id)
    demand("appeal.decide", facts.person_id)
    return facts


def _appeal_page(
    facts: AppealFacts, decision: DecisionForm | None = None, change: ChangeForm | None = None
) -> str:
    at = now()
    slots = queries.marked_slots(facts.attempt_id)
    decision, change = decision or DecisionForm(formdata=None), change or _change_form(facts)
    decision.offer()
    change.offer((slot.slot, slot.of) for slot in slots)
    return render_template(
        "grading/appeal.html",
        appeal=facts,
        attempt=exams.attempt(facts.attempt_id, at),
        slots=slots,
        moments=exams.timeline(facts.attempt_id),
        markings=queries.markings(facts.attempt_id),
        changes=queries.open_changes(facts.attempt_id),
        names=_names(facts),
        involved=actor() in queries.involved(facts.attempt_id),
        me_id=actor(),
        may_change=may(actor(), "score.change", facts.person_id),
        may_rekey=may(actor(), "key.change"),
        decision_form=decision,
        change_form=change,
        today=local_date(at),
    )


def _change_form(facts: AppealFacts) -> ChangeForm:
    return ChangeForm(formdata=None, data={"slot": str(facts.slot) if facts.slot else None})


def _names(facts: AppealFacts) -> dict[PersonId, PersonFacts]:
    ids = {facts.person_id, *(PersonId(one.proposed_by) for one in queries.open_changes(facts.attempt_id))}
    if facts.decided_by:
        ids.add(facts.decided_by)
    return people.people(ids, local_date(now()))


@blueprint.post("/appeals/<int:appeal_id>/decide")
@requires("appeal.decide")
def decide_appeal(appeal_id: int) -> Any:
    """Decide an appeal, with words the candidate will read."""
    facts = _others_appeal(appeal_id)
    form = DecisionForm()
    form.offer()
    if form.validate_on_submit():
        try:
            upheld = form.upheld.data == "yes"
            service.decide_appeal(actor(), now(), appeal_id, upheld=upheld, decision=form.decision.data or "")
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            flash(gettext("申诉已答复，考生会收到通知。"), "ok")
            return redirect(url_for("grading.appeal", appeal_id=appeal_id))
    return _appeal_page(facts, decision=form), 422


@blueprint.post("/appeals/<int:appeal_id>/change")
@requires("score.change")
def propose_change(appeal_id: int) -> Any:
    """Propose another mark for a question; another person must confirm it."""
    facts = queries.appeal(appeal_id)
    demand("score.change", facts.person_id)
    form = ChangeForm()
    form.offer((slot.slot, slot.of) for slot in queries.marked_slots(facts.attempt_id))
    if form.validate_on_submit():
        try:
            service.propose_change(
                actor(),
                now(),
                facts.attempt_id,
                int(form.slot.data),
                form.earned.data or Decimal(0),
                form.reason.data or "",
                appeal_id,
            )
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            flash(gettext("已提出改分，另一个人确认后才生效。"), "warn")
            return redirect(url_for("grading.appeal", appeal_id=appeal_id))
    return _appeal_page(facts, change=form), 422


@blueprint.post("/mark-changes/<int:change_id>")
@requires("score.change")
def decide_change(change_id: int) -> Any:
    """Confirm somebody else's proposal of a mark, or turn it down."""
    change = queries.change(change_id)
    demand("score.change", exams.attempt(change.attempt_id, now()).person_id)
    if request.form.get("agreed") == "1":
        service.confirm_change(actor(), now(), change_id)
        flash(gettext("改分已生效，原来的成绩仍然留底。"), "ok")
    else:
        service.refuse_change(actor(), now(), change_id)
        flash(gettext("改分已退回，成绩没有变。"), "ok")
    return redirect(url_for("grading.desk"))
