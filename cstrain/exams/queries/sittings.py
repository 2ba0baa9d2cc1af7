"""Reading papers, sittings and their candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa

from cstrain.exams import store
from cstrain.exams.assembly import Depth, depth
from cstrain.exams.facts import PaperFacts, PersonalWindow, SittingFacts
from cstrain.exams.models import Candidate, Paper, Sitting
from cstrain.exams.policy import ExamRules, PaperSpec
from cstrain.exams.queries.candidates import common_window, windows_of
from cstrain.exams.store import (
    get_sitting,
    met_questions,
    paper_in_force,
    spec_of,
    stored_spec,
    withdrawn,
)
from cstrain.extensions import Line, columns, local_date, session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId, SittingId
from cstrain.questions.queries import pool


def exam_rules() -> ExamRules:
    """Return the numbers that rule sittings."""
    return store.exam_rules()


PAPER_COLUMNS = (
    Paper.id.label("paper_id"),
    Paper.ref.label("paper_ref"),
    Paper.edition.label("paper_edition"),
    Paper.title.label("paper_title"),
    Paper.bank.label("paper_bank"),
    Paper.digest.label("paper_digest"),
)
"""What ``paper_of`` asks of a statement that reads papers beside other things."""


def paper_of(row: Line) -> PaperFacts:
    """Return the paper of a row that holds ``PAPER_COLUMNS``."""
    return _paper(
        row.paper_id, row.paper_ref, row.paper_edition, row.paper_title, row.paper_bank, row.paper_digest
    )


def paper_facts(row: Paper) -> PaperFacts:
    """Return a stored paper as lists and pages show it."""
    spec_of(row)  # known from now on, without another statement
    return _paper(row.id, row.ref, row.edition, row.title, row.bank, row.digest)


@lru_cache(maxsize=256)
def _paper(paper_id: int, ref: str, edition: int, title: str, bank: str, digest: str) -> PaperFacts:
    """Return the facts of a paper; the digest is that of its whole blueprint."""
    spec = stored_spec(paper_id, digest)
    return PaperFacts(
        paper_id,
        ref,
        edition,
        title,
        bank,
        spec.kind,
        spec.minutes,
        spec.pass_mark,
        spec.count,
        spec.disjoint,
        spec.consequences,
        spec.release,
        spec.unified,
        spec.requires,
        digest,
    )


def papers() -> list[PaperFacts]:
    """Return every stored edition, by ref and edition."""
    return [
        paper_facts(row) for row in session().scalars(sa.select(Paper).order_by(Paper.ref, Paper.edition))
    ]


def paper(ref: str, now: datetime) -> PaperFacts:
    """Return the edition of a paper in force now."""
    return paper_facts(paper_in_force(ref, local_date(now)))


def papers_to_sit(now: datetime) -> list[PaperFacts]:
    """Return the papers in force that sittings may be made for, by ref."""
    on = local_date(now)
    rows = session().scalars(
        sa.select(Paper)
        .where(Paper.effective_from <= on)
        .order_by(Paper.ref, Paper.effective_from, Paper.edition)
    )
    found = {row.ref: row for row in rows}
    gone = withdrawn(found)
    return [paper_facts(row) for ref, row in found.items() if ref not in gone]


def specs() -> list[PaperSpec]:
    """Return the blueprint of every stored edition, by ref and edition."""
    return [spec_of(row) for row in session().scalars(sa.select(Paper).order_by(Paper.ref, Paper.edition))]


def spec(paper_id: int, digest: str | None = None) -> PaperSpec:
    """Return the blueprint of a stored paper; ``digest``: as in ``stored_spec``."""
    return stored_spec(paper_id, digest)


_INVITED = sa.select(sa.func.count()).where(Candidate.sitting_id == Sitting.id).scalar_subquery()
_LISTED = (
    sa.select(
        Sitting.id,
        Sitting.kind,
        Sitting.subject,
        Sitting.title,
        Sitting.place,
        Sitting.opens_at,
        Sitting.closes_at,
        Sitting.late_minutes,
        Sitting.max_attempts,
        Sitting.cancelled_at,
        Sitting.code,
        _INVITED.label("invited"),
        *PAPER_COLUMNS,
    )
    .join(Paper, Paper.id == Sitting.paper_id)
    .order_by(Sitting.opens_at.desc(), Sitting.id.desc())
)
_ONE = _LISTED.where(Sitting.id == sa.bindparam("sitting_id"))


def _one(sitting_id: int, windows: Mapping[int, PersonalWindow]) -> SittingFacts:
    (found,) = _listed(columns(_ONE, {"sitting_id": sitting_id}), windows)
    return found


def _sitting_rows(
    condition: sa.ColumnElement[bool],
    limit: int | None = None,
    windows: Mapping[int, PersonalWindow] | None = None,
) -> list[SittingFacts]:
    return _listed(columns(_LISTED.where(condition).limit(limit), {}), windows or {})


def _listed(rows: Iterable[Line], windows: Mapping[int, PersonalWindow]) -> list[SittingFacts]:
    return [_facts(row, windows.get(row.id) or common_window(row)) for row in rows]


def _facts(row: Line, window: PersonalWindow) -> SittingFacts:
    return SittingFacts(
        SittingId(row.id),
        paper_of(row),
        row.kind,
        row.subject,
        row.title,
        row.place,
        window.opens_at,
        window.closes_at,
        row.max_attempts,
        row.cancelled_at is not None,
        row.invited,
        row.late_minutes,
        window.last_start,
        row.code is not None,
        window.extra_minutes,
        window.own,
    )


def sittings_of(person: PersonId, *, kinds: Collection[str] | None = None) -> list[SittingFacts]:
    """Return a person's sittings that were not cancelled, with their own windows, latest first."""
    windows = windows_of(person)
    condition = sa.and_(Sitting.id.in_(windows), Sitting.cancelled_at.is_(None))
    if kinds is not None:
        condition = sa.and_(condition, Sitting.kind.in_(kinds))
    found = _sitting_rows(condition, windows=windows)
    return sorted(found, key=lambda one: (one.opens_at, one.id), reverse=True)


def sitting_for(person: PersonId, sitting_id: int) -> SittingFacts:
    """Return one sitting as its candidate sees it; ``NotFoundError`` for everybody else."""
    windows = windows_of(person, sitting_id)
    if sitting_id not in windows:
        raise NotFoundError(store.MISSING)
    return _one(sitting_id, windows)


def arranged_sittings(since: datetime, limit: int = 100) -> list[SittingFacts]:
    """Return arranged sittings (no quizzes) that close after ``since``, latest first."""
    return _sitting_rows(sa.and_(Sitting.kind != "quiz", Sitting.closes_at >= since), limit)


def sittings_for(subjects: Collection[str]) -> list[SittingFacts]:
    """Return the sittings arranged for these subjects, cancelled ones included."""
    return _sitting_rows(Sitting.subject.in_(subjects))


def sitting(sitting_id: int) -> SittingFacts:
    """Return one sitting; ``NotFoundError`` when there is none."""
    return _one(get_sitting(sitting_id).id, {})


def depth_for(paper_ref: str, person: PersonId, at: datetime) -> Depth:
    """Return how many disjoint forms a paper's bank still allows this person."""
    found = spec_of(paper_in_force(paper_ref, local_date(at)))
    return depth(found, pool(*found.banks), met_questions(person, found.ref))
