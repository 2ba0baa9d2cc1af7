"""Reading sittings and attempts. Nothing here loads a key."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.exams import store
from cstrain.exams.assembly import Depth, depth
from cstrain.exams.facts import (
    AttemptFacts,
    MarkableSlot,
    Moment,
    PaperFacts,
    SittingFacts,
    SlotView,
    TakingView,
)
from cstrain.exams.models import (
    AnswerEvent,
    Attempt,
    AttemptMoment,
    AttemptQuestion,
    Candidate,
    Paper,
    Sitting,
)
from cstrain.exams.policy import ExamRules, PaperSpec
from cstrain.exams.rules import final_answers, is_over, remaining_ms
from cstrain.exams.store import (
    answer_log,
    get_attempt,
    get_sitting,
    met_questions,
    paper_in_force,
    saved_answers,
    spec_of,
)
from cstrain.extensions import local_date, session
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.facts import PublicVersion
from cstrain.questions.queries import pool, public_versions


def exam_rules() -> ExamRules:
    """Return the numbers that rule sittings."""
    return store.exam_rules()


def _paper_facts(row: Paper) -> PaperFacts:
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
    )


def papers() -> list[PaperFacts]:
    """Return every stored edition, by ref and edition."""
    return [
        _paper_facts(row) for row in session().scalars(sa.select(Paper).order_by(Paper.ref, Paper.edition))
    ]


def paper(ref: str, now: datetime) -> PaperFacts:
    """Return the edition of a paper in force now."""
    return _paper_facts(paper_in_force(ref, local_date(now)))


def spec(paper_id: int) -> PaperSpec:
    """Return the blueprint of a stored paper."""
    return spec_of(session().get_one(Paper, paper_id))


def _sitting_rows(condition: sa.ColumnElement[bool], limit: int | None = None) -> list[SittingFacts]:
    candidates = sa.select(sa.func.count()).where(Candidate.sitting_id == Sitting.id).scalar_subquery()
    rows = session().execute(
        sa.select(Sitting, Paper, candidates)
        .join(Paper, Paper.id == Sitting.paper_id)
        .where(condition)
        .order_by(Sitting.opens_at.desc(), Sitting.id.desc())
        .limit(limit)
    )
    return [
        SittingFacts(
            SittingId(sitting.id),
            _paper_facts(found),
            sitting.kind,
            sitting.subject,
            sitting.title,
            sitting.place,
            sitting.opens_at,
            sitting.closes_at,
            sitting.max_attempts,
            sitting.cancelled_at is not None,
            number,
        )
        for sitting, found, number in rows.tuples()
    ]


def sittings_of(person: PersonId, *, kinds: Collection[str] | None = None) -> list[SittingFacts]:
    """Return a person's sittings that were not cancelled, latest first."""
    mine = sa.select(Candidate.sitting_id).where(Candidate.person_id == person)
    condition = sa.and_(Sitting.id.in_(mine), Sitting.cancelled_at.is_(None))
    if kinds is not None:
        condition = sa.and_(condition, Sitting.kind.in_(kinds))
    return _sitting_rows(condition)


def arranged_sittings(since: datetime, limit: int = 100) -> list[SittingFacts]:
    """Return arranged sittings (no quizzes) that close after ``since``, latest first."""
    return _sitting_rows(sa.and_(Sitting.kind != "quiz", Sitting.closes_at >= since), limit)


def sittings_for(subjects: Collection[str]) -> list[SittingFacts]:
    """Return the sittings arranged for these subjects, cancelled ones included."""
    return _sitting_rows(Sitting.subject.in_(subjects))


def sitting(sitting_id: int) -> SittingFacts:
    """Return one sitting; ``NotFoundError`` when there is none."""
    return _sitting_rows(Sitting.id == get_sitting(sitting_id).id)[0]


def candidates_of(sitting_id: int) -> dict[PersonId, int]:
    """Return the candidates of a sitting with their extra minutes."""
    rows = session().execute(
        sa.select(Candidate.person_id, Candidate.extra_minutes)
        .where(Candidate.sitting_id == sitting_id)
        .order_by(Candidate.person_id)
    )
    return {PersonId(row.person_id): row.extra_minutes for row in rows}


def _state(attempt: Attempt, at: datetime) -> str:
    if attempt.voided_at is not None:
        return "voided"
    if attempt.submitted_at is not None:
        return "submitted"
    return "expired" if is_over(at, attempt.deadline, None) else "open"


def _attempt_facts(row: Attempt, sitting_row: Sitting, paper_row: Paper, at: datetime) -> AttemptFacts:
    return AttemptFacts(
        AttemptId(row.id),
        PersonId(row.person_id),
        SittingId(row.sitting_id),
        sitting_row.subject,
        sitting_row.kind,
        _paper_facts(paper_row),
        row.number,
        row.started_at,
        row.deadline,
        row.submitted_at,
        row.receipt,
        _state(row, at),
    )


def _attempts(condition: sa.ColumnElement[bool], at: datetime) -> list[AttemptFacts]:
    rows = session().execute(
        sa.select(Attempt, Sitting, Paper)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Paper, Paper.id == Attempt.paper_id)
        .where(condition)
        .order_by(Attempt.id)
    )
    return [_attempt_facts(*row, at) for row in rows.tuples()]


