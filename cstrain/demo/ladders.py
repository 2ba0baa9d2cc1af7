"""Which department of the demo company follows which ladder and pay scheme, from before the system began."""

from __future__ import annotations

from datetime import datetime

from cstrain.demo.world import World
from cstrain.kernel.calendar import add_months
from cstrain.pay import service as pay
from cstrain.promotion import service as promotion

FOLLOWED = (
    ("SQ1", "general", "sales"),
    ("SQ2", "ecommerce", "level-raise"),
    ("SH", "basic", "points-2017"),
    ("CK", "annual", None),
)
"""Department, ladder, pay scheme: one of each kind, so that every chapter is seen at work."""

_YEARS = 5
_NOTE = "期初数据：沿用原制度"


def bind_ladders(world: World, now: datetime) -> None:
    """Bind the departments, as opening data."""
    since = add_months(world.founded, -12 * _YEARS)
    for place, ladder, scheme in FOLLOWED:
        department = world.departments[place]
        promotion.bind(None, now, department, ladder, since, _NOTE)
        if scheme is not None:
            pay.bind(None, now, department, scheme, since, _NOTE)
