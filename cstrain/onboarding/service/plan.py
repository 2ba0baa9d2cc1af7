"""The dates of an enrolment: planned at the start, moved on leave, with before and after and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.notifications.facts import Bundle
from cstrain.notifications.service import notify
from cstrain.onboarding.errors import WindowBrokenError
from cstrain.onboarding.events import DaysMoved, days_moved
from cstrain.onboarding.facts import EnrolmentState
from cstrain.onboarding.models import Enrolment, PlannedDay, Replan
from cstrain.onboarding.policy import Programme
from cstrain.onboarding.queries.enrolments import planned_days
from cstrain.onboarding.queries.mentors import mentor_on
from cstrain.onboarding.queries.timelines import timeline
from cstrain.onboarding.rules import dates as rules
from cstrain.onboarding.service.common import need_open, need_reason, not_self
from cstrain.onboarding.service.day_exams import move_exams
from cstrain.onboarding.store import edition_of, get_enrolment
from cstrain.people import queries as people
from cstrain.people.facts import WorkPlan


@dataclass(frozen=True, slots=True)
class Plan:
    """Dates by day number, and what is to be said of them: days over the window, years without holidays.

    ``from_day`` is the day from which days were free to move.
    """

    from_day: date
    dates: dict[int, date]
    last: date
    limit: date
    over: int
    unpublished: tuple[int, ...]


def plan_from(start: date, programme: Programme, hired: date, work_plan: WorkPlan) -> Plan:
    """Return the dates of all days when day 1 is the first rostered day from ``start`` on."""
    days = rules.day_dates(start, programme.length, work_plan.is_rostered)
    return _plan(start, dict(enumerate(days, start=1)), programme, hired, work_plan)


def _plan(
    from_day: date, dates: dict[int, date], programme: Programme, hired: date, work_plan: WorkPlan
) -> Plan:
    last = max(dates.values())
    return Plan(
        from_day=from_day,
        dates=dates,
        last=last,
        limit=rules.window_end(hired, programme.window_days),
        over=rules.days_over(last, hired, programme.window_days),
        unpublished=tuple(
            sorted({day.year for day in dates.values() if not work_plan.calendar.is_published(day)})
        ),
    )


def preview_enrolment(person: PersonId, programme: Programme, start: date) -> Plan:
    """Return the dates an enrolment would have; refuses a start before the hire date."""
    facts = people.get_person(person, start)
    if start < facts.hire_date:
        raise DomainError("没有保存：开始日期早于入职日%(hired)s。请改正日期。", hired=facts.hire_date)
    return plan_from(start, programme, facts.hire_date, people.work_plan(person))


def check_window(plan: Plan, programme: Programme, acknowledged: bool) -> None:
    """Raise ``WindowBrokenError`` when the plan breaks the window and nobody has acknowledged it."""
    if plan.over and not acknowledged:
        raise WindowBrokenError(plan.last, plan.limit, programme.window_days, plan.over)


def window_note(plan: Plan, programme: Programme) -> str | None:
    """Return what is kept of a broken window, or ``None``."""
    if not plan.over:
        return None
    return f"last={plan.last.isoformat()} limit={plan.limit.isoformat()} over={plan.over}"


def preview_replan(
    enrolment_id: EnrolmentId, from_day: date, now: datetime, keep_before: date = date.min
) -> tuple[dict[int, date], Plan]:
    """Return the dates as they stand and as they would become from ``from_day`` on."""
    row = get_enrolment(enrolment_id)
    programme = edition_of(row)
    before = planned_days(enrolment_id)
    facts = people.get_person(PersonId(row.person_id), local_date(now))
    work_plan = people.work_plan(PersonId(row.person_id))
    after = rules.replan(before, _begun(enrolment_id, now), from_day, work_plan.is_rostered, keep_before)
    return before, _plan(from_day, after, programme, facts.hire_date, work_plan)


def _begun(enrolment_id: EnrolmentId, now: datetime) -> set[int]:
    """Return the days of which something is on record."""
    found = timeline(enrolment_id, now)
    lessons = ("lesson", "see")
    return {
        day.number
        for day in found.days
        if day.sign is not None or any(task.done for task in day.tasks if task.kind not in lessons)
    }


def replan(
    actor: PersonId,
    now: datetime,
    enrolment_id: EnrolmentId,
    from_day: date,
    reason: str,
    *,
    window_acknowledged: bool = False,
) -> Plan:
    """Move the days that have not begun to the rostered days from ``from_day`` on; keep the reason.

    Refuses when nothing would move; raises ``WindowBrokenError`` unless a broken window is acknowledged.
    """
    row = get_enrolment(enrolment_id, lock=True)
    not_self(actor, row.person_id)
    need_open(row)
    text = need_reason(reason)
    before, plan = preview_replan(enrolment_id, from_day, now)
    if plan.dates == before:
        raise ConflictError("没有改动：按现在的排班和请假，日期不用变。")
    check_window(plan, edition_of(row), window_acknowledged)
    apply_plan(actor, now, row, before, plan, text, manual=True)
    return plan


def apply_plan(
    actor: PersonId | None,
    now: datetime,
    row: Enrolment,
    before: Mapping[int, date],
    plan: Plan,
    reason: str,
    *,
    manual: bool,
) -> None:
    """Write new dates with what stood before; move the exams; tell the trainee and the mentor."""
    enrolment_id = EnrolmentId(row.id)
    for day in session().scalars(sa.select(PlannedDay).where(PlannedDay.enrolment_id == row.id)):
        day.on_day = plan.dates[day.day_number]
    row.window_note = window_note(plan, edition_of(row))
    session().add(
        Replan(
            enrolment_id=row.id,
            at=now,
            by=actor,
            reason=reason,
            from_day=plan.from_day,
            manual=manual,
            before={str(number): day.isoformat() for number, day in before.items()},
            after={str(number): day.isoformat() for number, day in plan.dates.items()},
        )
    )
    session().flush()
    record(actor, "enrolment.replan", f"enrolment:{row.id}", last=plan.last.isoformat(), over=plan.over)
    exams = move_exams(actor, now, enrolment_id, before, plan.dates, reason)
    _tell(now, row, before, plan, exams)
    days_moved.send(DaysMoved(enrolment_id, PersonId(row.person_id), dict(before), plan.dates, actor, now))


def _tell(now: datetime, row: Enrolment, before: Mapping[int, date], plan: Plan, exams: int) -> None:
    """Tell trainee and mentor; the trainee's notice speaks for the ``exams`` that moved along as well."""
    moved = [number for number, day in plan.dates.items() if before.get(number) != day]
    if not moved:
        return
    values = {"first": moved[0], "day": plan.dates[moved[0]], "last": plan.last}
    notify(
        PersonId(row.person_id),
        "培训日期有变：第%(first)s天改到%(day)s，最后一天是%(last)s，还没考的考试跟着改期。"
        if exams
        else "培训日期有变：第%(first)s天改到%(day)s，最后一天是%(last)s。",
        now=now,
        values=values,
        url="/programme",
        bundle=Bundle(
            f"moved:{row.id}",
            "培训日期改了%(n)s次，最近一次：第%(first)s天改到%(day)s，最后一天是%(last)s。",
            "/programme",
            mail_each=True,
        ),
    )
    mentor = mentor_on(row.id, local_date(now))
    if mentor is not None:
        notify(
            mentor.mentor,
            "你的学员培训日期有变：第%(first)s天改到%(day)s，最后一天是%(last)s。",
            now=now,
            values=values,
            url=f"/enrolments/{row.id}",
            bundle=Bundle(
                f"moved:{row.id}",
                "你的学员培训日期改了%(n)s次，最近一次：第%(first)s天改到%(day)s，最后一天是%(last)s。",
                f"/enrolments/{row.id}",
                mail_each=True,
            ),
        )