def attempts_of(people: Collection[PersonId], at: datetime) -> list[AttemptFacts]:
    """Return all attempts of these people, oldest first."""
    return _attempts(Attempt.person_id.in_(people), at)


def attempts_at(sitting_id: int, at: datetime) -> list[AttemptFacts]:
    """Return all attempts of a sitting."""
    return _attempts(Attempt.sitting_id == sitting_id, at)


def attempts(ids: Collection[int], at: datetime) -> dict[AttemptId, AttemptFacts]:
    """Return attempts by id."""
    return {facts.id: facts for facts in _attempts(Attempt.id.in_(ids), at)}


def attempt(attempt_id: int, at: datetime) -> AttemptFacts:
    """Return one attempt; ``NotFoundError`` when there is none."""
    return _attempts(Attempt.id == get_attempt(attempt_id).id, at)[0]


def depth_for(paper_ref: str, person: PersonId, at: datetime) -> Depth:
    """Return how many disjoint forms a paper's bank still allows this person."""
    found = spec_of(paper_in_force(paper_ref, local_date(at)))
    return depth(found, pool(found.bank), met_questions(person, found.ref))


def shared_questions(first: int, second: int) -> int:
    """Return how many questions two attempts have in common."""
    mine = sa.select(AttemptQuestion.question_id).where(AttemptQuestion.attempt_id == first)
    return (
        session().scalar(
            sa.select(sa.func.count())
            .select_from(AttemptQuestion)
            .where(AttemptQuestion.attempt_id == second, AttemptQuestion.question_id.in_(mine))
        )
        or 0
    )


def taking_view(person: PersonId, attempt_id: int, at: datetime) -> TakingView:
    """Return what the player shows: questions in the attempt's order with its option order, and saved answers.

    An option's id is its place in this attempt, so ids tell nothing about the key (security.md S4).
    """
    row = get_attempt(attempt_id, person)
    slots = list(
        session().scalars(
            sa.select(AttemptQuestion)
            .where(AttemptQuestion.attempt_id == row.id)
            .order_by(AttemptQuestion.slot)
        )
    )
    public = public_versions([slot.version_id for slot in slots])
    facts = attempt(row.id, at)
    return TakingView(
        attempt=facts,
        title=sitting(row.sitting_id).title,
        slots=tuple(_slot_view(slot, public[slot.version_id]) for slot in slots),
        answers=saved_answers(row.id),
        remaining_ms=remaining_ms(at, row.deadline),
        lease_epoch=row.lease_epoch,
        lease_holder=row.lease_holder,
    )


def _slot_view(slot: AttemptQuestion, version: PublicVersion) -> SlotView:
    content = dict(version.content)
    if slot.option_order:
        options = content["options"]
        content["options"] = [
            {"id": str(place), "text": options[index]["text"]}
            for place, index in enumerate(slot.option_order)
        ]
    return SlotView(slot.slot, slot.section, slot.marks, version.type, version.control, content)


def markable_slots(attempt_id: int) -> list[MarkableSlot]:
    """Return the slots of an attempt with their final responses, computed from the log."""
    answers = final_answers(answer_log(attempt_id))
    rows = session().scalars(
        sa.select(AttemptQuestion)
        .where(AttemptQuestion.attempt_id == attempt_id)
        .order_by(AttemptQuestion.slot)
    )
    return [
        MarkableSlot(row.slot, row.version_id, row.marks, tuple(row.option_order), answers.get(row.slot))
        for row in rows
    ]


def timeline(attempt_id: int) -> list[Moment]:
    """Return the evidence of an attempt: its moments, and its saves by minute with their dispositions."""
    moments = [
        Moment(row.at, row.kind, row.detail)
        for row in session().scalars(sa.select(AttemptMoment).where(AttemptMoment.attempt_id == attempt_id))
    ]
    saves: dict[tuple[datetime, str], int] = {}
    rows = session().execute(
        sa.select(AnswerEvent.received_at, AnswerEvent.disposition).where(
            AnswerEvent.attempt_id == attempt_id
        )
    )
    for received, disposition in rows.tuples():
        minute = received - timedelta(seconds=received.second, microseconds=received.microsecond)
        saves[minute, disposition] = saves.get((minute, disposition), 0) + 1
    moments += [Moment(at, "saves", {"disposition": kind, "events": n}) for (at, kind), n in saves.items()]
    return sorted(moments, key=lambda moment: moment.at)


def events_by_disposition(attempt_ids: Collection[int]) -> dict[str, int]:
    """Return the number of answer events by what became of them (reconciliation, R15)."""
    rows = session().execute(
        sa.select(AnswerEvent.disposition, sa.func.count())
        .where(AnswerEvent.attempt_id.in_(attempt_ids))
        .group_by(AnswerEvent.disposition)
    )
    return {row[0]: row[1] for row in rows}


def last_saves(attempt_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each attempt last had an answer accepted."""
    rows = session().execute(
        sa.select(AnswerEvent.attempt_id, sa.func.max(AnswerEvent.received_at))
        .where(AnswerEvent.attempt_id.in_(attempt_ids), AnswerEvent.disposition == "accepted")
        .group_by(AnswerEvent.attempt_id)
    )
    return {row[0]: row[1] for row in rows}
