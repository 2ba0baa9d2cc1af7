"""What criteria and monthly records read: counts, registers, violations. A fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from cstrain.extensions import session
from cstrain.judgement.facts import RegisterRecord, Violation
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import PersonId
from cstrain.performance.discipline.facts import Kind
from cstrain.performance.discipline.models import Deduction, OpeningDeductions, RegisterEntry
from cstrain.performance.discipline.policy import KIND_WORDS
from cstrain.performance.discipline.store import kept_from
from cstrain.performance.slots import Counts
from cstrain.wording.said import Said, say

_LABEL_SIGNS = 40


def counts(people: Collection[PersonId], months: Collection[date]) -> Counts:
    """Return number and points of deductions that were not reversed, by person and month of the day it
    happened (``months``: first days).

    A month counts as kept when it began on or after the first day of the first rule set; of an earlier one
    only what was brought in as opening sums is known, and the rest is left out.
    """
    wanted = sorted(set(months))
    if not people or not wanted:
        return {}
    since = kept_from()
    found = {(one, month): (0, 0) for month in wanted if month >= since for one in people}
    parts = [_booked(people, wanted), _brought_in(people, wanted)]
    for person, month, number, points in (row for part in parts for row in part):
        had = found.get((person, month), (0, 0))
        found[person, month] = (had[0] + number, had[1] + points)
    return found


_Row = tuple[PersonId, date, int, int]


def not_reversed() -> ColumnElement[bool]:
    """Return the condition that a row of ``Deduction`` counts: an entry that no other takes back."""
    back = aliased(Deduction)
    taken = sa.select(back.id).where(back.reverses_id == Deduction.id).exists()
    return Deduction.reverses_id.is_(None) & ~taken


def _booked(people: Collection[PersonId], months: list[date]) -> Iterable[_Row]:
    year, month = sa.extract("year", Deduction.day), sa.extract("month", Deduction.day)
    statement = (
        sa.select(Deduction.person_id, year, month, sa.func.count(), sa.func.sum(Deduction.total))
        .where(
            Deduction.person_id.in_(people),
            Deduction.day.between(months[0], add_months(months[-1], 1) - timedelta(days=1)),
            not_reversed(),
        )
        .group_by(Deduction.person_id, year, month)
    )
    wanted = set(months)
    for person, in_year, in_month, number, points in session().execute(statement):
        first = date(int(in_year), int(in_month), 1)
        if first in wanted:
            yield PersonId(person), first, int(number), int(points)


def _brought_in(people: Collection[PersonId], months: list[date]) -> Iterable[_Row]:
    statement = (
        sa.select(OpeningDeductions)
        .where(OpeningDeductions.person_id.in_(people), OpeningDeductions.month.in_(months))
        .order_by(OpeningDeductions.id)
    )
    newest = {(row.person_id, row.month): row for row in session().scalars(statement)}
    for row in newest.values():
        yield PersonId(row.person_id), row.month, row.number, row.points


def standing_entries() -> ColumnElement[bool]:
    """Return the condition that a row of ``RegisterEntry`` counts: an entry that was not withdrawn."""
    back = aliased(RegisterEntry)
    taken = sa.select(back.id).where(back.withdraws_id == RegisterEntry.id).exists()
    return RegisterEntry.withdraws_id.is_(None) & ~taken


def _entries(people: Collection[PersonId], until: date, kinds: Collection[Kind]) -> list[RegisterEntry]:
    about = RegisterEntry.person_id.in_(people) | (
        (RegisterEntry.kind == Kind.CONFLICT) & RegisterEntry.other_id.in_(people)
    )
    statement = (
        sa.select(RegisterEntry)
        .where(about, RegisterEntry.day <= until, RegisterEntry.kind.in_(kinds), standing_entries())
        .order_by(RegisterEntry.day, RegisterEntry.id)
    )
    return list(session().scalars(statement))


def registers_of(people: Collection[PersonId], until: date) -> dict[PersonId, tuple[RegisterRecord, ...]]:
    """Return the register entries about each of ``people`` up to a day, oldest first, in one statement.

    Withdrawn entries are left out. A conflict stands with both sides; cover with who covered, not with the
    absent colleague. Everybody asked for is in the answer: the registers are kept, so no entry is none.
    """
    found: dict[PersonId, list[RegisterRecord]] = {one: [] for one in people}
    for row in _entries(people, until, list(Kind)) if people else ():
        record = RegisterRecord(row.kind, str(row.id), row.day, _label(row), row.major)
        for side in _sides(row):
            if side in found:
                found[side].append(record)
    return {one: tuple(records) for one, records in found.items()}


def _sides(row: RegisterEntry) -> list[PersonId]:
    other = [PersonId(row.other_id)] if row.kind == Kind.CONFLICT and row.other_id is not None else []
    return [PersonId(row.person_id), *other]


def _label(row: RegisterEntry) -> Said:
    text = row.text if len(row.text) <= _LABEL_SIGNS else f"{row.text[: _LABEL_SIGNS - 1]}…"
    kind = say(KIND_WORDS[row.kind])
    return say("%(kind)s：%(text)s", kind=say("重大%(kind)s", kind=kind) if row.major else kind, text=text)


def violations_of(people: Collection[PersonId], until: date) -> dict[PersonId, tuple[Violation, ...]]:
    """Return the violations on record of each of ``people`` up to a day, oldest first, in one statement."""
    found: dict[PersonId, list[Violation]] = {one: [] for one in people}
    for row in _entries(people, until, [Kind.VIOLATION]) if people else ():
        found[PersonId(row.person_id)].append(Violation(str(row.id), _label(row), row.day))
    return {one: tuple(records) for one, records in found.items()}
