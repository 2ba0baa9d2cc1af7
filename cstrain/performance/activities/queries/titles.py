"""Reading titles: the wall of a month, proposals that wait, one, a page of all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.performance.activities import store
from cstrain.performance.activities.facts import TitleFacts
from cstrain.performance.activities.models import ContestResult, TitleAward
from cstrain.performance.activities.policy import PAGE_SIZE
from cstrain.performance.discipline import queries as discipline

_ROWS = sa.select(TitleAward, ContestResult.contest_id).outerjoin(
    ContestResult, ContestResult.id == TitleAward.result_id
)


@dataclass(frozen=True, slots=True)
class TitlePage:
    """One page of a list: what is on it, how many there are, which page of how many."""

    rows: tuple[TitleFacts, ...]
    total: int
    page: int
    pages: int


def title(title_id: int) -> TitleFacts:
    """Return one title; raises ``NotFoundError``."""
    row = session().execute(_ROWS.where(TitleAward.id == title_id)).one_or_none()
    if row is None:
        raise NotFoundError(store.MISSING)
    return _facts([(row[0], row[1])])[0]


def wall(month: date) -> list[TitleFacts]:
    """Return the titles given for months that end with this one, by department and title.

    One whose register entry was withdrawn is not on the wall. Two statements.
    """
    statement = _ROWS.where(TitleAward.last_month == month, TitleAward.agreed.is_(True)).order_by(
        TitleAward.department_id, TitleAward.code, TitleAward.id
    )
    return [one for one in _every(statement) if one.standing]


def latest_month(until: date) -> date | None:
    """Return the latest month with a title up to a day; ``None`` before the first."""
    statement = sa.select(sa.func.max(TitleAward.last_month)).where(
        TitleAward.agreed.is_(True), TitleAward.last_month <= until
    )
    return session().scalar(statement)


def waiting_titles(except_for: PersonId, people: Collection[PersonId] | None) -> list[TitleFacts]:
    """Return the proposals about ``people`` (``None``: all) that wait for another, the oldest first."""
    statement = _ROWS.where(
        TitleAward.agreed.is_(None),
        TitleAward.proposed_by != except_for,
        TitleAward.person_id != except_for,
    )
    if people is not None:
        statement = statement.where(TitleAward.person_id.in_(people))
    return _every(statement.order_by(TitleAward.id))


def title_page(people: Collection[PersonId] | None, page: int, size: int = PAGE_SIZE) -> TitlePage:
    """Return a page of everything proposed or given about ``people``, newest first; three statements."""
    conditions = [TitleAward.person_id.in_(people)] if people is not None else []
    total = session().scalar(sa.select(sa.func.count(TitleAward.id)).where(*conditions)) or 0
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    ordered = _ROWS.where(*conditions).order_by(TitleAward.id.desc())
    rows = _every(ordered.limit(size).offset((page - 1) * size))
    return TitlePage(tuple(rows), total, page, pages)


def held(department_id: int, code: str, month: date) -> int:
    """Return how many of a title a department has proposed for a month and nobody refused."""
    statement = sa.select(sa.func.count(TitleAward.id)).where(
        TitleAward.department_id == department_id,
        TitleAward.code == code,
        TitleAward.last_month == month,
        TitleAward.result_id.is_(None),
        TitleAward.agreed.is_not(False),
    )
    return session().scalar(statement) or 0


def of_contest(contest_id: int) -> list[TitleFacts]:
    """Return the titles that came of a contest."""
    return _every(_ROWS.where(ContestResult.contest_id == contest_id).order_by(TitleAward.id))


def _every(statement: sa.Select[TitleAward, int]) -> list[TitleFacts]:
    return _facts([(row, contest_id) for row, contest_id in session().execute(statement)])


def _facts(rows: Sequence[tuple[TitleAward, int | None]]) -> list[TitleFacts]:
    entries = [row.entry_id for row, _contest in rows if row.entry_id is not None]
    taken = discipline.withdrawn_among(entries) if entries else frozenset()
    return [_title(row, contest_id, taken) for row, contest_id in rows]


def _title(row: TitleAward, contest_id: int | None, taken: frozenset[int]) -> TitleFacts:
    return TitleFacts(
        id=row.id,
        person=PersonId(row.person_id),
        department_id=DepartmentId(row.department_id),
        code=row.code,
        title=row.title,
        first_month=row.first_month,
        last_month=row.last_month,
        contest_id=contest_id,
        reason=row.reason,
        proposed_by=PersonId(row.proposed_by),
        proposed_at=row.proposed_at,
        answered_by=PersonId(row.answered_by) if row.answered_by is not None else None,
        answered_at=row.answered_at,
        agreed=row.agreed,
        answer=row.answer,
        entry_id=row.entry_id,
        standing=row.entry_id is not None and row.entry_id not in taken,
    )
