"""Reading register entries for pages: one, lists by filter; withdrawn ones are shown as such."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.performance.discipline.facts import Kind, RegisterFacts, Severity, Withdrawal
from cstrain.performance.discipline.models import RegisterEntry
from cstrain.performance.discipline.policy import PAGE_SIZE
from cstrain.performance.discipline.store import MISSING


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page of a list: what is on it, how many there are, which page of how many."""

    rows: tuple[RegisterFacts, ...]
    total: int
    page: int
    pages: int


_Back = aliased(RegisterEntry)
_ROWS = (
    sa.select(RegisterEntry, _Back)
    .outerjoin(_Back, _Back.withdraws_id == RegisterEntry.id)
    .where(RegisterEntry.withdraws_id.is_(None))
)


def register_entry(entry_id: int) -> RegisterFacts:
    """Return one entry; raises ``NotFoundError`` (also for the number of a withdrawal)."""
    row = session().execute(_ROWS.where(RegisterEntry.id == entry_id)).one_or_none()
    if row is None:
        raise NotFoundError(MISSING)
    return _facts(*row)


def entries_about(person: PersonId, since: date) -> list[RegisterFacts]:
    """Return the entries about somebody from a day on, newest first; of a conflict both sides have it."""
    wanted = _ROWS.where(_about([person]), RegisterEntry.day >= since)
    ordered = wanted.order_by(RegisterEntry.day.desc(), RegisterEntry.id.desc())
    return [_facts(*row) for row in session().execute(ordered)]


def _about(people: Collection[PersonId]) -> ColumnElement[bool]:
    other = (RegisterEntry.kind == Kind.CONFLICT) & RegisterEntry.other_id.in_(people)
    return RegisterEntry.person_id.in_(people) | other


def register_page(
    people: Collection[PersonId] | None,
    kind: Kind | None,
    page: int,
    *,
    major: bool = False,
    without: PersonId | None = None,
    size: int = PAGE_SIZE,
) -> RegisterPage:
    """Return a page of the list, newest day first; two statements.

    ``major``: only major complaints. ``without``: what concerns this person is left out.
    """
    conditions: list[ColumnElement[bool]] = [_about(people)] if people is not None else []
    if kind is not None:
        conditions.append(RegisterEntry.kind == kind)
    if major:
        conditions.append(RegisterEntry.major.is_(True))
    if without is not None:
        conditions.append(RegisterEntry.person_id != without)
        conditions.append(RegisterEntry.other_id.is_(None) | (RegisterEntry.other_id != without))
    conditions.append(RegisterEntry.withdraws_id.is_(None))
    count = sa.select(sa.func.count(RegisterEntry.id)).where(*conditions)
    total = session().scalar(count) or 0
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    ordered = _ROWS.where(*conditions).order_by(RegisterEntry.day.desc(), RegisterEntry.id.desc())
    rows = session().execute(ordered.limit(size).offset((page - 1) * size))
    return RegisterPage(tuple(_facts(*row) for row in rows), total, page, pages)


def _facts(row: RegisterEntry, back: RegisterEntry | None) -> RegisterFacts:
    taken = Withdrawal(back.id, PersonId(back.entered_by), back.entered_at, back.evidence) if back else None
    return RegisterFacts(
        id=row.id,
        person=PersonId(row.person_id),
        other=PersonId(row.other_id) if row.other_id is not None else None,
        kind=Kind(row.kind),
        day=row.day,
        text=row.text,
        evidence=row.evidence,
        severity=Severity(row.severity) if row.severity is not None else None,
        vip=row.vip,
        major=row.major,
        entered_by=PersonId(row.entered_by),
        entered_at=row.entered_at,
        withdrawal=taken,
    )
