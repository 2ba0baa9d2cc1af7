"""Reminders of a plan's days: approvals, screening, interviews, meetings to agree to, knowledge checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from cstrain.access import roles_granting
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.people import queries as people
from cstrain.promotion.eaglet import queries
from cstrain.promotion.eaglet.facts import Phase, Plan
from cstrain.promotion.eaglet.queries import Duty

_MESSAGES = {
    "approve": "“%(title)s”等你审批，%(due)s以前办。",
    "screen": "“%(title)s”要在%(due)s以前完成筛选。",
    "interview": "“%(title)s”的面试打分要在%(due)s以前交。",
    "open": "“%(title)s”的面试评分已交齐，%(due)s以前打开。",
    "group": "“%(title)s”的面试结果%(due)s以前公布。",
    "check": "“%(title)s”该做知识抽查了，%(due)s起。",
    "appealing": "“%(title)s”的除名决定可以申诉到%(due)s。",
}
_LATE = "“%(title)s”有一件事过了期限（%(due)s），请尽快办。"


def _concerned(plan: Plan, now: datetime) -> Iterable[PersonId]:
    """Return everybody who could have a duty with a day in a plan."""
    on = local_date(now)
    if plan.phase is Phase.STUDYING:
        return [one.person for one in queries.active_members(plan.id, on)]
    names = ("eaglet.approve", "eaglet.manage", "eaglet.interview", "eaglet.direct")
    roles = {role for name in names for role in roles_granting(name)}
    return sorted({one for role in roles for one in people.persons_with_role(role, on)})


def _due(person: PersonId, duty: Duty, day: date, today: date) -> Due:
    late = today > day and duty.kind not in {"check", "appealing"}
    about = duty.plan.notice.number if duty.plan.notice is not None else 0
    key = f"eaglet:{duty.plan.id}:{duty.kind}:{about}:{day}:{person}" + (":late" if late else "")
    return Due(
        person,
        _LATE if late else _MESSAGES[duty.kind],
        key=key,
        values={"title": duty.plan.title, "due": day},
        url=f"/eaglet/{duty.plan.id}",
        due_on=day,
    )


@reminder("eaglet.days")
def days(now: datetime) -> list[Due]:
    """Remind of what has a day, once when it waits and once when the day is past."""
    return list(_every(now))


def _every(now: datetime) -> Iterator[Due]:
    today = local_date(now)
    for plan in queries.unfinished(today):
        for person in _concerned(plan, now):
            kinds = {
                one.kind: one
                for one in queries.duties_in(person, plan, now)
                if one.kind in _MESSAGES and one.due is not None
            }
            for duty in kinds.values():
                if duty.due is not None:
                    yield _due(person, duty, duty.due, today)
