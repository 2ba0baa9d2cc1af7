"""Mentors, substitutes and guides: assigned by people, with history and a load cap."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.notifications.facts import Bundle
from cstrain.notifications.service import notify
from cstrain.onboarding.models import Enrolment, GuideAssignment, MentorAssignment
from cstrain.onboarding.queries.mentors import mentor_history, most_mentored
from cstrain.onboarding.service.common import need_open, need_reason, not_self
from cstrain.onboarding.store import MISSING, edition_of, get_enrolment, onboarding_rules
from cstrain.people import queries as people
from cstrain.people.facts import Status
from cstrain.unit_of_work import one_at_a_time

_LONGEST_SUBSTITUTE_DAYS = 92
_LOADS = "mentors' loads"
"""Who names a mentor counts that mentor's trainees first: one at a time, or two would pass the cap."""


def assign_mentor(
    actor: PersonId | None,
    now: datetime,
    enrolment_id: EnrolmentId,
    mentor: PersonId,
    first_day: date,
    reason: str,
) -> None:
    """Name the mentor from a day on; the former one's time ends the day before. History is kept.

    Refuses somebody who is no mentor, and a mentor whose load is at the cap, with the numbers.
    """
    row = _open(actor, enrolment_id)
    text = need_reason(reason)
    one_at_a_time(_LOADS)
    _check_mentor(mentor, row, first_day)
    standing = [one for one in mentor_history(enrolment_id) if one.kind == "mentor" and one.last_day is None]
    if standing and standing[0].mentor == mentor:
        raise ConflictError("没有保存：现在的导师就是这一位。")
    if standing and first_day < standing[0].first_day:
        raise DomainError(
            "没有保存：开始日期早于现任导师的开始日%(day)s。请改正日期。", day=standing[0].first_day
        )
    _check_load(mentor, max(first_day, local_date(now)), enrolment_id)
    for one in standing:
        session().get_one(MentorAssignment, one.id).last_day = first_day - timedelta(days=1)
    _assign(actor, now, row, mentor, first_day, None, "mentor", text)


def _open(actor: PersonId | None, enrolment_id: EnrolmentId) -> Enrolment:
    row = get_enrolment(enrolment_id, lock=True)
    not_self(actor, row.person_id)
    need_open(row)
    return row


def _check_mentor(mentor: PersonId, row: Enrolment, on: date, role: str = "mentor") -> None:
    facts = people.get_person(mentor, on)
    if mentor == row.person_id:
        raise DomainError("没有保存：不能让学员带自己。请选择另一位同事。")
    if facts.status is Status.LEFT or role not in people.roles_of(mentor, on):
        raise DomainError(
            "没有保存：%(name)s在%(day)s没有“%(role)s”角色。请先授予角色，或选择另一位。",
            name=facts.name,
            day=on,
            role="导师" if role == "mentor" else "带教人",
        )


def _check_load(mentor: PersonId, on: date, enrolment_id: EnrolmentId) -> None:
    cap = onboarding_rules().mentor_cap
    held = most_mentored(mentor, on, enrolment_id)
    if held >= cap:
        raise DomainError(
            "没有保存：%(name)s现在带%(n)s人，上限是%(cap)s人。请选择另一位导师，或先调整这位导师的学员。",
            name=people.get_person(mentor, on).name,
            n=held,
            cap=cap,
        )


def _assign(
    actor: PersonId | None,
    now: datetime,
    row: Enrolment,
    mentor: PersonId,
    first_day: date,
    last_day: date | None,
    kind: str,
    reason: str,
) -> None:
    session().add(
        MentorAssignment(
            enrolment_id=row.id,
            mentor_id=mentor,
            first_day=first_day,
            last_day=last_day,
            kind=kind,
            reason=reason,
            assigned_by=actor,
            assigned_at=now,
        )
    )
    session().flush()
    record(actor, f"enrolment.{kind}", f"enrolment:{row.id}", mentor=mentor, first_day=first_day.isoformat())
    _tell(now, row, mentor, first_day, kind)


def _tell(now: datetime, row: Enrolment, mentor: PersonId, first_day: date, kind: str) -> None:
    trainee = people.get_person(PersonId(row.person_id), local_date(now))
    message = "从%(day)s起，你是%(name)s的导师。" if kind == "mentor" else "从%(day)s起，由你代带%(name)s。"
    values = {"day": first_day, "name": trainee.name}
    notify(mentor, message, now=now, values=values, url=f"/enrolments/{row.id}")
    if kind == "mentor":
        name = people.get_person(mentor, local_date(now)).name
        notify(
            PersonId(row.person_id),
            "从%(day)s起，你的导师是%(name)s。",
            now=now,
            values={"day": first_day, "name": name},
            url="/programme",
        )


