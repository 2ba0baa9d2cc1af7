"""What happens on a day: activities ticked off, the day confirmed by the trainee."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ForbiddenError, NotFoundError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.notifications.service import notify
from cstrain.onboarding.facts import DayFacts, Timeline
from cstrain.onboarding.models import ActivityDone, DayConfirmation
from cstrain.onboarding.policy import Activity
from cstrain.onboarding.queries.timelines import timeline
from cstrain.onboarding.rules import days as rules
from cstrain.onboarding.rules.dates import pre_start_dates
from cstrain.onboarding.store import MISSING, get_enrolment
from cstrain.people import queries as people
from cstrain.unit_of_work import flush_unique

PRE_START_DAY = 0


def tick_activity(
    actor: PersonId, now: datetime, enrolment_id: EnrolmentId, number: int, activity_id: str, note: str = ""
) -> None:
    """Note that an activity was done: own ones by the trainee, the others by mentor, substitute or guide.

    Day 0 is the pre-start block. Refuses a day that is not open yet and somebody else's part.
    """
    get_enrolment(enrolment_id, lock=True)
    found = timeline(enrolment_id, now)
    activity = _activity(found, number, activity_id)
    if number == PRE_START_DAY:
        _check_pre_start(found)
    else:
        rules.check_open(found.enrolment.state, _day(found, number).on_day, found.today, number)
    _check_whose(actor, found, number, activity)
    if number != PRE_START_DAY and _is_ticked(found, number, activity_id):
        return
    session().add(
        ActivityDone(
            enrolment_id=enrolment_id,
            day_number=number,
            activity=activity_id,
            done_at=now,
            by=actor,
            note=note.strip(),
        )
    )
    flush_unique("这一项已经登记过了。")
    record(actor, "day.activity", f"enrolment:{enrolment_id}", day=number, activity=activity_id)


def _is_ticked(found: Timeline, number: int, activity_id: str) -> bool:
    return any(task.ref == activity_id and task.done for task in _day(found, number).tasks)


def _activity(found: Timeline, number: int, activity_id: str) -> Activity:
    pre_start = found.programme.pre_start if found.enrolment.with_pre_start else None
    spec = found.programme.day(number)
    if number == PRE_START_DAY:
        offered = pre_start.activities if pre_start is not None else ()
    else:
        offered = spec.activities if spec is not None else ()
    for activity in offered:
        if activity.id == activity_id:
            return activity
    raise NotFoundError(MISSING)


def _day(found: Timeline, number: int) -> DayFacts:
    day = found.day(number)
    if day is None:
        raise NotFoundError(MISSING)
    return day


def _check_pre_start(found: Timeline) -> None:
    pre_start = found.programme.pre_start
    plan = people.work_plan(found.enrolment.person)
    length = pre_start.days if pre_start is not None else 0
    first = pre_start_dates(found.days[0].on_day, length, plan.is_rostered)[0]
    rules.check_open(found.enrolment.state, first, found.today, PRE_START_DAY)


def _check_whose(actor: PersonId, found: Timeline, number: int, activity: Activity) -> None:
    if activity.by == "trainee":
        if actor != found.enrolment.person:
            raise ForbiddenError("这一项由学员自己登记。")
        return
    day = found.day(number)
    guide = day.guide if day is not None else None
    leading = {one.mentor for one in found.substitutes} | {guide}
    if found.mentor is not None:
        leading.add(found.mentor.mentor)
    if actor == found.enrolment.person or actor not in leading:
        raise ForbiddenError("这一项由导师或带教人登记。")


def confirm_day(person: PersonId, now: datetime, enrolment_id: EnrolmentId, number: int) -> None:
    """Confirm a day as its trainee: lessons read, own activities, quiz and papers done.

    Tells who signs it. Refuses with what is missing.
    """
    get_enrolment(enrolment_id, lock=True)
    found = timeline(enrolment_id, now)
    if found.enrolment.person != person:
        raise NotFoundError(MISSING)
    day = _day(found, number)
    rules.check_open(found.enrolment.state, day.on_day, found.today, number)
    rules.check_confirm(day.tasks, day.confirmed_at is not None)
    session().add(DayConfirmation(enrolment_id=enrolment_id, day_number=number, confirmed_at=now))
    flush_unique("这一天你已经确认过了，不用再确认。")
    record(person, "day.confirm", f"enrolment:{enrolment_id}", day=number)
    _tell_signer(now, found, day)


def _tell_signer(now: datetime, found: Timeline, day: DayFacts) -> None:
    if day.spec.signed_by == "guide":
        signers = {day.guide} - {None}
    else:
        signers = {one.mentor for one in found.substitutes}
        if found.mentor is not None:
            signers.add(found.mentor.mentor)
    trainee = people.get_person(found.enrolment.person, local_date(now))
    for signer in sorted(one for one in signers if one is not None):
        notify(
            signer,
            "%(name)s完成了第%(number)s天，等你签核。",
            now=now,
            values={"name": trainee.name, "number": day.number},
            url="/trainees",
            key=f"sign:{found.enrolment.id}:{day.number}:{signer}",
        )
