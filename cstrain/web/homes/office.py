"""The home of everybody whose opinion a chain asks for: supervisors, HR, the general manager's office."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from cstrain.approvals import queries as approvals
from cstrain.approvals.facts import Waiting
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.web.homes.part import PARTS, Part, Task, with_next

OFFICES = frozenset({"supervisor", "hr_manager", "gm_office", "deputy_gm", "gm"})


@PARTS.register("30-office")
def office(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what waits for this person's opinion; ``None`` when nothing does and no office is held."""
    waiting = approvals.waiting_for(person, now)
    if not waiting and not roles & OFFICES:
        return None
    names = people.people([one.chain.about_id for one in waiting], local_date(now))
    return Part(
        quiet=gettext("没有等你填意见的事"),
        lead=gettext("意见写清依据，后面的人都会看到。") if waiting else "",
        title=gettext("等我的意见"),
        tasks=with_next([_task(one, names[one.chain.about_id].name, now) for one in waiting]),
        empty=gettext("轮到你时，这里会出现要填意见的人和事。"),
    )


def _task(one: Waiting, name: str, now: datetime) -> Task:
    days = (local_date(now) - local_date(one.since)).days
    meta = [name, one.opinion.title, gettext("等了%(n)s天", n=days) if days else gettext("今天轮到你")]
    if one.for_person_id is not None:
        meta.append(gettext("代为填写"))
    what = gettext(one.chain.title)
    if one.chain.values:
        what = what % one.chain.values
    return Task("is-later", what, tuple(meta), one.chain.url, gettext("填写意见"))
