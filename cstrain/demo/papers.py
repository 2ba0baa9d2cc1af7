"""A paper that a trainer made and that waits for a second person to approve it."""

from __future__ import annotations

from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.exams.papermaking import queries, service
from cstrain.exams.papermaking.service import NewPaper

_TRAINER, _PLACE = "HM009", "SQ1"
_NEW = NewPaper("第一天内容复习", "day-one-review", "quiz", "daily", "blueprint", "quiz-day-1")


def own_papers(world: World) -> Road:
    """Return the road: begun as a copy of a quiz, submitted, not approved yet."""
    at = world.at(world.working_day(_PLACE, world.today, 2), 16)
    yield at
    draft = service.begin(world.one(_TRAINER), at, _NEW)
    service.submit(world.one(_TRAINER), at, draft, queries.draft(draft).revision)
