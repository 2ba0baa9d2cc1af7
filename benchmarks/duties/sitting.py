"""A real sitting of a small paper, for members of an Eaglet group: sat, marked, released by two."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.duties.world import World
from cstrain.grading import service as grading
from cstrain.grading.credentials import queries, service
from cstrain.unit_of_work import unit_of_work
from tests.factories import exams as make
from tests.factories.credentials import make_papers, new_result

WAIVED = "gap-machine"
"""The paper from which one may be exempt."""


@dataclass(frozen=True)
class Sat:
    """A sitting that has been arranged: who sits it, from when on, who releases its results."""

    world: World
    chance: random.Random
    people: list[int]
    sitting: int
    begins: datetime
    two: tuple[int, int]

    def finish(self) -> None:
        """Let its hour come; everybody sits, a few fail or stay away; two people release the results."""
        self.world.clock.set(max(self.begins, self.world.now))
        for person in self.people:
            roll = self.chance.random()
            if roll > 0.06:
                self._sit(person, 2 if roll < 0.2 else 10)
        self.world.clock.move(timedelta(hours=3))

    def _sit(self, person: int, right: int) -> None:
        now = self.world.now
        attempt = make.make_attempt(person, self.sitting, now)
        answers = make.right_answers(attempt)
        events = [make.event(slot, answers[slot], slot) for slot in list(answers)[:right]]
        make.save(person, attempt, events, now)
        make.submit(person, attempt, now, key=f"key-{attempt}")
        with unit_of_work():
            grading.propose_release(self.two[0], now, [attempt])
        with unit_of_work():
            grading.confirm_release(self.two[1], now, [attempt])


def sit(world: World, chance: random.Random, paper: str, members: Iterable[int], *, waive: bool) -> Sat:
    """Arrange the sitting of a paper for everybody who is not exempt; ``waive``: one of them becomes it."""
    members, two = list(members), _two(world)
    make_papers(paper, WAIVED)
    if paper == WAIVED and waive and members:
        _exempt(world, chance.choice(members), two)
    begins = world.now + timedelta(hours=1)
    people = [one for one in members if not _is_exempt(world, one, paper, begins)]
    number = make.make_sitting(people, paper, opens_at=begins, closes_at=begins + 2 * make.HOUR)
    return Sat(world, chance, people, number, begins, two)


def _two(world: World) -> tuple[int, int]:
    clerks = [one for one in world.with_role("hr") if world.places[one] == "HR"]
    return clerks[0], clerks[1]


def _is_exempt(world: World, person: int, paper: str, begins: datetime) -> bool:
    return person in queries.exempt_people([paper], [person], begins)[paper]


def _exempt(world: World, person: int, two: tuple[int, int]) -> None:
    """Enter a result of the former department, confirmed by another, on which the exemption rests."""
    if _is_exempt(world, person, WAIVED, world.now):
        return
    result = new_result(person, "86.5", world.today - timedelta(days=60))
    with unit_of_work():
        outside = service.record_outside(two[0], world.now, result)
    with unit_of_work():
        service.confirm_outside(two[1], world.now, outside)
    with unit_of_work():
        asked = service.ask_exemption(person, world.now, WAIVED, "")
    with unit_of_work():
        service.decide_exemption(two[0], world.now, asked, granted=True, reason="")
