"""Joint sheets with everything said about them, rounds with their progress, and who may act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.policy import HEAD_ROLES
from cstrain.performance.assessment import rules
from cstrain.performance.assessment.facts import Answer, Draft, Rating, Review, Round, Seats, Sheet
from cstrain.performance.assessment.models import (
    AssessmentAnswer,
    AssessmentRating,
    AssessmentReview,
    AssessmentRound,
    JointAssessment,
)
from cstrain.performance.assessment.policy import PAGE_SIZE, AssessmentRules, Office
from cstrain.performance.assessment.store import MISSING, draft_row


@dataclass(frozen=True, slots=True)
class Progress:
    """A round of a list: how many sheets, and how many of them are final."""

    round: Round
    sheets: int
    final: int


def _round(row: AssessmentRound) -> Round:
    return Round(
        row.id,
        row.department_id,
        row.month,
        AssessmentRules.model_validate(row.rules),
        row.due_on,
        PersonId(row.opened_by),
        row.opened_at,
    )


def round_by_id(round_id: int) -> Round:
    """Return a round; raises ``NotFoundError``."""
    row = session().get(AssessmentRound, round_id)
    if row is None:
        raise NotFoundError(MISSING)
    return _round(row)


def rounds_page(places: Collection[int] | None, page: int) -> tuple[list[Progress], int]:
    """Return a page of rounds (of these departments; ``None``: all), newest first, and how many there are."""
    scope = [] if places is None else [AssessmentRound.department_id.in_(sorted(places))]
    total = session().scalar(sa.select(sa.func.count()).select_from(AssessmentRound).where(*scope)) or 0
    wanted = (
        sa.select(AssessmentRound)
        .where(*scope)
        .order_by(AssessmentRound.month.desc(), AssessmentRound.department_id)
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    found = [_round(row) for row in session().scalars(wanted)]
    counts = _counts([one.id for one in found])
    return [Progress(one, *counts.get(one.id, (0, 0))) for one in found], total


def _counts(rounds: Collection[int]) -> dict[int, tuple[int, int]]:
    final = sa.select(AssessmentReview.id).where(
        AssessmentReview.assessment_id == JointAssessment.id, AssessmentReview.kind == "final"
    )
    wanted = (
        sa.select(
            JointAssessment.round_id, sa.func.count(), sa.func.sum(sa.case((final.exists(), 1), else_=0))
        )
        .where(JointAssessment.round_id.in_(rounds))
        .group_by(JointAssessment.round_id)
    )
    return {row[0]: (row[1], int(row[2])) for row in session().execute(wanted)}


def sheet(sheet_id: int) -> Sheet:
    """Return a sheet; raises ``NotFoundError``."""
    found = _sheets(JointAssessment.id == sheet_id)
    if not found:
        raise NotFoundError(MISSING)
    return found[0]


def sheets_of_person(person: PersonId) -> list[Sheet]:
    """Return a person's sheets, newest month first."""
    return sorted(_sheets(JointAssessment.person_id == person), key=lambda one: one.month, reverse=True)


def sheets_of_round(round_id: int) -> list[Sheet]:
    """Return the sheets of a round in the order in which they were opened."""
    return _sheets(JointAssessment.round_id == round_id)


def unfinished_sheets() -> list[Sheet]:
    """Return the sheets that still wait for an office, a director, or the decision of a contest."""
    reviewed = sa.select(AssessmentReview.id).where(AssessmentReview.assessment_id == JointAssessment.id)
    contested = sa.select(AssessmentAnswer.id).where(
        AssessmentAnswer.assessment_id == JointAssessment.id, AssessmentAnswer.kind == "contested"
    )
    open_ones = ~reviewed.where(AssessmentReview.kind == "final").exists()
    undecided = contested.exists() & ~reviewed.where(AssessmentReview.kind == "contest").exists()
    return _sheets(open_ones | undecided)


