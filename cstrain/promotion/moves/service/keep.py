"""What HR keeps: announced posts, courses, places of departments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.moves import queries
from cstrain.promotion.moves.models import CourseEntry, MovePost, SeatCount
from cstrain.promotion.moves.service.common import demand, employed, needed
from cstrain.unit_of_work import flush_unique, one_at_a_time

_WITHDRAWN = "这条记录已经撤回。请刷新后再看。"


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to announce; ``road``: ``transfer``, or ``promotion`` (a promotion by transfer)."""

    title: str
    department: int
    road: str
    seats: int
    notice: str
    opens_on: date
    closes_on: date


def announce_post(actor: PersonId, now: datetime, new: NewPost) -> int:
    """Announce a post to everybody; return its id. Raises ``DomainError`` for a window that cannot be."""
    demand(actor, "move.announce")
    people.department(new.department)
    if new.closes_on < max(new.opens_on, local_date(now)):
        raise DomainError("没有保存：报名截止日不能早于开始日和今天。")
    _refuse_twice(actor, new)
    row = MovePost(
        title=needed(new.title, 60),
        department_id=new.department,
        road=new.road,
        seats=new.seats,
        notice=needed(new.notice, 5000),
        opens_on=new.opens_on,
        closes_on=new.closes_on,
        posted_by=actor,
        posted_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "move.announce", f"move_post:{row.id}", department=new.department, road=new.road)
    return row.id


def _refuse_twice(actor: PersonId, new: NewPost) -> None:
    """Refuse the same post sent twice."""
    one_at_a_time("move.announce")
    same = sa.select(MovePost.id).where(
        MovePost.posted_by == actor,
        MovePost.title == new.title.strip(),
        MovePost.department_id == new.department,
        MovePost.opens_on == new.opens_on,
        MovePost.closes_on == new.closes_on,
        MovePost.notice == new.notice.strip(),
    )
    if session().scalars(same.limit(1)).first() is not None:
        raise ConflictError("没有保存：同样的岗位已经发布。请在列表中查看。")


@dataclass(frozen=True, slots=True)
class NewCourse:
    """A certificate or a training delivered; ``file_ref`` names the file where the paper is kept."""

    person: PersonId
    kind: str
    course: str
    title: str
    held_on: date
    until: date | None
    file_ref: str


def enter_course(actor: PersonId, now: datetime, new: NewCourse) -> int:
    """Enter a certificate or a training delivered; never one's own. Returns the entry's id."""
    if actor == new.person:
        raise ForbiddenError("不能登记自己的培训记录。请由别人来办。")
    demand(actor, "course.record", new.person)
    employed(new.person, now)
    if new.held_on > local_date(now):
        raise DomainError("没有保存：日期不能晚于今天。")
    if new.until is not None and new.until < new.held_on:
        raise DomainError("没有保存：有效期不能早于取得的日期。")
    row = CourseEntry(
        person_id=new.person,
        kind=new.kind,
        course=new.course,
        title=needed(new.title, 60),
        held_on=new.held_on,
        until=new.until,
        file_ref=needed(new.file_ref, 120),
        note="",
        entered_by=actor,
        entered_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "course.record", f"course_entry:{row.id}", person=new.person, course=new.course)
    return row.id


def withdraw_course(actor: PersonId, now: datetime, entry_id: int, reason: str) -> None:
    """Take an entry back by a new one with the reason; the first stays on record. Never one's own."""
    found = queries.course(entry_id)
    if actor == found.person:
        raise ForbiddenError("不能登记自己的培训记录。请由别人来办。")
    demand(actor, "course.record", found.person)
    if found.withdrawn is not None:
        raise ConflictError(_WITHDRAWN)
    session().add(
        CourseEntry(
            person_id=found.person,
            kind=found.kind,
            course=found.course,
            title=found.title,
            held_on=found.held_on,
            until=found.until,
            file_ref=found.file_ref,
            note=needed(reason),
            withdraws=entry_id,
            entered_by=actor,
            entered_at=now,
        )
    )
    flush_unique(_WITHDRAWN)
    record(actor, "course.withdraw", f"course_entry:{entry_id}", person=found.person)


def set_seats(
    actor: PersonId, now: datetime, department: int, level: str, seats: int, on: date, note: str
) -> None:
    """Set how many places a department has at a level from a day on; what counted before stays on record."""
    demand(actor, "seats.set")
    people.department(department)
    if seats < 0:
        raise DomainError("没有保存：名额不能小于0。")
    row = SeatCount(
        department_id=department,
        level=needed(level, 40),
        seats=seats,
        effective_from=on,
        note=note.strip()[:1000],
        set_by=actor,
        set_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "seats.set", f"department:{department}", level=level, seats=seats, on=on.isoformat())
