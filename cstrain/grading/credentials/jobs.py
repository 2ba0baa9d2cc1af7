"""Reminders of passes that lapse: to who holds them, near the end to the superior too; and once after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from cstrain.extensions import local_date
from cstrain.grading.credentials import rules
from cstrain.grading.credentials.facts import Credential
from cstrain.grading.credentials.policy import CredentialReminders
from cstrain.grading.credentials.queries.lapsing import lapsing
from cstrain.grading.credentials.store import credential_rules
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status

_OWN = {
    False: "你的《%(paper)s》成绩%(day)s以后失效（当天还有效）。要继续有效，请在那以前再考一次。",
    True: "你的《%(paper)s》成绩有效期到%(day)s，已经失效。需要的话请再考一次。",
}
_SUPERIOR = {
    False: "%(name)s的《%(paper)s》成绩%(day)s以后失效（当天还有效），需要的话请安排再考。",
    True: "%(name)s的《%(paper)s》成绩有效期到%(day)s，已经失效，需要的话请安排再考。",
}


@reminder("credentials.lapse")
def passes_that_lapse(now: datetime) -> list[Due]:
    """Return reminders of passes before their last day and once after it; days are policy data.

    A pass that a newer one of the same paper replaces, and those of people who have left, are no matter.
    """
    today, policy = local_date(now), credential_rules().reminders
    found = lapsing(now)
    names = people.people([one.person_id for one in found], today)
    return [
        due
        for one in found
        if names[one.person_id].status is not Status.LEFT
        for due in _dues(one, names[one.person_id], policy, today)
    ]


def _dues(one: Credential, holder: PersonFacts, policy: CredentialReminders, today: date) -> Iterator[Due]:
    step = rules.reminder_step(policy, today, one.valid_until) if one.valid_until is not None else None
    if step is None or one.valid_until is None:
        return
    over = step == rules.LAPSED_STEP
    key = f"credential:{one.ref}:{one.valid_until.isoformat()}:{'over' if over else step}"
    values = {"paper": one.title, "day": one.valid_until}
    yield Due(holder.id, _OWN[over], key, values, "/credentials", one.valid_until)
    superior = people.supervisor_of(holder.id, today) if step <= policy.escalate_from else None
    if superior is not None:
        link = f"/credentials/people/{holder.id}"
        named = {**values, "name": holder.name}
        yield Due(superior, _SUPERIOR[over], f"{key}:{superior}", named, link, one.valid_until)
