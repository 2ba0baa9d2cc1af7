"""Giving out forms on paper and taking them back: drawn and printed, noted as handed in, or not used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import rules as exam_rules_of
from cstrain.exams.assembly import FormSlot, PoolTooSmallError, draw, shuffled_options
from cstrain.exams.models import Attempt, Candidate, Paper, Sitting
from cstrain.exams.on_paper import queries, rules
from cstrain.exams.on_paper.models import PaperCopy, PaperCopyQuestion
from cstrain.exams.policy import PaperSpec
from cstrain.exams.queries.candidates import newest_accommodation, window_of
from cstrain.exams.queries.requirements import exempt_people, missing_papers
from cstrain.exams.rules import Stage
from cstrain.exams.store import exam_rules, get_candidate, get_sitting, lacking, met_questions, spec_of
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people.queries import get_person
from cstrain.questions.queries import pool, public_versions
from cstrain.unit_of_work import locked


def locked_copy(copy_id: int) -> PaperCopy:
    """Return a copy's row, locked until the unit of work ends; raises ``NotFoundError``."""
    row = session().scalar(locked(sa.select(PaperCopy).where(PaperCopy.id == copy_id)))
    if row is None:
        raise NotFoundError(queries.MISSING)
    return row


def issue(
    actor: PersonId, now: datetime, sitting_id: int, people: Sequence[PersonId], seed: int
) -> list[int]:
    """Draw a form for each of ``people``, to be printed; returns the copies in order.

    Each has a form of their own from ``seed``. Refused for a paper with questions that no pen can answer, for
    who may not sit (any more), and while an online attempt is open: that one is voided by two persons first.
    """
    sitting = get_sitting(sitting_id)
    paper = session().get_one(Paper, sitting.paper_id)
    spec = spec_of(paper)
    if actor in people:
        raise ForbiddenError("不能给自己发试卷。请让另一位有权限的人来办。")
    if not people:
        raise DomainError("没有选择考生，没有发卷。请至少选择一人。")
    unfit = queries.unprintable_of(spec)
    if unfit:
        raise DomainError(
            "《%(paper)s》不能在纸上考：里面有%(types)s，要在机器上作答。请改期，等恢复后再考。",
            paper=spec.title,
            types="、".join(unfit),
        )
    return [_issue(actor, now, sitting, spec, person, seed + n) for n, person in enumerate(sorted(people))]


def _issue(
    actor: PersonId, now: datetime, sitting: Sitting, spec: PaperSpec, person: PersonId, seed: int
) -> int:
    candidate = get_candidate(sitting.id, person, lock=True)
    _check_may_sit(sitting, spec, candidate, now)
    before = session().scalar(
        sa.select(sa.func.count()).select_from(PaperCopy).where(PaperCopy.candidate_id == candidate.id)
    )
    form = _draw(spec, person, seed)
    copy = PaperCopy(
        sitting_id=sitting.id,
        candidate_id=candidate.id,
        person_id=person,
        paper_id=sitting.paper_id,
        paper_ref=spec.ref,
        number=(before or 0) + 1,
        seed=seed,
        issued_by=actor,
        issued_at=now,
    )
    session().add(copy)
    session().flush()
    _store_form(copy, form)
    record(actor, "paper_copy.issue", f"paper_copy:{copy.id}", sitting=sitting.id, person=person)
    return copy.id


def _draw(spec: PaperSpec, person: PersonId, seed: int) -> tuple[FormSlot, ...]:
    try:
        return draw(
            spec, pool(*spec.banks), seed, met_questions(person, spec.ref) if spec.disjoint else set()
        )
    except PoolTooSmallError as error:
        raise DomainError(
            "题库里没有足够的新题，没有发卷。《%(paper)s》还缺：%(missing)s。请联系培训师补题。",
            paper=spec.title,
            missing=lacking(spec, error.missing),
        ) from None


def _store_form(copy: PaperCopy, form: Sequence[FormSlot]) -> None:
    public = public_versions([slot.question.version_id for slot in form])
    for slot in form:
        options = public[slot.question.version_id].content.get("options", [])
        session().add(
            PaperCopyQuestion(
                copy_id=copy.id,
                slot=slot.slot,
                section=slot.section,
                question_id=slot.question.question_id,
                version_id=slot.question.version_id,
                marks=slot.marks,
                option_order=shuffled_options(len(options), copy.seed, slot.slot),
            )
        )
    session().flush()


