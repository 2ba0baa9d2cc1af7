"""Reminders: contests of deductions whose last day to decide has come, or has gone by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from cstrain.access import may, roles_granting
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.people import queries as people
from cstrain.performance.discipline import queries
from cstrain.performance.discipline.facts import DeductionFacts

_WORDS = {
    "due": "%(name)s的扣分申诉要在%(day)s前决定，请处理。",
    "late": "%(name)s的扣分申诉过了期限（%(day)s）还没有决定，请马上处理。",
}


@reminder("discipline.contests")
def contests_due(now: datetime) -> list[Due]:
    """Remind who may decide a contest on its last working day, and once more when that has gone by."""
    today = local_date(now)
    deciders = _deciders(today)
    return [
        due for one in queries.contested_until() if one.until <= today for due in _of(one, deciders, today)
    ]


def _deciders(today: date) -> list[PersonId]:
    """Return everybody whose office decides contests."""
    return sorted(
        {one for role in roles_granting("deduction.decide") for one in people.persons_with_role(role, today)}
    )


def _of(one: queries.WaitingContest, deciders: Iterable[PersonId], today: date) -> Iterable[Due]:
    about: DeductionFacts = one.deduction
    step = "late" if one.until < today else "due"
    name = people.get_person(about.person, today).name
    for person in deciders:
        concerned = person in {about.person, about.booked_by}
        if concerned or not may(person, "deduction.decide", about.person):
            continue
        yield Due(
            person,
            _WORDS[step],
            key=f"deduction-contest:{about.id}:{step}:{person}",
            values={"name": name, "day": one.until},
            url=f"/discipline/deductions/{about.id}",
            due_on=one.until,
        )
