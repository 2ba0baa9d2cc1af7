"""What rulebook adds to notifications: reminders of documents that wait, and their escalation."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.extensions import local_date
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.people.facts import PersonFacts
from cstrain.people.queries import supervisor_of
from cstrain.rulebook.policy import Document
from cstrain.rulebook.queries import tracking
from cstrain.rulebook.readers import followed as followed  # fills what lessons ask of packages above

_FIRST_DAYS = 2
_ESCALATE_DAYS = 7


@reminder("rulebook.acknowledge")
def due(now: datetime) -> list[Due]:
    """Remind after two days (of the edition's force, or of the person's hiring); tell the superior after
    seven."""
    today = local_date(now)
    return [
        one
        for found in tracking(today)
        for person in found.waiting
        for one in _for(found.document, person, today)
    ]


def _for(document: Document, person: PersonFacts, today: date) -> list[Due]:
    since = max(document.effective_from, person.hire_date)
    waited = (today - since).days
    key, url = f"rulebook:{document.ref}:{document.edition}:{person.id}", f"/rulebook/{document.ref}"
    found = []
    if waited >= _FIRST_DAYS:
        values = {"title": document.title}
        found.append(Due(person.id, "请阅读并确认《%(title)s》。", key, values, url))
    upper = supervisor_of(person.id, today) if waited >= _ESCALATE_DAYS else None
    if upper is not None:
        values = {"name": person.name, "title": document.title, "days": str(waited)}
        says = "%(name)s还没有确认《%(title)s》，已过%(days)s天。请提醒一下。"
        found.append(Due(upper, says, f"{key}:escalated", values, "/notices", kind="escalation"))
    return found
