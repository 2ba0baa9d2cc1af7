"""Leads a workflow to a later state: rightful people chosen at random, the same services, a moving clock.

Random people rarely get far: three of them must be the right ones in turn, within windows of days. So some
workflows begin where an honest prefix has come to, and the random acts go on from there. The prefix is
watched as everything else is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

from benchmarks.duties.guides import guide_of
from benchmarks.duties.road import Act, Flow, Guide
from benchmarks.duties.world import World
from cstrain.kernel.errors import DomainError

LED = 0.7
"""How often a workflow is led before it is left to chance."""
_TRIES = 12
"""How many of those who should do an act try it before the way ends."""
_MINUTES = (0, 1, 5, 60)
_LEFT, _LEAST = 0.6, 12
"""How much of a road's steps is left to chance after a lead, and how many at least."""


class Leader:
    """Leads workflows of a company; ``acts`` counts what was done, ``ends`` where the ways ended."""

    def __init__(self, world: World, watch: Callable[[str], None], said: list[str]) -> None:
        self.world, self.watch, self.said = world, watch, said
        self.acts: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()

    def lead(self, flow: Flow) -> None:
        """Lead a workflow towards some goal of its road, or leave it as it is."""
        guide = guide_of(flow.road.name)
        if guide is not None and flow.chance.random() < LED:
            flow.most = max(_LEAST, int(flow.most * _LEFT))
            self.lead_to(flow, guide, flow.chance.choice(list(guide.goals)))

    def lead_to(self, flow: Flow, guide: Guide, goal: str) -> None:
        """Lead a workflow towards a goal, as far as those who should act can."""
        way, ended = guide.lead(self.world, flow, goal), ""
        while not ended:
            act = self._next(way)
            if act is None:
                ended = "reached"
            elif isinstance(act, str) or not self._done(flow, act):
                ended = f"ended at {act if isinstance(act, str) else act.name}"
        self.ends[f"{flow.road.name} to {goal}: {ended}"] += 1

    def _next(self, way: Iterator[Act]) -> Act | str | None:
        """Return the next act of a way, ``None`` at its end, a sentence where what it prepares is refused."""
        with self.world.app.app_context():
            try:
                return next(way, None)
            except DomainError as error:
                return error.message

    def _done(self, flow: Flow, act: Act) -> bool:
        """Let rightful people try in a random order until one of them has done it."""
        right = list(dict.fromkeys(act.right))
        name = f"{flow.road.name}.{act.name}"
        for who in flow.chance.sample(right, min(len(right), _TRIES)):
            self.said.append(f"{self.world.now:%m-%d %H:%M} led: {name} by {who} about {flow.subject}")
            done = self.world.attempt(name, lambda who=who: act.call(who))
            self.acts[f"{name} {'led' if done else 'refused'}"] += 1
            self.world.clock.move(timedelta(minutes=flow.chance.choice(_MINUTES)))
            if done or self.world.faults:
                flow.actors.append(who)
                self.watch(flow.road.name)
                return True
        return False
