"""Cycles and who is reviewed in them, with counts only: who has answered about whom is never told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, cast

import sqlalchemy as sa

from cstrain.access import granted_by, scopes_of
from cstrain.extensions import session
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.people.policy import HEAD_ROLES
from cstrain.performance.reviews.facts import CustomersSaid, CycleFacts, SubjectFacts
from cstrain.performance.reviews.models import (
    ReviewBallot,
    ReviewCustomers,
    ReviewCycle,
    ReviewEvent,
    ReviewForm,
    ReviewPeer,
    ReviewSubject,
)
from cstrain.performance.reviews.policy import MANAGER, SELF, ReviewRules, Way
from cstrain.performance.reviews.store import cycle_row, subject_row

_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class CyclePage:
    """One page of cycles, the newest first."""

    rows: tuple[CycleFacts, ...]
    page: int
    pages: int
    total: int


# cycles


def cycle(cycle_id: int) -> CycleFacts:
    """Return a cycle as it stands; raises ``NotFoundError``."""
    return _cycles([cycle_row(cycle_id)])[0]


def cycles(places: Collection[int] | None, page: int = 1) -> CyclePage:
    """Return a page of the cycles of these departments (``None``: all)."""
    where = [] if places is None else [ReviewCycle.department_id.in_(places)]
    total = session().scalar(sa.select(sa.func.count(ReviewCycle.id)).where(*where)) or 0
    pages = max(1, -(-total // _A_PAGE))
    at = min(max(page, 1), pages)
    statement = sa.select(ReviewCycle).where(*where)
    statement = statement.order_by(ReviewCycle.month.desc(), ReviewCycle.id.desc())
    rows = list(session().scalars(statement.limit(_A_PAGE).offset((at - 1) * _A_PAGE)))
    return CyclePage(tuple(_cycles(rows)), at, pages, total)


def open_cycles() -> list[CycleFacts]:
    """Return the cycles that nobody has closed, the oldest first."""
    closed = sa.select(ReviewEvent.cycle_id).where(ReviewEvent.kind == "closed")
    statement = sa.select(ReviewCycle).where(ReviewCycle.id.not_in(closed)).order_by(ReviewCycle.id)
    return _cycles(list(session().scalars(statement)))


def latest_cycle(department_id: int, month: date) -> CycleFacts | None:
    """Return a department's cycle of a month, if one was opened."""
    row = session().scalar(
        sa.select(ReviewCycle).where(ReviewCycle.department_id == department_id, ReviewCycle.month == month)
    )
    return _cycles([row])[0] if row is not None else None


def cycles_by_id(ids: Collection[int]) -> dict[int, CycleFacts]:
    """Return cycles by id."""
    rows = list(session().scalars(sa.select(ReviewCycle).where(ReviewCycle.id.in_(ids)))) if ids else []
    return {one.id: one for one in _cycles(rows)}


def _cycles(rows: Sequence[ReviewCycle]) -> list[CycleFacts]:
    if not rows:
        return []
    names = {place.id: place.name for place in people.departments()}
    event = ReviewEvent
    happened = list(
        session().scalars(
            sa.select(event).where(event.cycle_id.in_([row.id for row in rows])).order_by(event.id)
        )
    )
    return [_cycle(row, [one for one in happened if one.cycle_id == row.id], names) for row in rows]


def _cycle(row: ReviewCycle, events: Sequence[ReviewEvent], names: dict[DepartmentId, str]) -> CycleFacts:
    later = [date.fromisoformat(one.detail["closes_on"]) for one in events if one.kind == "extended"]
    closed = next((one for one in events if one.kind == "closed"), None)
    place = DepartmentId(row.department_id)
    return CycleFacts(
        row.id,
        place,
        names[place],
        row.month,
        row.opens_on,
        later[-1] if later else row.closes_on,
        cast(Way, row.way),
        row.customers,
        row.seed,
        ReviewRules.model_validate(row.rules),
        PersonId(row.opened_by),
        row.opened_at,
        PersonId(closed.by_id) if closed else None,
        closed.at if closed else None,
    )


