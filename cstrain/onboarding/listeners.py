"""Onboarding hears of people who leave, of leave, rosters and moves; it tells exams and marking of ties."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from flask_babel import gettext

from cstrain.exams.queries import PeopleGroup, group_sources
from cstrain.extensions import local_date
from cstrain.grading.written.queries import close_sources
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.onboarding.facts import EnrolmentState
from cstrain.onboarding.queries.enrolments import open_enrolment_of, open_enrolments
from cstrain.onboarding.queries.mentors import ever_mentored
from cstrain.onboarding.service.enrol import close_enrolment
from cstrain.onboarding.service.mentors import hand_over
from cstrain.onboarding.service.plan import follow_plan_change
from cstrain.people import queries as people
from cstrain.people.events import (
    DepartmentChanged,
    PersonLeft,
    PlanChanged,
    department_changed,
    person_left,
    plan_changed,
)

_WHY = {
    "leave": "登记请假后自动重排",
    "leave_cancelled": "撤销请假后自动重排",
    "roster": "排班变动后自动重排",
}


@person_left.listen
def on_person_left(event: PersonLeft) -> None:
    """End the leaver's own enrolment; hand their trainees over, and tell HR of those without a mentor."""
    mine = open_enrolment_of(event.person)
    if mine is not None:
        close_enrolment(event.actor, event.now, mine.id, "离职", on=event.last_day)
    for enrolment_id in hand_over(event.actor, event.now, event.person, event.last_day, event.successor):
        for hr in people.persons_with_role("hr", local_date(event.now)):
            notify(
                hr,
                "有学员没有导师了：前任导师%(day)s离职。请指定新的导师。",
                now=event.now,
                values={"day": event.last_day},
                url=f"/enrolments/{enrolment_id}/mentor",
                key=f"no-mentor:{enrolment_id}:{event.last_day.isoformat()}:{hr}",
            )


@plan_changed.listen
def on_plan_changed(event: PlanChanged) -> None:
    """Move the days of a trainee whose leave or roster changed."""
    reason = _WHY.get(event.why, _WHY["roster"])
    follow_plan_change(event.actor, event.now, event.person, event.first_day, reason)


@department_changed.listen
def on_department_changed(event: DepartmentChanged) -> None:
    """Plan by the new department's calendar, and ask HR to look at mentor and programme."""
    mine = open_enrolment_of(event.person)
    if mine is None:
        return
    follow_plan_change(event.actor, event.now, event.person, event.effective_from, "调部门后自动重排")
    for hr in people.persons_with_role("hr", local_date(event.now)):
        _ask(hr, event)


def _ask(hr: PersonId, event: DepartmentChanged) -> None:
    mine = open_enrolment_of(event.person)
    if mine is None or hr == event.person:
        return
    notify(
        hr,
        "在训学员从%(day)s起调部门。请看导师和培训计划要不要改。",
        now=event.now,
        values={"day": event.effective_from},
        url=f"/enrolments/{mine.id}",
        key=f"department:{mine.id}:{event.effective_from.isoformat()}:{hr}",
    )


def cohort_groups(on: date) -> list[PeopleGroup]:
    """Return the trainees of each cohort, for arranging an exam; whose training is paused is left out."""
    found: dict[int, tuple[str, list[PersonId]]] = {}
    for one in open_enrolments():
        if one.state is EnrolmentState.ACTIVE:
            found.setdefault(one.cohort_id, (one.cohort_name, []))[1].append(one.person)
    return [
        PeopleGroup(f"cohort-{cohort_id}", name, gettext("整期学员：%(name)s", name=name), tuple(persons))
        for cohort_id, (name, persons) in sorted(found.items())
    ]


if cohort_groups not in group_sources:
    group_sources.append(cohort_groups)


def mentored(marker: PersonId, candidates: Collection[PersonId], on: date) -> frozenset[PersonId]:
    """Return the candidates whom a marker mentors or has mentored: their answers are marked by others."""
    return ever_mentored(marker, candidates)


if mentored not in close_sources:
    close_sources.append(mentored)
