"""Reading results that were entered by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.exams.facts import PaperFacts
from cstrain.extensions import session
from cstrain.grading.credentials.facts import OutsideFacts
from cstrain.grading.credentials.models import OutsideResult
from cstrain.grading.credentials.store import MISSING
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId


def newest_papers() -> dict[str, PaperFacts]:
    """Return the newest edition of each paper, by ref. One statement."""
    return {paper.ref: paper for paper in exams.papers()}


def _taken_back(ids: Collection[int]) -> set[int]:
    """Return which of these entries another confirmed entry takes back."""
    rows = session().scalars(
        sa.select(OutsideResult.about_id).where(
            OutsideResult.about_id.in_(ids), OutsideResult.confirmed_at.is_not(None)
        )
    )
    return {row for row in rows if row is not None}


def state_of(row: OutsideResult, taken_back: Collection[int]) -> str:
    """Return where an entry stands: waiting, confirmed, refused, taken_back."""
    if row.refused_at is not None:
        return "refused"
    if row.confirmed_at is None:
        return "waiting"
    return "taken_back" if row.id in taken_back else "confirmed"


def _facts(rows: Iterable[OutsideResult]) -> list[OutsideFacts]:
    found = list(rows)
    taken_back, papers = _taken_back([row.id for row in found]), newest_papers()
    return [_one(row, state_of(row, taken_back), papers) for row in found]


def _one(row: OutsideResult, state: str, papers: dict[str, PaperFacts]) -> OutsideFacts:
    decided_by = row.confirmed_by or row.refused_by
    paper = papers.get(row.paper_ref)
    return OutsideFacts(
        row.id,
        PersonId(row.person_id),
        row.paper_ref,
        paper.title if paper else row.paper_ref,
        row.mark,
        row.exam_on,
        row.source,
        row.department,
        row.evidence,
        row.about_id,
        state,
        PersonId(row.recorded_by),
        row.recorded_at,
        PersonId(decided_by) if decided_by else None,
        row.confirmed_at or row.refused_at,
        row.refused_why or "",
    )


def outside(outside_id: int) -> OutsideFacts:
    """Return one entered result; raises ``NotFoundError``."""
    row = session().get(OutsideResult, outside_id)
    if row is None:
        raise NotFoundError(MISSING)
    return _facts([row])[0]


def outside_of(people: Collection[PersonId]) -> list[OutsideFacts]:
    """Return what was entered for these people, oldest first. Three statements."""
    return _facts(
        session().scalars(
            sa.select(OutsideResult).where(OutsideResult.person_id.in_(people)).order_by(OutsideResult.id)
        )
    )


def _waiting() -> sa.Select[OutsideResult]:
    return sa.select(OutsideResult).where(
        OutsideResult.confirmed_at.is_(None), OutsideResult.refused_at.is_(None)
    )


def waiting_outside(limit: int = 100) -> list[OutsideFacts]:
    """Return the entries that wait for a second person, oldest first."""
    return _facts(session().scalars(_waiting().order_by(OutsideResult.id).limit(limit)))


def recent_outside(limit: int = 20) -> list[OutsideFacts]:
    """Return the entries that were decided, the newest first."""
    decided = sa.or_(OutsideResult.confirmed_at.is_not(None), OutsideResult.refused_at.is_not(None))
    statement = sa.select(OutsideResult).where(decided).order_by(OutsideResult.id.desc()).limit(limit)
    return _facts(session().scalars(statement))


def standing_outside(ids: Collection[int]) -> dict[int, OutsideResult]:
    """Return those of these entries that are confirmed and not taken back. Two statements."""
    taken_back = _taken_back(ids)
    rows = session().scalars(sa.select(OutsideResult).where(OutsideResult.id.in_(ids)))
    return {row.id: row for row in rows if state_of(row, taken_back) == "confirmed"}
