"""What conversion does when time passes: ending probations are reminded of, then recorded as converted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.facts import CaseFacts
from cstrain.onboarding.conversion.queries import records
from cstrain.onboarding.conversion.queries.dossier import case_view
from cstrain.onboarding.conversion.service.common import case_url, hr_people
from cstrain.onboarding.conversion.service.lapse import due_lapses, record_lapses
from cstrain.onboarding.queries.enrolments import open_enrolments, planned_days, programme
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.unit_of_work import unit_of_work


def run(now: datetime) -> int:
    """Record the probations that have ended undecided, in a unit of work of their own; return how many."""
    if not due_lapses(now):
        return 0
    with unit_of_work():
        return record_lapses(now)


@reminder("conversion.probation_end")
def probation_ends(now: datetime) -> list[Due]:
    """Remind HR and the supervisor 7, 3 and 1 days before a probation ends; superiors from 3 days on.

    Days and the threshold of escalation are policy data (docs/rules.md 1, labour law).
    """
    today = local_date(now)
    found: list[Due] = []
    for facts in people.everybody(today):
        contract = people.contract_of(facts.id, today) if facts.status is Status.PROBATION else None
        if contract is not None and contract.probation_end is not None and contract.probation_end >= today:
            found += _of_person(facts, contract.probation_end, today, now)
    return found


def _of_person(facts: PersonFacts, end: date, today: date, now: datetime) -> list[Due]:
    left = (end - today).days
    policy = store.chapter().reminders
    steps = [days for days in policy.days_before_end if left <= days]
    case = records.latest_case_of(facts.id)
    if not steps or _is_decided(facts, end):
        return []
    step = min(steps)
    told = _told(facts.id, today, now, escalated=step <= policy.escalate_from)
    return [
        Due(
            person,
            "%(name)s的试用期%(end)s截止，还剩%(left)s天，还没有决定。到期没有决定的，依法视为转正。",
            key=f"probation-end:{facts.id}:{end.isoformat()}:{step}:{person}",
            values={"name": facts.name, "end": end, "left": left},
            url=case_url(case.id) if case is not None else f"/people/{facts.id}",
            due_on=end,
        )
        for person in told
    ]


def _is_decided(facts: PersonFacts, end: date) -> bool:
    """Tell whether a conversion or a leaving within the probation is on record already."""
    states = [one for one in people.state_days(facts.id) if one.effective_from <= end + timedelta(days=1)]
    return bool(states) and states[-1].state.status is not Status.PROBATION


def _told(person: PersonId, today: date, now: datetime, *, escalated: bool) -> list[PersonId]:
    superiors = people.superiors_of(person, today)
    found = set(hr_people(now, [person])) | set(superiors[:1])
    if escalated:
        found |= set(superiors[1:2]) | set(people.persons_with_role("gm_office", today))
    return sorted(found - {person})


@reminder("conversion.arrange")
def exams_to_arrange(now: datetime) -> list[Due]:
    """Remind HR of conversion exams that are some days ahead and not arranged (days are policy data)."""
    today = local_date(now)
    latest = today + timedelta(days=store.chapter().reminders.arrange_before_days)
    cased = {case.enrolment_id for case in records.cases()}
    ahead = []
    for one in open_enrolments():
        conversion = programme(one.id).conversion
        day = planned_days(one.id).get(conversion.day) if conversion and one.id not in cased else None
        if day is not None and today <= day <= latest:
            ahead.append((one, day))
    names = people.people([one.person for one, _day in ahead], today)
    return [
        Due(
            person,
            "%(name)s的转正考试在%(day)s，还没有安排。",
            key=f"arrange-conversion:{one.id}:{day.isoformat()}:{person}",
            values={"name": names[one.person].name, "day": day},
            url=f"/conversions/enrolments/{one.id}/papers",
            due_on=day,
        )
        for one, day in ahead
        for person in hr_people(now, [one.person])
    ]


@reminder("conversion.missed_sitting")
def missed_sittings(now: datetime) -> list[Due]:
    """Tell HR of conversion papers whose sitting has passed without an attempt."""
    return [due for case in records.open_cases() for due in _missed(case, now)]


def _missed(case: CaseFacts, now: datetime) -> Iterable[Due]:
    view = case_view(case.id, now)
    for line in view.papers:
        if line.sitting is not None and line.sitting.over and not line.passed and not line.being_marked:
            for person in hr_people(now, [case.person_id]):
                yield Due(
                    person,
                    "%(name)s没有参加《%(paper)s》，请核实并另行安排。",
                    key=f"missed:{line.sitting.sitting_id}:{person}",
                    values={"name": view.person.name, "paper": line.short},
                    url=case_url(case.id),
                )
