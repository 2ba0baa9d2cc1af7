"""Pages of who watches how fast agents answer: basic agents, VIP agents."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.people import queries as people
from cstrain.performance.quality import queries
from cstrain.performance.quality.facts import Side
from cstrain.performance.quality.views.base import blueprint
from cstrain.ui.forms import typed_day


@blueprint.get("/efficiency/basic")
@requires("quality.watch_basic")
def efficiency_basic() -> str:
    """Show how fast the basic agents in one's charge answered on a day."""
    return _page(Side.BASIC)


@blueprint.get("/efficiency/vip")
@requires("quality.watch_vip")
def efficiency_vip() -> str:
    """Show how fast the VIP agents in one's charge answered on a day."""
    return _page(Side.VIP)


def _page(side: Side) -> str:
    today = local_date(now())
    day = typed_day(request.args.get("day")) or queries.last_day(today) or today - timedelta(days=1)
    lines = queries.efficiency(actor(), side, day)
    other = Side.BASIC if side is Side.VIP else Side.VIP
    return render_template(
        "quality/efficiency.html",
        side=side,
        other=other if may(actor(), queries.PERMISSIONS[other]) else None,
        day=day,
        lines=sorted(lines, key=lambda one: (-one.unanswered, -(one.first_response or 0), one.person_id)),
        names=people.people([one.person_id for one in lines], day),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today else None,
    )
