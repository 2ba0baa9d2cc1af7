"""Reminders: unsigned days to the mentor, then to the supervisor; trainees without a mentor to HR."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.onboarding.facts import DayFacts, EnrolmentState, Timeline
from cstrain.onboarding.queries.enrolments import open_enrolments
from cstrain.onboarding.queries.timelines import timelines
from cstrain.onboarding.rules.dates import working_days_between
from cstrain.onboarding.store import onboarding_rules
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, WorkPlan


def _active(now: datetime) -> list[Timeline]:
    ids = [one.id for one in open_enrolments() if one.state is EnrolmentState.ACTIVE]
    return list(timelines(ids, now).values())


@reminder("onboarding.sign_offs")
def unsigned_days(now: datetime) -> list[Due]:
    """Return reminders of unsigned days: after 1 working day to who signs, after 3 to the superior."""
    found = _active(now)
    today = local_date(now)
    signers = {signer for line in found for day in line.unsigned for signer in _signers(line, day)}
    plans = people.work_plans(signers)
    facts = people.people([line.enrolment.person for line in found], today)
    return [
        due
        for line in found
        for day in line.unsigned
        for due in _dues(line, day, plans, facts[line.enrolment.person], today)
    ]


def _signers(line: Timeline, day: DayFacts) -> set[PersonId]:
    if day.spec.signed_by == "guide":
        return {day.guide} if day.guide is not None else set()
    return {line.mentor.mentor} if line.mentor is not None else set()


def _dues(
    line: Timeline, day: DayFacts, plans: dict[PersonId, WorkPlan], trainee: PersonFacts, today: date
) -> Iterator[Due]:
    limits = onboarding_rules().reminders
    key = f"unsigned:{line.enrolment.id}:{day.number}"
    values = {"name": trainee.name, "number": day.number, "day": day.on_day}
    for signer in sorted(_signers(line, day)):
        if signer not in plans:
            continue
        waited = working_days_between(day.on_day, today, plans[signer].is_rostered)
        if waited >= limits.mentor_after:
            says = "%(name)s的第%(number)s天（%(day)s）还没签核。"
            yield Due(signer, says, f"{key}:{signer}", values, "/trainees")
        if waited >= limits.supervisor_after:
            yield from _escalate(line, signer, key, values, waited, today)


def _escalate(
    line: Timeline, signer: PersonId, key: str, values: dict[str, object], waited: int, today: date
) -> Iterator[Due]:
    superior = people.supervisor_of(signer, today)
    if superior is None or superior == line.enrolment.person:
        return
    yield Due(
        superior,
        "%(name)s的第%(number)s天过了%(waited)s个工作日还没签核，请督促签核人。",
        f"{key}:superior:{superior}",
        {**values, "waited": waited},
        f"/enrolments/{line.enrolment.id}",
    )


@reminder("onboarding.mentors")
def without_mentor(now: datetime) -> list[Due]:
    """Return reminders to HR of trainees who have no mentor today."""
    today = local_date(now)
    found = [line for line in _active(now) if line.mentor is None and line.days[0].on_day <= today]
    facts = people.people([line.enrolment.person for line in found], today)
    return [
        Due(
            hr,
            "%(name)s没有导师，培训日没有人签核。请指定导师。",
            f"no-mentor:{line.enrolment.id}:{today.isoformat()}:{hr}",
            {"name": facts[line.enrolment.person].name},
            f"/enrolments/{line.enrolment.id}/mentor",
        )
        for line in found
        for hr in people.persons_with_role("hr", today)
        if hr != line.enrolment.person
    ]


@reminder("onboarding.guides")
def without_guide(now: datetime) -> list[Due]:
    """Return reminders to HR of guide days within the next two days for which nobody is named."""
    today = local_date(now)
    found = [
        (line, day)
        for line in _active(now)
        for day in line.days
        if day.spec.signed_by == "guide" and day.guide is None and 0 <= (day.on_day - today).days <= 2
    ]
    facts = people.people([line.enrolment.person for line, _ in found], today)
    return [
        Due(
            hr,
            "%(name)s的第%(number)s天（%(day)s）在%(place)s，还没有指定带教人。",
            f"no-guide:{line.enrolment.id}:{day.number}:{hr}",
            {
                "name": facts[line.enrolment.person].name,
                "number": day.number,
                "day": day.on_day,
                "place": day.spec.place,
            },
            f"/enrolments/{line.enrolment.id}/guides",
        )
        for line, day in found
        for hr in people.persons_with_role("hr", today)
        if hr != line.enrolment.person
    ]