def final_sheets(since: date) -> list[Sheet]:
    """Return the sheets of months from ``since`` on that have their final review."""
    final = sa.select(AssessmentReview.id).where(
        AssessmentReview.assessment_id == JointAssessment.id, AssessmentReview.kind == "final"
    )
    return _sheets((JointAssessment.month >= since) & final.exists())


def _sheets(*conditions: sa.ColumnElement[bool]) -> list[Sheet]:
    wanted = (
        sa.select(JointAssessment, AssessmentRound)
        .join(AssessmentRound, AssessmentRound.id == JointAssessment.round_id)
        .where(*conditions)
        .order_by(JointAssessment.id)
    )
    rows = list(session().execute(wanted))
    ids = [row.id for row, _ in rows]
    rounds = {held.id: _round(held) for held in {one.id: one for _, one in rows}.values()}
    ratings = _by_sheet(AssessmentRating, ids, _rating)
    reviews = _by_sheet(AssessmentReview, ids, _review)
    answers = _by_sheet(AssessmentAnswer, ids, _answer)
    return [
        Sheet(
            row.id,
            rounds[row.round_id],
            PersonId(row.person_id),
            row.plan_id,
            tuple(ratings[row.id]),
            tuple(reviews[row.id]),
            next(iter(answers[row.id]), None),
        )
        for row, _ in rows
    ]


def _by_sheet(model: Any, ids: Collection[int], read: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    if ids:
        for row in session().scalars(sa.select(model).where(model.assessment_id.in_(ids)).order_by(model.id)):
            found[row.assessment_id].append(read(row))
    return found


def own_draft(sheet_id: int, rater: PersonId, office: str) -> Draft | None:
    """Return what a rater has filled in for an office and not handed in; for nobody but them."""
    row = draft_row(sheet_id, rater)
    if row is None or row.office != office:
        return None
    return Draft({name: Decimal(text) for name, text in row.points.items()}, row.note, row.saved_at)


def _rating(row: AssessmentRating) -> Rating:
    points = {name: Decimal(text) for name, text in row.points.items()}
    return Rating(row.office, row.revision, points, row.score, row.note, PersonId(row.rated_by), row.rated_at)


def _review(row: AssessmentReview) -> Review:
    return Review(
        row.id,
        row.kind,
        tuple(row.offices),
        row.score,
        row.grade,
        row.stands,
        row.reason,
        row.content,
        row.digest,
        row.digest is None or rules.seal(row.content) == row.digest,
        row.contest_until,
        row.record_id,
        row.correction_id,
        PersonId(row.reviewed_by),
        row.reviewed_at,
    )


def _answer(row: AssessmentAnswer) -> Answer:
    return Answer(row.kind, row.says, row.decide_by, row.answered_at)


def seats_of(sheets: Iterable[Sheet], on: date) -> dict[int, Seats]:
    """Return who may act on each sheet on a day, by its id; statements grow with departments, not sheets."""
    known: dict[int, tuple[Mapping[str, rules.Holders], rules.Holders]] = {}
    found: dict[int, Seats] = {}
    for one in sheets:
        if one.round.id not in known:
            known[one.round.id] = _holders(one.round, on)
        found[one.id] = rules.seats(one, *known[one.round.id])
    return found


def _holders(one: Round, on: date) -> tuple[dict[str, rules.Holders], rules.Holders]:
    offices: dict[str, rules.Holders] = {
        each.id: {role: _held(role, each, one.department_id, on) for role in each.roles}
        for each in one.rules.offices
    }
    directors: rules.Holders = {
        role: people.persons_with_role(role, on, one.department_id if role in HEAD_ROLES else None)
        for role in one.rules.directors
    }
    return offices, directors


def _held(role: str, office: Office, department_id: int, on: date) -> list[PersonId]:
    if office.place == "company":
        return people.persons_with_role(role, on)
    near = people.persons_with_role(role, on, department_id)
    return near or (people.persons_with_role(role, on) if office.place == "nearest" else [])
