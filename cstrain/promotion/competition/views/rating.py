"""Starting the rating, the sheets, the colleagues' answers, the calculation."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.promotion.competition import queries, service, store
from cstrain.promotion.competition.facts import Candidate, Competition, Phase
from cstrain.promotion.competition.forms import (
    RecuseForm,
    StartForm,
    answers_of,
    colleague_form,
    ids_of,
    one_of_several,
)
from cstrain.promotion.competition.policy import RATES, SHEETS
from cstrain.promotion.competition.views.common import back, blueprint, persons, today
from cstrain.promotion.competition.views.pages import page_of
from cstrain.ui.forms import LiveForm, live_form
from cstrain.ui.refusal import attempt, told


def _start_page(competition_id: int, form: StartForm) -> str:
    one = queries.competition(competition_id, today())
    candidates = queries.passed(one.id)
    able = queries.able_to_interview(one, candidates, today())
    form.offer((each.id, f"{each.name}（{each.department_name}，{each.post}）") for each in able)
    colleagues = queries.voters(one, candidates, [], today())
    names = persons(each.person for each in candidates)
    return render_template(
        "competition/start.html",
        one=one,
        form=form,
        candidates=candidates,
        who=[names[each.person].name for each in candidates],
        colleagues=len(colleagues),
    )


@blueprint.get("/<int:competition_id>/start")
@requires("competition.manage")
def start_form(competition_id: int) -> str:
    """Show whom the panel may be chosen from."""
    return _start_page(competition_id, StartForm())


@blueprint.post("/<int:competition_id>/start")
@requires("competition.manage")
def start(competition_id: int) -> Any:
    """Appoint the panel and begin the rating."""
    form = StartForm()
    one = queries.competition(competition_id, today())
    able = queries.able_to_interview(one, queries.passed(one.id), today())
    form.offer((each.id, each.name) for each in able)
    panel = [PersonId(each) for each in ids_of(form.interviewers)]
    if form.validate_on_submit() and attempt(
        form, lambda: service.start(actor(), now(), competition_id, panel)
    ):
        flash(gettext("评分已开始，面试官和同事会收到通知。"), "ok")
        return back(competition_id)
    return _start_page(competition_id, form), 422


@blueprint.post("/<int:competition_id>/recuse")
@requires("competition.interview")
def recuse(competition_id: int) -> Any:
    """Take an interviewer off the panel."""
    one = queries.competition(competition_id, today())
    form = one_of_several(RecuseForm(), "recuse")
    sitting = [each.person for each in queries.panel_of(one.id) if each.recused is None]
    able = queries.able_to_take_over(one, queries.progress(one, today()), today())
    form.offer([(each, str(each)) for each in sitting], [(each.id, each.name) for each in able])
    successor = PersonId(form.successor.data) if form.successor.data else None
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.recuse(
            actor(), now(), competition_id, PersonId(form.person.data), form.reason.data or "", successor
        ),
    ):
        flash(gettext("已回避，这位面试官的评分不计入。"), "ok")
        return back(competition_id)
    return page_of(competition_id, recuse=form), 422


def _about(candidate_id: int) -> tuple[Competition, Candidate]:
    candidate = queries.candidate(candidate_id)
    one = queries.competition(candidate.competition, today())
    if one.phase is not Phase.RATING or candidate.person == actor():
        raise NotFoundError(store.MISSING)
    return one, candidate


def _to_rate(candidate_id: int, kind: str) -> tuple[Competition, Candidate]:
    """Return whom the signed-in person may hand a sheet in about now; 404 otherwise."""
    one, candidate = _about(candidate_id)
    state = queries.progress(one, today())
    if kind == "interview":
        waits = candidate in state.awaited_of(actor())
    else:
        free = kind in SHEETS and state.sheet_of(candidate_id, kind) is None
        waits = free and may(actor(), RATES[kind], candidate.person)
    if not waits:
        raise NotFoundError(store.MISSING)
    return one, candidate


def _sheet_page(one: Competition, candidate: Candidate, kind: str, form: LiveForm) -> str:
    return render_template(
        "competition/sheet.html",
        one=one,
        candidate=candidate,
        kind=kind,
        sheet=one.rules.sheet(kind),
        title=one.rules.factor(kind).title,
        form=form,
        names=persons([candidate.person]),
    )


@blueprint.get("/candidates/<int:candidate_id>/sheets/<kind>")
@requires("competition.view")
def sheet(candidate_id: int, kind: str) -> str:
    """Show the sheet to be filled about a candidate."""
    one, candidate = _to_rate(candidate_id, kind)
    return _sheet_page(one, candidate, kind, live_form(one.rules.sheet(kind).rubric))


@blueprint.post("/candidates/<int:candidate_id>/sheets/<kind>")
@requires("competition.view")
def hand_in(candidate_id: int, kind: str) -> Any:
    """Hand in and seal a sheet."""
    one, candidate = _to_rate(candidate_id, kind)
    form = live_form(one.rules.sheet(kind).rubric)
    if form.validate_on_submit() and attempt(
        form, lambda: service.hand_in(actor(), now(), candidate_id, kind, form.points(), form.said())
    ):
        flash(gettext("已交并密封。全部交齐、统分以后才会打开。"), "ok")
        return back(one.id)
    return _sheet_page(one, candidate, kind, form), 422


def _to_answer(candidate_id: int) -> tuple[Competition, Candidate]:
    one, candidate = _about(candidate_id)
    if candidate not in queries.progress(one, today()).unanswered_by(actor()):
        raise NotFoundError(store.MISSING)
    return one, candidate


def _answer_page(one: Competition, candidate: Candidate, form: Any) -> str:
    names = persons([candidate.person])
    return render_template("competition/colleague.html", one=one, candidate=candidate, form=form, names=names)


@blueprint.get("/candidates/<int:candidate_id>/colleague")
@requires("competition.answer")
def colleague(candidate_id: int) -> str:
    """Show the colleagues' sheet about a candidate."""
    one, candidate = _to_answer(candidate_id)
    return _answer_page(one, candidate, colleague_form(one.rules.colleagues))


@blueprint.post("/candidates/<int:candidate_id>/colleague")
@requires("competition.answer")
def answer(candidate_id: int) -> Any:
    """Count a colleague's answers, without the name."""
    one, candidate = _to_answer(candidate_id)
    sheet = one.rules.colleagues
    form = colleague_form(sheet)
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.answer_as_colleague(actor(), now(), candidate_id, answers_of(form, sheet)),
    ):
        flash(gettext("已匿名计入。只记下你打过分，不记你打了什么。"), "ok")
        return back(one.id)
    return _answer_page(one, candidate, form), 422


@blueprint.post("/<int:competition_id>/close-ballot")
@requires("competition.manage")
def close_ballot(competition_id: int) -> Any:
    """End the colleagues' answering."""
    return _act(competition_id, lambda: service.close_ballot(actor(), now(), competition_id))


@blueprint.post("/<int:competition_id>/calculate")
@requires("competition.manage")
def calculate(competition_id: int) -> Any:
    """Open the seals and work the ranking out."""
    return _act(competition_id, lambda: service.calculate(actor(), now(), competition_id))


def _act(competition_id: int, act: Any) -> Any:
    """Do an act of one button; a refusal is said on the page."""
    try:
        act()
    except DomainError as error:
        if error.status == NotFoundError.status:
            raise
        return page_of(competition_id, told(error)), error.status
    flash(gettext("已完成。"), "ok")
    return back(competition_id)
