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
from cstrain.onboarding.conversion.queries.todo import PapersToArrange, papers_to_arrange
from cstrain.onboarding.conversion.service.common import arrange_key, arrange_url, case_url, hr_people
from cstrain.onboarding.conversion.service.lapse import due_lapses, record_lapses
from cstrain.onboarding.facts import EnrolmentState
from cstrain.onboarding.queries.enrolments import open_enrolments
from cstrain.onboarding.queries.timelines import timelines
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.unit_of_work import unit_of_work

_NOT_ARRANGED_WORDS = {
    "ahead": "%(name)s的转正考试在%(day)s，还有%(left)s个工作日，%(papers)s卷还没有安排。",
    "today": "%(name)s的转正考试是今天（%(day)s），%(papers)s卷还没有安排。",
    "over": "%(name)s的转正考试本应在%(day)s，%(papers)s卷还没有安排。请马上安排。",
}


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
    """Remind HR of conversion papers that are not arranged though their day is near or over.

    Steps and the threshold of escalation, in working days, are policy data; from that on the trainee's
    superior hears of it as well.
    """
    active = [one.id for one in open_enrolments() if one.state is EnrolmentState.ACTIVE]
    found = [one for one in papers_to_arrange(timelines(active, now).values(), now) if one.missing]
    names = people.people([one.person_id for one in found], local_date(now))
    return [due for one in found for due in _arrange_dues(one, names[one.person_id].name, now)]


def _arrange_dues(one: PapersToArrange, name: str, now: datetime) -> Iterable[Due]:
    policy = store.chapter().reminders
    step = "over" if one.over else str(min(each for each in policy.arrange_working_days if one.left <= each))
    message = _NOT_ARRANGED_WORDS["over" if one.over else "today" if one.left == 0 else "ahead"]
    values = {"name": name, "day": one.day, "left": one.left, "papers": one.missing}
    told = {person: arrange_url(one.enrolment_id, one.case_id) for person in hr_people(now, [one.person_id])}
    if one.over or one.left <= policy.arrange_escalate_from:
        for superior in people.superiors_of(one.person_id, local_date(now))[:1]:
            told.setdefault(superior, f"/enrolments/{one.enrolment_id}")
    for person, url in sorted(told.items()):
        key = arrange_key(one.enrolment_id, one.day, step, person)
        yield Due(person, message, key, values, url, one.day)


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
