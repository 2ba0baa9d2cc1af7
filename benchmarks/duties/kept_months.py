"""Months as HR would have kept them while a walk let time pass: recorded for everybody, then closed."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.duties.rows import newest, rows
from benchmarks.duties.world import World
from cstrain.kernel.calendar import add_months
from cstrain.performance import service
from cstrain.unit_of_work import unit_of_work
from tests.factories.promotion import make_month

_CLOSED_AFTER = timedelta(days=22)
"""A month is closed on the 21st of the next one."""


def keep_month(world: World, code: str, month: date, *, scores: range = range(85, 95)) -> None:
    """Record a month of a department, grade A, for whoever has none; close it when its day has come."""
    place, clerk = world.departments[code], _clerk(world)
    if newest("month_close", department_id=place, month=month) is None:
        known = {one["person_id"] for one in rows("performance_month", month=month)}
        for person in world.agents(code):
            if person not in known and person != clerk:
                make_month(person, place, month, clerk, score=scores[person % len(scores)])
        if world.today >= add_months(month, 1) + _CLOSED_AFTER:
            with unit_of_work():
                service.close_month(clerk, world.now, place, month, accept_gaps=True)


def keep_months(world: World, code: str, first: date) -> None:
    """Keep every month from ``first`` on that is over."""
    while add_months(first, 1) <= world.today:
        keep_month(world, code, first)
        first = add_months(first, 1)


def _clerk(world: World) -> int:
    """Return somebody who may close a month and works elsewhere."""
    return next(one for one in world.with_role("gm_office") if world.places[one] == "ZJB")
