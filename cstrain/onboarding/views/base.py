"""The blueprint of onboarding, and what its views share."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint

from cstrain.access import actor, demand, may, relations, scopes_of
from cstrain.exams import queries as exams
from cstrain.exams.facts import SittingFacts
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.onboarding import queries
from cstrain.onboarding.facts import DayFacts, EnrolmentFacts, Timeline, subjects_of
from cstrain.onboarding.store import MISSING
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.people.service import log_view
from cstrain.unit_of_work import unit_of_work

blueprint = Blueprint("onboarding", __name__)


def names_of(ids: Iterable[PersonId | None]) -> dict[PersonId, str]:
    """Return the names of people by id."""
    wanted = {one for one in ids if one is not None}
    return {one: facts.name for one, facts in people.people(wanted, local_date(now())).items()}


def own_enrolment() -> EnrolmentFacts:
    """Return the signed-in trainee's enrolment (open, else the last); 404 without one."""
    found = queries.latest_enrolment_of(actor())
    if found is None:
        raise NotFoundError(MISSING)
    return found


def visible_enrolment(enrolment_id: int, permission: str = "enrolment.view") -> EnrolmentFacts:
    """Return an enrolment the reader holds ``permission`` for; a foreign one and a missing one are 404."""
    found = queries.enrolment(enrolment_id)
    demand(permission, found.person)
    return found


def seen_timeline(enrolment_id: int) -> tuple[Timeline, PersonFacts]:
    """Return a timeline the reader may see, with whose it is; looking at somebody else's is noted."""
    facts = visible_enrolment(enrolment_id)
    line = queries.timeline(enrolment_id, now())
    person = people.get_person(facts.person, local_date(now()))
    if actor() != facts.person:
        with unit_of_work():
            log_view(actor(), facts.person, "onboarding.enrolment", now())
    return line, person


def day_of(line: Timeline, number: int) -> DayFacts:
    """Return a day of a timeline; 404 without such a day."""
    found = line.day(number)
    if found is None:
        raise NotFoundError(MISSING)
    return found


def sittings_by_paper(line: Timeline, number: int) -> dict[str, SittingFacts]:
    """Return the newest sitting of each exam paper of a day that was not cancelled."""
    subjects = subjects_of(line.enrolment, number)
    mine = [
        one
        for one in exams.sittings_of(line.enrolment.person, kinds=("exam", "conversion"))
        if one.subject in subjects
    ]
    return {one.paper.ref: one for one in reversed(mine)}


def unpublished_years(line: Timeline) -> list[int]:
    """Return the years of a plan whose holidays are not known yet: weekends alone were used there."""
    calendar = people.work_plan(line.enrolment.person).calendar
    return sorted({day.on_day.year for day in line.days if not calendar.is_published(day.on_day)})


def may_enter_sheet(line: Timeline, number: int) -> bool:
    """Tell whether the reader may enter score sheets of a day: a guide only on the days they guide."""
    reader, person = actor(), line.enrolment.person
    if not may(reader, "sheet.enter", person):
        return False
    day = line.day(number)
    if day is not None and day.guide == reader:
        return True
    wider = scopes_of(reader, "sheet.enter") - {"my_guided"}
    return any(relations.get(scope)(reader, person) for scope in wider)


def rights(person: PersonId) -> dict[str, bool]:
    """Return what the signed-in person may do with somebody's enrolment."""
    names = {
        "manage": "enrolment.manage",
        "mentor": "mentor.assign",
        "gate": "gate.decide",
        "sign": "day.sign",
        "see": "day.see",
    }
    found = {key: may(actor(), permission, person) for key, permission in names.items()}
    found["exam"] = may(actor(), "sitting.arrange") and actor() != person
    return found