def assign_substitute(
    actor: PersonId,
    now: datetime,
    enrolment_id: EnrolmentId,
    substitute: PersonId,
    first_day: date,
    last_day: date,
    reason: str,
) -> None:
    """Name somebody who signs in the mentor's place between two days, both included; no load counts."""
    row = _open(actor, enrolment_id)
    text = need_reason(reason)
    if last_day < first_day or (last_day - first_day).days >= _LONGEST_SUBSTITUTE_DAYS:
        raise DomainError(
            "没有保存：代带要写明起止日期，最长%(most)s天。请改正日期。", most=_LONGEST_SUBSTITUTE_DAYS
        )
    if last_day < local_date(now):
        raise DomainError("没有保存：代带的日期已经过去。请改正日期。")
    _check_mentor(substitute, row, first_day)
    _assign(actor, now, row, substitute, first_day, last_day, "substitute", text)


def assign_guide(
    actor: PersonId, now: datetime, enrolment_id: EnrolmentId, number: int, guide: PersonId
) -> None:
    """Name who guides and signs one of the guide's days (warehouse, after-sales)."""
    row = _open(actor, enrolment_id)
    spec = edition_of(row).day(number)
    if spec is None or spec.signed_by != "guide":
        raise NotFoundError(MISSING)
    _check_mentor(guide, row, local_date(now), role="guide")
    session().add(
        GuideAssignment(
            enrolment_id=row.id, day_number=number, guide_id=guide, assigned_by=actor, assigned_at=now
        )
    )
    session().flush()
    record(actor, "enrolment.guide", f"enrolment:{row.id}", day=number, guide=guide)
    trainee = people.get_person(PersonId(row.person_id), local_date(now))
    notify(
        guide,
        "%(name)s的第%(number)s天由你带教并签核。",
        now=now,
        values={"name": trainee.name, "number": number},
        url="/trainees",
        bundle=Bundle("guided", "有%(n)s天由你带教并签核，最近定的是%(name)s的第%(number)s天。", "/trainees"),
    )


def end_assignments(enrolment_id: int, on: date) -> None:
    """End the mentor and substitutes of an enrolment that ends."""
    rows = session().scalars(
        sa.select(MentorAssignment).where(
            MentorAssignment.enrolment_id == enrolment_id,
            MentorAssignment.last_day.is_(None) | (MentorAssignment.last_day > on),
        )
    )
    for row in rows:
        row.last_day = max(on, row.first_day) if row.kind == "substitute" else on
    session().flush()


def hand_over(
    actor: PersonId, now: datetime, leaver: PersonId, last_day: date, successor: PersonId | None
) -> list[EnrolmentId]:
    """End what a leaver mentors, substitutes and guides; give trainees to the successor who can take them.

    Returns the enrolments that are left without a mentor; they show as such on the board.
    """
    one_at_a_time(_LOADS)
    mine = sa.and_(
        MentorAssignment.mentor_id == leaver,
        MentorAssignment.last_day.is_(None) | (MentorAssignment.last_day > last_day),
    )
    open_ids = set(
        session().scalars(sa.select(Enrolment.id).where(Enrolment.state.in_(("active", "paused"))))
    )
    left: list[EnrolmentId] = []
    for assignment in list(session().scalars(sa.select(MentorAssignment).where(mine))):
        assignment.last_day = last_day
        if assignment.kind == "mentor" and assignment.enrolment_id in open_ids:
            left.append(EnrolmentId(assignment.enrolment_id))
    guided = sa.and_(GuideAssignment.guide_id == leaver, GuideAssignment.ended_at.is_(None))
    for guiding in session().scalars(sa.select(GuideAssignment).where(guided)):
        guiding.ended_at = now
    session().flush()
    without = [one for one in left if not _to_successor(actor, now, one, last_day, successor)]
    if left:
        record(actor, "mentor.hand_over", f"person:{leaver}", enrolments=left, without=without)
    return without


def _to_successor(
    actor: PersonId, now: datetime, enrolment_id: EnrolmentId, last_day: date, successor: PersonId | None
) -> bool:
    row = get_enrolment(enrolment_id)
    first_day = last_day + timedelta(days=1)
    if successor is None or successor == row.person_id or actor == row.person_id:
        return False
    full = most_mentored(successor, first_day, enrolment_id) >= onboarding_rules().mentor_cap
    if full or "mentor" not in people.roles_of(successor, first_day):
        return False
    _assign(actor, now, row, successor, first_day, None, "mentor", "前任导师离职")
    return True
