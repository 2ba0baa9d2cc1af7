"""The quarterly rating of the after-sales department: run, commented on, one fall contested."""

from __future__ import annotations

from cstrain.demo.stage import Road
from cstrain.demo.trip import HR
from cstrain.demo.world import World
from cstrain.extensions import local_date
from cstrain.promotion.rating import queries, service
from cstrain.promotion.rating.facts import Outcome

_PLACE, _HEAD = "SH", "HM008"
_RUN, _SAID, _CONTESTED = 8, 7, 6
"""Working days before today of the run, the head's comment and the contest."""


def rating(world: World) -> Road:
    """Rate the latest quarter that every department has closed; its contest waits for an answer."""
    at = world.at(world.working_day(_PLACE, world.today, _RUN), 9, 40)
    yield at
    ready = queries.to_start(local_date(at))
    if not ready:
        return
    run = service.start(world.one(HR), at, ready[0].ladder.ref, ready[0].quarter)
    falls = [one for one in queries.lines(run) if one.outcome is Outcome.DOWN]
    at = world.at(world.working_day(_PLACE, world.today, _SAID), 15, 20)
    yield at
    for one in falls:
        service.comment(world.one(_HEAD), at, one.id, "这个季度带了新员工，接待量受影响，请一并考虑。")
    at = world.at(world.working_day(_PLACE, world.today, _CONTESTED), 11, 5)
    yield at
    if falls:
        first = falls[0]
        service.contest(
            first.person, at, first.id, "季度里有两周在带新员工，接待量比平时少，请按实际班次重新核对。"
        )
