"""The papers of moves as PDF: requests, decisions and notices of successions, appointments."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response

from cstrain.access import actor, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.promotion.moves import documents, store
from cstrain.promotion.moves.facts import Choice, SuccessionFacts
from cstrain.promotion.moves.policy import MovesRules
from cstrain.promotion.moves.views.common import blueprint, persons, successions
from cstrain.promotion.moves.views.pages import seen
from cstrain.promotion.moves.views.succeeding import held, manages
from cstrain.unit_of_work import unit_of_work


def _file(template: str, data: Any, filename: str) -> Response:
    name = quote(f"{filename}-{data['number']}.pdf")
    headers = {"Content-Disposition": f"inline; filename=\"document.pdf\"; filename*=UTF-8''{name}"}
    return Response(documents.pdf(template, data), mimetype="application/pdf", headers=headers)


@blueprint.get("/<int:case_id>/form.pdf")
@requires("move.view_own")
def form_paper(case_id: int) -> Response:
    """Give the form 越级申请表 or 调岗申请表 to who may see the case; who looked at somebody's is noted."""
    case, _eyes, _home = seen(case_id)
    if case.kind not in documents.TITLES:
        raise NotFoundError(store.MISSING)
    answered = case.appeal.decided_by if case.appeal is not None else None
    names = persons([case.person, case.opened_by, answered, *(one.by for one in case.acts)])
    person = people.get_person(case.person, local_date(case.opened_at))
    place = people.department(case.department).name if case.department is not None else ""
    data = documents.form_data(case, person, names, place)
    with unit_of_work():
        people_service.log_view(actor(), case.person, "move.form", now())
    return _file(documents.FORM, data, documents.TITLES[case.kind])


def _choice(succession_id: int, choice_id: int) -> tuple[SuccessionFacts, Choice, bool]:
    """Return a choice of a succession the reader may see, and whether they manage it; 404 for others."""
    one, eyes = held(succession_id)
    found = next((each for each in one.choices if each.id == choice_id), None)
    if found is None:
        raise NotFoundError(store.MISSING)
    return one, found, manages(eyes, one)


def _rules(one: SuccessionFacts) -> MovesRules:
    return store.chapter(local_date(one.opened_at))


@successions.get("/<int:succession_id>/choices/<int:choice_id>/decision.pdf")
@requires("move.view_own")
def decision_paper(succession_id: int, choice_id: int) -> Response:
    """Give the decision 主管接任决定表 with its ranking, to who manages the succession."""
    one, choice, mine = _choice(succession_id, choice_id)
    if not mine or actor() == choice.person:
        raise NotFoundError(store.MISSING)
    ids = [one.predecessor, choice.person, choice.proposed_by, choice.answered_by]
    names = persons([*ids, *(each.senior.person for each in choice.ranking)])
    data = documents.decision_data(one, choice, _rules(one), names)
    return _file(documents.DECISION, data, "主管接任决定表")


@successions.get("/<int:succession_id>/choices/<int:choice_id>/notice.pdf")
@requires("move.view_own")
def notice_paper(succession_id: int, choice_id: int) -> Response:
    """Give the public notice 公示 of a successor, to everybody once it is up."""
    one, choice, _mine = _choice(succession_id, choice_id)
    if choice.first_day is None:
        raise NotFoundError(store.MISSING)
    person = people.get_person(choice.person, choice.first_day)
    data = documents.notice_data(one, choice, _rules(one), person)
    return _file(documents.NOTICE, data, "主管接任公示")


@successions.get("/<int:succession_id>/choices/<int:choice_id>/appointment.pdf")
@requires("move.view_own")
def appointment_paper(succession_id: int, choice_id: int) -> Response:
    """Give the appointment 任命通知 of a successor, to everybody once the notice closed clean."""
    one, choice, _mine = _choice(succession_id, choice_id)
    if choice.outcome != "appointed" or choice.first_day is None:
        raise NotFoundError(store.MISSING)
    person = people.get_person(choice.person, choice.first_day)
    data = documents.appointment_data(one, choice, _rules(one), person)
    return _file(documents.APPOINTMENT, data, "任命通知")
