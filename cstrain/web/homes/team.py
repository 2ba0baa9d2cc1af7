"""The home of those who head a department: their own trainees, at risk first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.onboarding import queries as onboarding
from cstrain.onboarding.queries import BoardRow
from cstrain.people import queries as people
from cstrain.web.homes.part import PARTS, Part

HEADS = frozenset({"supervisor", "group_leader", "service_director", "department_director", "vip_manager"})
_SHOWN = 8


def team_values(rows: Sequence[BoardRow]) -> dict[str, Any]:
    """Return what the team table shows: the rows at risk first, and how many there are."""
    return {"rows": rows[:_SHOWN], "count": len(rows)}


@PARTS.register("40-team")
def team(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return the part of a department's head; ``None`` for everybody else and for HR, who see all."""
    if not roles & HEADS or roles & {"hr", "hr_manager"}:
        return None
    today = local_date(now)
    headed = people.department_ids_headed(person, today)
    places = frozenset(place for one in headed for place in people.subtree(one))
    rows = onboarding.board(onboarding.BoardFilter(departments=places, except_person=person), now).rows
    act = sum(1 for row in rows if row.group == "act")
    return Part(
        quiet=gettext("我的团队有%(n)s位学员要处理", n=act) if act else gettext("我的团队今天一切正常"),
        lead=gettext("在训%(n)s人。", n=len(rows)),
        title=gettext("我的团队"),
        tasks=(),
        empty=gettext("部门里没有在训的新员工。") if not rows else "",
        template="web/_team.html",
        values=team_values(rows),
    )
