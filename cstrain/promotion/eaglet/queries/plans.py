"""Plans, their rounds, approvals and events; the departments of the places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.promotion.eaglet import models, rules, store
from cstrain.promotion.eaglet.facts import AGAIN, Approval, Event, Notice, Phase, Plan
from cstrain.promotion.eaglet.policy import EagletRules

_A_PAGE = 20
_OF_ROUND = {"screened", "opened", "grouped"}


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One page of plans, the newest first."""

    rows: tuple[Plan, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """The department of a place, and the platform it serves."""

    place: str
    department: DepartmentId
    department_name: str
    platform: str


def plan(plan_id: int, today: date) -> Plan:
    """Return a plan as it stands on a day; raises ``NotFoundError``."""
    return _facts([store.plan_row(plan_id)], today)[0]


def plans(today: date, page: int = 1) -> PlanPage:
    """Return a page of all plans."""
    total = session().scalar(sa.select(sa.func.count()).select_from(models.EagletPlan)) or 0
    pages = max(1, -(-total // _A_PAGE))
    at = min(max(page, 1), pages)
    statement = sa.select(models.EagletPlan).order_by(models.EagletPlan.id.desc())
    rows = list(session().scalars(statement.limit(_A_PAGE).offset((at - 1) * _A_PAGE)))
    return PlanPage(tuple(_facts(rows, today)), at, pages, total)


def unfinished(today: date) -> list[Plan]:
    """Return the plans that go on, the oldest first."""
    event = models.EagletEvent
    over = sa.select(event.plan_id).where(event.kind.in_(("ended", "closed")))
    statement = sa.select(models.EagletPlan).where(models.EagletPlan.id.not_in(over))
    found = _facts(list(session().scalars(statement.order_by(models.EagletPlan.id))), today)
    return [one for one in found if one.phase is not Phase.REFUSED]


def _facts(rows: Sequence[models.EagletPlan], today: date) -> list[Plan]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    approvals: dict[int, list[Approval]] = {}
    approval = models.EagletApproval
    for one in session().scalars(sa.select(approval).where(approval.plan_id.in_(ids)).order_by(approval.id)):
        said = Approval(one.office, PersonId(one.by_id), one.agreed, one.text, one.at)
        approvals.setdefault(one.plan_id, []).append(said)
    notices: dict[int, list[Notice]] = {}
    table = models.EagletNotice
    for each in session().scalars(sa.select(table).where(table.plan_id.in_(ids)).order_by(table.number)):
        notices.setdefault(each.plan_id, []).append(_notice(each))
    happened: dict[int, list[models.EagletEvent]] = {}
    event = models.EagletEvent
    kinds = (*_OF_ROUND, "closed", "ended")
    for done in session().scalars(
        sa.select(event).where(event.plan_id.in_(ids), event.kind.in_(kinds)).order_by(event.id)
    ):
        happened.setdefault(done.plan_id, []).append(done)
    return [
        _plan(row, approvals.get(row.id, []), notices.get(row.id, []), happened.get(row.id, []), today)
        for row in rows
    ]


def _plan(
    row: models.EagletPlan,
    approvals: Sequence[Approval],
    notices: Sequence[Notice],
    events: Sequence[models.EagletEvent],
    today: date,
) -> Plan:
    chapter = EagletRules.model_validate(row.rules)
    last = notices[-1] if notices else None
    mine = [one for one in events if one.kind not in _OF_ROUND or (last and one.detail["notice"] == last.id)]
    grouped = next((one for one in mine if one.kind == "grouped"), None)
    words: dict[str, str] = grouped.detail["unfilled"] if grouped is not None else {}
    left: dict[str, int] = grouped.detail["left"] if grouped is not None else {}
    said = {one.office: one.agreed for one in approvals}
    phase = rules.phase_of(chapter.approvals, said, last, {one.kind for one in mine}, words, today)
    return Plan(
        row.id,
        row.title,
        row.reason,
        chapter,
        PersonId(row.proposed_by),
        row.proposed_at,
        tuple(approvals),
        tuple(notices),
        {place: number for place, number in left.items() if words.get(place) == AGAIN},
        phase,
    )


def _notice(row: models.EagletNotice) -> Notice:
    return Notice(
        row.id,
        row.number,
        row.text,
        dict(row.places),
        row.opens_on,
        row.closes_on,
        row.screen_by,
        row.interview_from,
        row.interview_to,
        PersonId(row.published_by),
        row.published_at,
    )


def events_of(plan_id: int, *kinds: str) -> list[Event]:
    """Return what happened in a plan, in order; of ``kinds`` where any are named."""
    event = models.EagletEvent
    statement = sa.select(event).where(event.plan_id == plan_id).order_by(event.id)
    if kinds:
        statement = statement.where(event.kind.in_(kinds))
    return [event_facts(row) for row in session().scalars(statement)]


def event_facts(row: models.EagletEvent) -> Event:
    """Return the facts of an event's row."""
    about = PersonId(row.about_id) if row.about_id is not None else None
    return Event(row.kind, PersonId(row.by_id), row.at, row.application_id, about, row.detail, row.once)


def places() -> dict[str, PlaceFacts]:
    """Return by place the department that takes it now; what nobody has set is left out."""
    names = {one.id: one.name for one in people.departments()}
    table = models.EagletDepartment
    return {
        row.place: PlaceFacts(
            row.place, DepartmentId(row.department_id), names[DepartmentId(row.department_id)], row.platform
        )
        for row in session().scalars(sa.select(table).order_by(table.id))
    }


def place_of(person: PersonFacts, chapter: EagletRules) -> PlaceFacts | None:
    """Return the place somebody may apply for: that of their department or the nearest above it."""
    known = {one.department: one for one in places().values() if one.place in _names(chapter)}
    return next((known[one] for one in people.upwards(person.department_id) if one in known), None)


def _names(chapter: EagletRules) -> set[str]:
    return {one.id for one in chapter.places}
