"""Reading deductions with what was said against them: one, lists by filter, what waits for a decision."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from cstrain.extensions import local_date, session
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.discipline.facts import ContestFacts, DeductionFacts, ReversalFacts, Standing
from cstrain.performance.discipline.models import Deduction, DeductionContest
from cstrain.performance.discipline.policy import PAGE_SIZE
from cstrain.performance.discipline.queries.evidence import not_reversed
from cstrain.performance.discipline.store import MISSING, edition


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows. ``people`` ``None``: everybody; ``month``: its first day; ``rule``: set:code."""

    people: Collection[PersonId] | None = None
    month: date | None = None
    rule: str = ""
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class DeductionPage:
    """One page of a list: what is on it, how many entries and points count in all, which page of how many."""

    rows: tuple[DeductionFacts, ...]
    total: int
    counting: int
    points: int
    page: int
    pages: int


_Back = aliased(Deduction)
_ROWS = (
    sa.select(Deduction, DeductionContest, _Back)
    .outerjoin(DeductionContest, DeductionContest.deduction_id == Deduction.id)
    .outerjoin(_Back, _Back.reverses_id == Deduction.id)
    .where(Deduction.reverses_id.is_(None))
)
_COUNTING = (sa.func.count(Deduction.id), sa.func.coalesce(sa.func.sum(Deduction.total), 0))


def deduction(deduction_id: int) -> DeductionFacts:
    """Return one deduction; raises ``NotFoundError`` (also for the number of a reversal)."""
    row = session().execute(_ROWS.where(Deduction.id == deduction_id)).one_or_none()
    if row is None:
        raise NotFoundError(MISSING)
    return _facts(*row)


def deductions_about(person: PersonId, since: date) -> list[DeductionFacts]:
    """Return somebody's deductions from a day on, newest first, reversed ones included."""
    wanted = _ROWS.where(Deduction.person_id == person, Deduction.day >= since)
    return _every(wanted.order_by(Deduction.day.desc(), Deduction.id.desc()))


def deduction_page(wanted: Wanted, page: int, size: int = PAGE_SIZE) -> DeductionPage:
    """Return a page of the list, newest day first; three statements."""
    conditions = _conditions(wanted)
    total = int(session().scalar(_count(sa.func.count(Deduction.id), conditions)) or 0)
    counting, points = session().execute(_count(_COUNTING, [*conditions, not_reversed()])).one()
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    ordered = _ROWS.where(*conditions).order_by(Deduction.day.desc(), Deduction.id.desc())
    rows = _every(ordered.limit(size).offset((page - 1) * size))
    return DeductionPage(tuple(rows), total, int(counting), int(points), page, pages)


def _count(what: Any, conditions: Iterable[ColumnElement[bool]]) -> sa.Select[Any]:
    """Return what is worked out over a list: a column, or several."""
    return (
        sa.select(*(what if isinstance(what, tuple) else (what,)))
        .select_from(Deduction)
        .outerjoin(DeductionContest, DeductionContest.deduction_id == Deduction.id)
        .where(Deduction.reverses_id.is_(None), *conditions)
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.people is not None:
        found.append(Deduction.person_id.in_(wanted.people))
    if wanted.month is not None:
        last = add_months(wanted.month, 1) - timedelta(days=1)
        found.append(Deduction.day.between(wanted.month, last))
    if wanted.rule:
        ref, _, code = wanted.rule.partition(":")
        found += [Deduction.rule_set == ref, Deduction.code == code]
    if wanted.standing is not None:
        found.append(_stands(wanted.standing))
    return found


def _stands(standing: Standing) -> ColumnElement[bool]:
    counts = not_reversed()
    return {
        Standing.REVERSED: ~counts,
        Standing.COUNTS: counts & DeductionContest.id.is_(None),
        Standing.CONTESTED: counts & DeductionContest.id.is_not(None) & DeductionContest.decided_at.is_(None),
        Standing.UPHELD: counts & DeductionContest.decided_at.is_not(None),
    }[standing]


def contested(people: Collection[PersonId] | None, except_for: PersonId) -> list[DeductionFacts]:
    """Return the contests that wait for a decision, the oldest first, among ``people`` (``None``: all).

    What ``except_for`` booked, and what is about them, is for others.
    """
    conditions = _conditions(Wanted(people, standing=Standing.CONTESTED))
    conditions += [Deduction.booked_by != except_for, Deduction.person_id != except_for]
    return _every(_ROWS.where(*conditions).order_by(DeductionContest.filed_at, DeductionContest.id))


@dataclass(frozen=True, slots=True)
class WaitingContest:
    """A contest without a decision, and the last working day for one (by its rule set's edition)."""

    deduction: DeductionFacts
    until: date


def contested_until() -> list[WaitingContest]:
    """Return every contest that waits, with its last day; those of an edition nobody knows are left out."""
    found = []
    for one in _every(_ROWS.where(*_conditions(Wanted(standing=Standing.CONTESTED)))):
        chapter = edition(one.rule_set, one.edition)
        if chapter is not None and one.contest is not None:
            filed = local_date(one.contest.filed_at)
            until = people.work_calendar(one.person).nth_working_day_after(filed, chapter.decide_days)
            found.append(WaitingContest(one, until))
    return found


def _every(statement: sa.Select[Deduction, DeductionContest, Deduction]) -> list[DeductionFacts]:
    return [_facts(*row) for row in session().execute(statement)]


def _facts(row: Deduction, contest: DeductionContest | None, back: Deduction | None) -> DeductionFacts:
    return DeductionFacts(
        id=row.id,
        person=PersonId(row.person_id),
        day=row.day,
        rule_set=row.rule_set,
        edition=row.edition,
        code=row.code,
        rule_text=row.rule_text,
        points=row.points,
        times=row.times,
        times_code=row.times_code,
        total=row.total,
        set_aside=tuple(row.set_aside),
        evidence=row.evidence,
        booked_by=PersonId(row.booked_by),
        booked_at=row.booked_at,
        contest_until=row.contest_until or row.day,
        contest=_contest(contest),
        reversal=_reversal(back),
    )


def _reversal(row: Deduction | None) -> ReversalFacts | None:
    if row is None:
        return None
    return ReversalFacts(row.id, PersonId(row.booked_by), row.booked_at, row.evidence)


def _contest(row: DeductionContest | None) -> ContestFacts | None:
    if row is None:
        return None
    by = PersonId(row.decided_by) if row.decided_by is not None else None
    return ContestFacts(row.id, row.says, row.filed_at, by, row.decided_at, row.upheld, row.answer)
