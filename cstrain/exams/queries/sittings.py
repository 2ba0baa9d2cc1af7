"""Reading papers, sittings and their candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.exams import store
from cstrain.exams.assembly import Depth, depth
from cstrain.exams.facts import PaperFacts, PersonalWindow, SittingFacts
from cstrain.exams.models import Candidate, Paper, Sitting
from cstrain.exams.policy import ExamRules, PaperSpec
from cstrain.exams.queries.candidates import common_window, windows_of
from cstrain.exams.store import get_sitting, met_questions, paper_in_force, spec_of, stored_spec
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId, SittingId
from cstrain.questions.queries import pool


def exam_rules() -> ExamRules:
    """Return the numbers that rule sittings."""
    return store.exam_rules()


def paper_facts(row: Paper) -> PaperFacts:
    """Return a stored paper as lists and pages show it."""
    spec = spec_of(row)
    return PaperFacts(
        row.id,
        row.ref,
        row.edition,
        row.title,
        row.bank,
        spec.kind,
        spec.minutes,
        spec.pass_mark,
        spec.count,
        spec.disjoint,
        spec.consequences,
        spec.release,
        spec.unified,
        spec.requires,
    )


def papers() -> list[PaperFacts]:
    """Return every stored edition, by ref and edition."""
    return [
        paper_facts(row) for row in session().scalars(sa.select(Paper).order_by(Paper.ref, Paper.edition))
    ]


def paper(ref: str, now: datetime) -> PaperFacts:
    """Return the edition of a paper in force now."""
    return paper_facts(paper_in_force(ref, local_date(now)))


def specs() -> list[PaperSpec]:
    """Return the blueprint of every stored edition, by ref and edition."""
    return [spec_of(row) for row in session().scalars(sa.select(Paper).order_by(Paper.ref, Paper.edition))]


def spec(paper_id: int) -> PaperSpec:
    """Return the blueprint of a stored paper."""
    return stored_spec(paper_id)


_LISTED = (
    sa.select(
        Sitting,
        Paper,
        sa.select(sa.func.count()).where(Candidate.sitting_id == Sitting.id).scalar_subquery(),
    )
    .join(Paper, Paper.id == Sitting.paper_id)
    .order_by(Sitting.opens_at.desc(), Sitting.id.desc())
)
_ONE = _LISTED.where(Sitting.id == sa.bindparam("sitting_id"))


def _one(sitting_id: int, windows: Mapping[int, PersonalWindow]) -> SittingFacts:
    (found,) = _listed(session().execute(_ONE, {"sitting_id": sitting_id}), windows)
    return found


def _sitting_rows(
    condition: sa.ColumnElement[bool],
    limit: int | None = None,
    windows: Mapping[int, PersonalWindow] | None = None,
) -> list[SittingFacts]:
    return _listed(session().execute(_LISTED.where(condition).limit(limit)), windows or {})


def _listed(
    rows: Iterable[sa.Row[Sitting, Paper, Any]], windows: Mapping[int, PersonalWindow]
) -> list[SittingFacts]:
    return [
        _facts(sitting, found, number, windows.get(sitting.id) or common_window(sitting))
        for sitting, found, number in rows
    ]


def _facts(sitting: Sitting, found: Paper, number: int, window: PersonalWindow) -> SittingFacts:
    return SittingFacts(
        SittingId(sitting.id),
        paper_facts(found),
        sitting.kind,
        sitting.subject,
        sitting.title,
        sitting.place,
        window.opens_at,
        window.closes_at,
        sitting.max_attempts,
        sitting.cancelled_at is not None,
        number,
        sitting.late_minutes,
        window.last_start,
        sitting.code is not None,
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
