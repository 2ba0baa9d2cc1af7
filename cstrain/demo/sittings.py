"""The SOSO exam of the agents in training for search promotion: one sitting for all, with a code."""

from __future__ import annotations

from datetime import timedelta

from cstrain.demo import words
from cstrain.demo.stage import Road
from cstrain.demo.trip import HR
from cstrain.demo.world import World
from cstrain.exams import queries as exams
from cstrain.exams import service as exam_service
from cstrain.exams.rules import new_code

PAPER = "soso-upgrade"
_PEOPLE = ("HM022", "HM023", "HM024", "HM025")
_SLOWER = "HM025"
_EXTRA_MINUTES, _LATE_MINUTES = 15, 10


def unified_sitting(world: World) -> Road:
    """Two working days ago HR arranged it for the next working day; one agent gets extra time."""
    at = world.at(world.working_day("HR", world.today, 2), 11, 20)
    yield at
    day = world.today + timedelta(days=1)
    while not world.calendars["HR"].is_working(day):
        day += timedelta(days=1)
    opens = world.at(day, 14)
    sitting = exam_service.schedule(
        world.one(HR),
        at,
        paper_ref=PAPER,
        kind="exam",
        subject="arranged",
        people=world.some(_PEOPLE),
        opens_at=opens,
        closes_at=opens + timedelta(minutes=exams.paper(PAPER, at).minutes + _LATE_MINUTES),
        place=words.SITTING_PLACE,
        late_minutes=_LATE_MINUTES,
        code=new_code(world.chance("room code")),
    )
    exam_service.accommodate(
        world.one(HR),
        at,
        sitting,
        world.one(_SLOWER),
        reason=words.SLOWER_REASON,
        extra_minutes=_EXTRA_MINUTES,
    )
