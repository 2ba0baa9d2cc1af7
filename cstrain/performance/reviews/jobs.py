"""Reminders of monthly reviews: forms that are still due, and cycles nobody has closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.people import queries as people
from cstrain.performance.reviews import queries
from cstrain.performance.reviews.facts import CycleFacts, SubjectFacts


@reminder("reviews.forms")
def forms_due(now: datetime) -> list[Due]:
    """Remind who has forms to fill in a cycle whose last days have come: once, and on the last day again."""
    today = local_date(now)
    return [
        _due(person, cycle, last=today == cycle.closes_on)
        for cycle in queries.open_cycles()
        if cycle.is_open(today) and cycle.closes_on - today <= timedelta(days=cycle.rules.remind_before)
        for person in queries.late_in(cycle)
    ]


def _due(person: PersonId, cycle: CycleFacts, *, last: bool) -> Due:
    return Due(
        person,
        "月度评价还有表等你填，%(day)s截止。",
        key=f"review:{cycle.id}:{cycle.closes_on}:{'last' if last else 'soon'}:{person}",
        values={"day": cycle.closes_on},
        url="/reviews",
        due_on=cycle.closes_on,
    )


@reminder("reviews.close")
def closes_due(now: datetime) -> list[Due]:
    """Remind who opened a cycle, or HR when they are gone, that its window is over."""
    today = local_date(now)
    over = [one for one in queries.open_cycles() if today > one.closes_on]
    return [
        Due(
            person,
            "%(place)s的月度评价已到截止日，可以结束了。",
            key=f"review-close:{one.id}:{one.closes_on}:{person}",
            values={"place": one.department_name},
            url=f"/reviews/cycles/{one.id}",
        )
        for one in over
        for person in _closers(one, queries.subjects_of([one.id]), now)
    ]


def _closers(one: CycleFacts, subjects: list[SubjectFacts], now: datetime) -> Iterator[PersonId]:
    today = local_date(now)
    reviewed = {each.person for each in subjects}
    if queries.may_open(one.opened_by, one.department, today):
        yield one.opened_by
        return
    hr = {each for role in ("hr", "hr_manager") for each in people.persons_with_role(role, today)}
    yield from sorted(hr - reviewed)
