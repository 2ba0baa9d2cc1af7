"""Reminders: who has not acknowledged the edition that binds them, then their direct superior."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cstrain.extensions import local_date
from cstrain.judgement.ladder import Ladder
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.promotion.editions import queries


@reminder("edition.acknowledge")
def due(now: datetime) -> list[Due]:
    """Remind some days after the approval (the first day, or the hiring); tell the superior later on."""
    rules, today = queries.edition_rules(), local_date(now)
    found: list[Due] = []
    for ladder, person, since in queries.waiting_people(now):
        waited = (today - since).days
        if waited >= rules.remind_days:
            found.append(_own(ladder, person))
        if waited >= rules.escalate_days:
            found.extend(_superior(ladder, person, waited, now))
    return found


def _own(ladder: Ladder, person: PersonFacts) -> Due:
    return Due(
        person.id,
        "请阅读并确认%(title)s（第%(n)s版）。",
        f"ladder-edition:{ladder.ref}:{ladder.edition}:{person.id}",
        {"title": ladder.title, "n": ladder.edition},
        f"/promotion/editions/{ladder.ref}/{ladder.edition}",
    )


def _superior(ladder: Ladder, person: PersonFacts, waited: int, now: datetime) -> Iterable[Due]:
    upper = people.supervisor_of(person.id, local_date(now))
    if upper is not None:
        yield Due(
            upper,
            "%(name)s还没有确认%(title)s（第%(n)s版），已过%(days)s天。请提醒一下。",
            f"ladder-edition:{ladder.ref}:{ladder.edition}:{person.id}:escalated",
            {"name": person.name, "title": ladder.title, "n": ladder.edition, "days": waited},
            "/notices",
            kind="escalation",
        )
