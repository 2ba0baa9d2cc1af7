"""Two agents ask not to sit GAP: one with a confirmed result of the former department, one without any."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from cstrain.demo import words
from cstrain.demo.stage import Road
from cstrain.demo.trip import HR, HR_MANAGER
from cstrain.demo.world import World
from cstrain.grading.credentials import service
from cstrain.grading.credentials.facts import FORMER
from cstrain.grading.credentials.service import NewResult

PAPER = "gap-machine"
_KNOWN, _UNKNOWN = "HM023", "HM024"
_MARK, _DAYS_AGO = Decimal("86.5"), 70


def exemptions(world: World) -> Road:
    """HR enters and confirms a result three working days ago; the day after both ask, and wait since."""
    day = world.working_day("HR", world.today, 3)
    at = world.at(day, 10, 40)
    yield at
    result = NewResult(
        world.one(_KNOWN),
        PAPER,
        _MARK,
        day - timedelta(days=_DAYS_AGO),
        FORMER,
        words.GAP_DEPARTMENT,
        words.GAP_EVIDENCE,
    )
    entry = service.record_outside(world.one(HR), at, result)
    at = world.at(day, 15, 10)
    yield at
    service.confirm_outside(world.one(HR_MANAGER), at, entry)
    at = world.at(world.working_day("HR", world.today, 2), 9, 30)
    yield at
    service.ask_exemption(world.one(_KNOWN), at, PAPER, words.GAP_WISH)
    service.ask_exemption(world.one(_UNKNOWN), at, PAPER, "")
