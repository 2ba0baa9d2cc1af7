"""Booking deductions by a published rule, for one person or for several at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.performance.discipline import rules, store
from cstrain.performance.discipline.facts import Booking
from cstrain.performance.discipline.models import Deduction
from cstrain.performance.discipline.policy import RuleSet
from cstrain.unit_of_work import one_at_a_time


def book(actor: PersonId, now: datetime, about: Collection[PersonId], booking: Booking) -> list[int]:
    """Book the deduction for each of ``about`` (in full for each); returns the ids.

    The edition in force on the day it happened decides. Refuses oneself, whoever was not employed on the
    day, a day ahead or too long ago, points outside the range (before the multiplier), a general rule while
    a more specific one was not said not to fit, and the same booking twice. The people are told.
    """
    today, wanted = local_date(now), list(dict.fromkeys(about))
    chapter = store.rule_set(booking.rule_set, booking.day)
    if chapter is None:
        raise DomainError("没有登记：发生那天还没有这套扣分规定，请另选一条或核对日期。")
    rules.check_people(actor, wanted)
    rules.check_day(booking.day, today, chapter.book_within_days)
    rules.check_rule(chapter, booking)
    aside = rules.check_specific(chapter, booking)
    employed(wanted, booking.day)
    rows = [_row(actor, now, person, booking, chapter, aside) for person in sorted(wanted)]
    for row in rows:
        _check_once(PersonId(row.person_id), booking)
        session().add(row)
        session().flush()
        _tell(row, actor, now)
    return [row.id for row in rows]


def _row(
    actor: PersonId,
    now: datetime,
    person: PersonId,
    booking: Booking,
    chapter: RuleSet,
    aside: tuple[str, ...],
) -> Deduction:
    rule = rules.check_rule(chapter, booking)
    times = rules.factor(rule, booking.times_code)
    return Deduction(
        person_id=person,
        day=booking.day,
        rule_set=chapter.ref,
        edition=chapter.edition,
        code=rule.code,
        rule_text=rule.text,
        points=booking.points,
        times=times,
        times_code=booking.times_code,
        total=booking.points * times,
        set_aside=list(aside),
        evidence=booking.evidence.strip(),
        booked_by=actor,
        booked_at=now,
        contest_until=_until(person, local_date(now), chapter),
    )


def employed(about: Collection[PersonId], day: date) -> dict[PersonId, PersonFacts]:
    """Return people as they stood on a day; refuses whoever was not employed on it."""
    found = people.people(about, day)
    for one in about:
        facts = found.get(one)
        if facts is None or facts.status is Status.LEFT or facts.hire_date > day:
            raise DomainError(
                "没有登记：工号%(number)s在那一天不在职，请核对日期和工号。",
                number=facts.staff_no if facts is not None else "",
            )
    return found


def _until(person: PersonId, today: date, chapter: RuleSet) -> date:
    return rules.contest_until(people.work_calendar(person), today, chapter.contest_days)


def _check_once(person: PersonId, booking: Booking) -> None:
    one_at_a_time(f"deduction:{person}")
    same = sa.select(Deduction.id).where(
        Deduction.person_id == person,
        Deduction.day == booking.day,
        Deduction.rule_set == booking.rule_set,
        Deduction.code == booking.code,
        Deduction.evidence == booking.evidence.strip(),
        Deduction.reverses_id.is_(None),
    )
    if session().scalar(same) is not None:
        raise ConflictError("没有再登记：同一天、同一条、同样依据的扣分已经登记过。")


def _tell(row: Deduction, actor: PersonId, now: datetime) -> None:
    record(
        actor,
        "deduction.book",
        f"deduction:{row.id}",
        person=row.person_id,
        rule=f"{row.rule_set}/{row.edition}/{row.code}",
        total=row.total,
    )
    notify(
        PersonId(row.person_id),
        "你在%(day)s有一条扣分：%(n)s分。不同意可以在%(until)s以前申诉。",
        values={"day": row.day, "n": row.total, "until": row.contest_until},
        url=f"/discipline/deductions/{row.id}",
        now=now,
    )