def _check_may_sit(sitting: Sitting, spec: PaperSpec, candidate: Candidate, now: datetime) -> None:
    """Refuse who may not sit, by the rules of the door; a form may be printed before the time has come."""
    person = PersonId(candidate.person_id)
    if person in queries.PaperCopies().out(sitting.id):
        raise ConflictError(
            "没有发卷：%(name)s手里已经有一份纸卷。先收卷，或者撤回没有用的那一份。", name=_name(person, now)
        )
    attempts = list(session().scalars(sa.select(Attempt).where(Attempt.candidate_id == candidate.id)))
    if any(attempt.submitted_at is None and attempt.voided_at is None for attempt in attempts):
        raise ConflictError(
            "没有发卷：%(name)s有一份网上的答卷还没有结束。要改到纸上重考，先由两人作废那份答卷。",
            name=_name(person, now),
        )
    window = window_of(sitting, candidate, newest_accommodation(candidate.id))
    found = exam_rules_of.stage(
        max(now, window.opens_at),
        window.opens_at,
        window.closes_at,
        cancelled=sitting.cancelled_at is not None,
        max_attempts=sitting.max_attempts,
        states=["voided" if attempt.voided_at else "submitted" for attempt in attempts],
        locked=bool(missing_papers(spec.requires, [person], now)),
        exempt=bool(exempt_people(spec.ref, [person], now)),
    )
    if found is not Stage.OPEN:
        raise ConflictError(_WHY[found], name=_name(person, now))


_OVER = "没有发卷：%(name)s的考试时间已经过了。请另建场次。"
_WHY = {
    Stage.CANCELLED: "没有发卷：这场考试已经取消，%(name)s不用参加。",
    Stage.EXEMPT: "没有发卷：%(name)s已免试这份试卷。",
    Stage.LOCKED: "没有发卷：%(name)s还没有通过这份试卷要求的前一份试卷。",
    Stage.DONE: "没有发卷：%(name)s这一场已经考过。",
    Stage.MISSED: _OVER,
    Stage.LATE: _OVER,
    Stage.LATER: _OVER,
    Stage.RUNNING: _OVER,
}


def _name(person: PersonId, now: datetime) -> str:
    return get_person(person, local_date(now)).name


_TIMES = {
    rules.TimesFault.ORDER: "没有保存：交卷时间要晚于开始时间。请照试卷上写的填。",
    rules.TimesFault.FUTURE: "没有保存：交卷时间还没有到。请照试卷上写的填。",
    rules.TimesFault.BEFORE_ISSUE: "没有保存：开始时间早于发卷的时间。请照试卷上写的填。",
    rules.TimesFault.OUTSIDE: "没有保存：开始时间不在这位考生的考试时间里。请照试卷上写的填。",
    rules.TimesFault.LONG: "没有保存：答题时间比允许的长太多。请核对开始和交卷的时间。",
}


def collect(actor: PersonId, now: datetime, copy_id: int, sat_from: datetime, sat_until: datetime) -> None:
    """Note that a copy was handed in, with the times on the sheet; from now on it can be entered."""
    row = locked_copy(copy_id)
    if actor == row.person_id:
        raise ForbiddenError("不能收自己的试卷。请由监考员来办。")
    if row.withdrawn_at is not None or row.collected_at is not None:
        raise ConflictError("这份纸卷已经收回或撤回，没有保存。请刷新后再看。")
    candidate = get_candidate(row.sitting_id, row.person_id)
    window = window_of(get_sitting(row.sitting_id), candidate, newest_accommodation(candidate.id))
    spec = spec_of(session().get_one(Paper, row.paper_id))
    fault = rules.times_fault(
        sat_from,
        sat_until,
        issued=row.issued_at,
        window=(window.opens_at, window.closes_at),
        allowed=timedelta(minutes=spec.minutes + window.extra_minutes),
        most_over=timedelta(minutes=exam_rules().extension_most_minutes),
        now=now,
    )
    if fault is not None:
        raise DomainError(_TIMES[fault])
    row.sat_from, row.sat_until = sat_from, sat_until
    row.collected_by, row.collected_at = actor, now
    session().flush()
    record(actor, "paper_copy.collect", f"paper_copy:{copy_id}", until=sat_until.isoformat())


def withdraw(actor: PersonId, now: datetime, copy_id: int, reason: str) -> None:
    """Take back a copy that was not used: its candidate may sit online, or get another one.

    Not possible once it was handed in; then only two persons can void the attempt it becomes.
    """
    row = locked_copy(copy_id)
    if actor == row.person_id:
        raise ForbiddenError("不能撤回自己的试卷。请由监考员来办。")
    if row.collected_at is not None:
        raise ConflictError("这份纸卷已经收卷，不能撤回。录入后如果要作废，按作废答卷的办法由两人办理。")
    if row.withdrawn_at is not None:
        raise ConflictError("这份纸卷已经收回或撤回，没有保存。请刷新后再看。")
    if not reason.strip():
        raise DomainError("没有写撤回原因，纸卷没有变。请写明原因。")
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason = actor, now, reason.strip()
    session().flush()
    record(actor, "paper_copy.withdraw", f"paper_copy:{copy_id}")
