"""At the door: who may start a sitting now, and the code of the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.exams import ports, rules
from cstrain.exams.errors import TooManyCodesError
from cstrain.exams.facts import PersonalWindow
from cstrain.exams.models import Attempt, Candidate, Paper, Sitting, WrongCode
from cstrain.exams.policy import PaperSpec
from cstrain.exams.queries.candidates import newest_accommodation, window_of
from cstrain.exams.queries.requirements import exempt_people, missing_papers, paper_titles
from cstrain.exams.rules import Stage
from cstrain.exams.store import MISSING, exam_rules, stored_spec
from cstrain.extensions import Line, columns, session
from cstrain.kernel.errors import ConflictError, Each, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.unit_of_work import locked


@dataclass(frozen=True, slots=True)
class Door:
    """Somebody who wants to start, with all that decides it.

    ``entry``: what their invitation, the sitting and its paper say (``_ENTRY``); ``running``: they have
    started already.
    """

    entry: Line
    spec: PaperSpec
    window: PersonalWindow
    attempts: tuple[Line, ...]
    running: Line | None


_INVITED = (
    sa.select(
        Candidate.id.label("candidate_id"),
        Candidate.person_id,
        Candidate.extra_minutes,
        Candidate.sitting_id,
        Sitting.opens_at,
        Sitting.closes_at,
        Sitting.late_minutes,
        Sitting.max_attempts,
        Sitting.cancelled_at,
        Sitting.code,
        Paper.id.label("paper_id"),
        Paper.digest,
    )
    .join(Sitting, Sitting.id == Candidate.sitting_id)
    .join(Paper, Paper.id == Sitting.paper_id)
    .where(
        Candidate.sitting_id == sa.bindparam("sitting_id"), Candidate.person_id == sa.bindparam("person_id")
    )
)
_ENTRY = locked(_INVITED, of=Candidate)
_BEFORE = (
    sa.select(Attempt.id, Attempt.deadline, Attempt.paused_at, Attempt.submitted_at, Attempt.voided_at)
    .where(Attempt.candidate_id == sa.bindparam("candidate_id"))
    .order_by(Attempt.number)
)


def at_the_door(person: PersonId, sitting_id: int, now: datetime) -> Door:
    """Return what decides whether somebody may start, their entry locked; refuse who may not.

    Who has started already is never refused here. Raises ``NotFoundError`` for who was not invited.
    """
    entry = columns(_ENTRY, {"sitting_id": sitting_id, "person_id": person}).one_or_none()
    if entry is None:
        raise NotFoundError(MISSING)
    attempts = tuple(columns(_BEFORE, {"candidate_id": entry.candidate_id}))
    window = window_of(entry, entry, newest_accommodation(entry.candidate_id))
    running = next((attempt for attempt in attempts if _is_running(attempt, now)), None)
    door = Door(entry, stored_spec(entry.paper_id, entry.digest), window, attempts, running)
    if running is None:
        _check_may_start(door, person, now)
    return door


def _is_running(attempt: Line, now: datetime) -> bool:
    ends = rules.ends_at(attempt.deadline, attempt.paused_at, now)
    return attempt.voided_at is None and not rules.is_over(now, ends, attempt.submitted_at)


def _check_may_start(door: Door, person: PersonId, now: datetime) -> None:
    if person in ports.sits_on_paper(door.entry.sitting_id):
        raise ConflictError("你的这场考试在纸上进行，不能同时在网上考。请在监考员发的试卷上作答。")
    missing = missing_papers(door.spec.requires, [person], now).get(person, ())
    entry, window = door.entry, door.window
    found = rules.stage(
        now,
        window.opens_at,
        window.closes_at,
        cancelled=entry.cancelled_at is not None,
        max_attempts=entry.max_attempts,
        states=["submitted" if attempt.voided_at is None else "voided" for attempt in door.attempts],
        last_start=window.last_start,
        locked=bool(missing),
        exempt=bool(exempt_people(door.spec.ref, [person], now)),
    )
    if found is Stage.LOCKED:
        titles = paper_titles(missing)
        raise ConflictError(
            "这场考试还不能开始，要先通过：%(papers)s。成绩发布后刷新这一页就能开始；有疑问请联系安排考试的人。",
            papers=Each("《%(title)s》", ({"title": titles[ref]} for ref in missing)),
        )
    if found is not Stage.OPEN:
        raise _refusal(found, now < window.closes_at)


def _refusal(found: Stage, before_the_end: bool) -> ConflictError:
    """Return what is said to who may not start; they have been there before if it is not over yet."""
    if found is Stage.CANCELLED:
        return ConflictError("这场考试已经取消。请看通知里的新安排。")
    if found is Stage.EXEMPT:
        return ConflictError("你已免试这份试卷，不用参加这场考试。")
    if found is Stage.LATER:
        return ConflictError("还没到开考时间。到点后刷新这一页就能开始。")
    if found is Stage.LATE:
        return ConflictError(
            "已经过了最晚开考时间，不能再开始。如果有特殊情况，请马上找监考员，由安排考试的人为你办理迟到入场。"
        )
    if before_the_end:
        return ConflictError("这场考试你已经考过，不能再次开始。")
    return ConflictError("这场考试的时间已经过了，不能再开始。如果有特殊情况，请联系人力资源部。")


def code_fits(door: Door, typed: str, now: datetime) -> bool:
    """Tell whether somebody may pass by what they typed; a wrong code is noted and counts.

    Raises ``TooManyCodesError`` (with until when to wait) after too many wrong ones. Nothing typed does not
    count.
    """
    code = door.entry.code
    if code is None or door.running is not None:
        return True
    numbers = exam_rules()
    within = timedelta(minutes=numbers.code_minutes)
    wrong = session().scalars(
        sa.select(WrongCode.typed_at).where(
            WrongCode.candidate_id == door.entry.candidate_id, WrongCode.typed_at > now - within
        )
    )
    wait = rules.wait_until(list(wrong), now, numbers.code_tries, within)
    if wait is not None:
        raise TooManyCodesError(
            "考场码已经连续输错%(n)s次，还没有开始。请向监考员核对考场码，%(minutes)s分钟后再试。",
            n=numbers.code_tries,
            minutes=-((now - wait) // timedelta(minutes=1)),
        )
    if rules.is_code(typed, code):
        return True
    if rules.written_code(typed):
        session().add(WrongCode(candidate_id=door.entry.candidate_id, typed_at=now))
        session().flush()
    return False