def follow_plan_change(
    actor: PersonId | None, now: datetime, person: PersonId, first_day: date, reason: str
) -> EnrolmentId | None:
    """Move the days of an active enrolment after a change of roster, leave or calendar.

    Days before today stay where something is on record. A window that breaks is kept as a note and told to
    those who manage enrolments. Returns the enrolment when something moved.
    """
    found = session().scalar(
        sa.select(Enrolment).where(
            Enrolment.person_id == person, Enrolment.state == str(EnrolmentState.ACTIVE)
        )
    )
    if found is None:
        return None
    floor = max(first_day, local_date(now), found.start_date, _held_until(found.id))
    before, plan = preview_replan(EnrolmentId(found.id), floor, now, keep_before=floor)
    if plan.dates == before:
        return None
    was_over = found.window_note is not None
    apply_plan(actor, now, found, before, plan, reason, manual=False)
    if plan.over and not was_over:
        for hr in people.persons_with_role("hr", local_date(now)):
            notify(
                hr,
                "重排后培训超出入职期限%(over)s天，最后一天是%(last)s。请安排。",
                now=now,
                values={"over": plan.over, "last": plan.last},
                url=f"/enrolments/{found.id}",
            )
    return EnrolmentId(found.id)


def _held_until(enrolment_id: int) -> date:
    """Return the day from which people last planned by hand: nothing is pulled to before it."""
    held = session().scalar(
        sa.select(Replan.from_day)
        .where(Replan.enrolment_id == enrolment_id, Replan.manual)
        .order_by(Replan.id.desc())
        .limit(1)
    )
    return held or date.min