# which departments somebody sees, or may open a cycle for


def visible(person: PersonId, today: date, permission: str = "review.view") -> frozenset[DepartmentId] | None:
    """Return the departments for which somebody holds a permission; ``None``: all of them."""
    scopes = scopes_of(person, permission)
    if scopes & {"all", "others"}:
        return None
    if "my_department" not in scopes:
        return frozenset()
    roles = granted_by(person, permission, "my_department") & frozenset(HEAD_ROLES)
    headed = people.department_ids_headed(person, today, roles)
    return frozenset(place for one in headed for place in people.subtree(one))


def may_open(person: PersonId, department_id: int, today: date) -> bool:
    """Tell whether somebody may open and close the cycles of a department."""
    places = visible(person, today, "review.open")
    return places is None or department_id in places


def departments_for(person: PersonId, today: date) -> list[tuple[int, str]]:
    """Return the departments somebody may open a cycle for, with people in them, by code."""
    places = visible(person, today, "review.open")
    staffed = people.staff_by_department(today)
    return [
        (one.id, one.name)
        for one in people.departments(active_only=True)
        if staffed.get(one.id) and (places is None or one.id in places)
    ]


# who is reviewed


def subject(subject_id: int) -> SubjectFacts:
    """Return a reviewed person; raises ``NotFoundError``."""
    return _subjects([subject_row(subject_id)])[0]


def find_subject(cycle_id: int, person: PersonId) -> SubjectFacts | None:
    """Return somebody's part in a cycle, if they are reviewed in it."""
    table = ReviewSubject
    row = session().scalar(sa.select(table).where(table.cycle_id == cycle_id, table.person_id == person))
    return _subjects([row])[0] if row is not None else None


def subjects_of(cycle_ids: Collection[int]) -> list[SubjectFacts]:
    """Return who is reviewed in these cycles, in a fixed number of statements."""
    table = ReviewSubject
    rows = session().scalars(sa.select(table).where(table.cycle_id.in_(cycle_ids)).order_by(table.id))
    return _subjects(list(rows))


def _subjects(rows: Sequence[ReviewSubject]) -> list[SubjectFacts]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    forms = {
        (one, view)
        for one, view in session().execute(
            sa.select(ReviewForm.subject_id, ReviewForm.view).where(ReviewForm.subject_id.in_(ids))
        )
    }
    asked, answered, entered = (
        _numbers(ReviewPeer, ids),
        _numbers(ReviewBallot, ids),
        _numbers(ReviewCustomers, ids),
    )
    return [
        SubjectFacts(
            row.id,
            row.cycle_id,
            PersonId(row.person_id),
            PersonId(row.manager_id) if row.manager_id is not None else None,
            (row.id, SELF) in forms,
            (row.id, MANAGER) in forms,
            asked.get(row.id, 0),
            answered.get(row.id, 0),
            row.id in entered,
        )
        for row in rows
    ]


def _numbers(table: Any, ids: Collection[int]) -> dict[int, int]:
    statement = sa.select(table.subject_id, sa.func.count()).where(table.subject_id.in_(ids))
    rows = session().execute(statement.group_by(table.subject_id))
    return {int(one): int(n) for one, n in rows}


def customers_entries(subject_id: int) -> list[tuple[CustomersSaid, PersonId, datetime]]:
    """Return what HR entered of customers about somebody, with who and when, the newest first."""
    table = ReviewCustomers
    rows = session().scalars(sa.select(table).where(table.subject_id == subject_id).order_by(table.id.desc()))
    return [(said_by(row), PersonId(row.entered_by), row.entered_at) for row in rows]


def said_by(row: ReviewCustomers) -> CustomersSaid:
    """Return what an entry says: satisfied answers in per cent of all, and complaints."""
    return CustomersSaid(Fraction(row.satisfied * 100, row.answers), row.complaints, row.major, row.source)
