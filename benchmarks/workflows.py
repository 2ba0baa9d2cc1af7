"""Runs random workflows against services and routes; an independent oracle reads the tables after each act.

``python -m benchmarks.workflows --workflows 10000 [--seed S] [--url postgresql+psycopg://…] [--workers 2]``.
SQLite unless an empty PostgreSQL database is named, whose tables are made anew for each company. Many
workflows are first led to a later state (``duties/guiding.py``). Ends with 1 at a breach, of which it prints
the seed that shows it again, and when an act was never done in 1,000 workflows. What is tried: ``duties``.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from benchmarks.duties import oracle
from benchmarks.duties.browsing import Browser
from benchmarks.duties.direct_sql import attack
from benchmarks.duties.guiding import Leader
from benchmarks.duties.reached import ENOUGH, never_done, never_written, told_of_acts, written_actions
from benchmarks.duties.road import Act, Flow, Road
from benchmarks.duties.roads import every_road
from benchmarks.duties.world import World, open_world

IN_A_COMPANY = 40
"""Workflows that one company sees before a new one is made."""
_AT_ONCE = 4
_PAGES = 0.15
"""How often a page is used instead of a service."""


@dataclass(frozen=True)
class Asked:
    """What a run is about: the database (SQLite without one), the rooms, one road or all."""

    url: str = ""
    rooms: tuple[str, ...] = oracle.ROOMS
    road: str = ""


class BreachError(Exception):
    """Something stands in the tables that may never stand there."""


@dataclass
class Tried:
    """What a run has done."""

    workflows: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    sql: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    audit: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)

    def add(self, other: Tried) -> None:
        """Take over what another run has done."""
        for one in dataclasses.fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            mine.update(theirs) if isinstance(mine, Counter) else mine.extend(theirs)


def _who(world: World, flow: Flow, act: Act) -> int:
    """Choose who tries: mostly who should; the subject; who has acted before; anybody."""
    chance = flow.chance
    roll = chance.random()
    right = flow.made.get("right", 0.7)
    if roll < right and act.right:
        return int(chance.choice(list(act.right)))
    if roll < right + (1 - right) / 4:
        return flow.subject
    if roll < right + (1 - right) * 5 / 8 and flow.actors:
        return chance.choice(flow.actors)
    return chance.choice(world.everybody())


class Company:
    """A company in which workflows run side by side, watched by the oracle."""

    def __init__(self, world: World, roads: Sequence[Road], rooms: tuple[str, ...], seed: int) -> None:
        self.world, self.roads, self.rooms = world, roads, rooms
        self.chance = random.Random(seed)
        self.oracle = oracle.Oracle(world, roads, rooms)
        self.browser = Browser(world, rooms, random.Random(seed + 1))
        self.tried = Tried()
        self.last: list[str] = []
        self.deck: list[Road] = []
        self.leader = Leader(world, self._look, self.last)

    def run(self, workflows: int) -> Tried:
        """Run so many workflows to their end."""
        waiting = workflows
        flows: list[Flow] = []
        while waiting or flows:
            if waiting and len(flows) < _AT_ONCE:
                flows += self._begin()
                waiting -= 1
                continue
            flow = self.chance.choice(flows)
            self.step(flow)
            if flow.over or flow.steps >= flow.most:
                flows.remove(flow)
                self._look()
        self.tried.sql.update(attack(self.world, self.rooms))
        if self.world.faults:
            raise BreachError("\n  ".join(self.world.faults))
        return self.tried

    def told(self) -> Tried:
        """Return what has been tried so far."""
        self.tried.outcomes.update(self.world.outcomes)
        self.tried.reasons.update(self.world.reasons)
        self.tried.pages.update(self.browser.statuses)
        self.tried.acts.update(self.leader.acts)
        self.tried.ways.update(self.leader.ends)
        self.tried.audit.update(written_actions(self.world))
        return self.tried

    def _begin(self) -> list[Flow]:
        if not self.deck:  # every road has its turn
            self.deck = self.chance.sample(list(self.roads), len(self.roads))
        road = self.deck.pop()
        self.world.look_again()
        with self.world.app.app_context():
            flow = road.begin(self.world, random.Random(self.chance.random()))
        self.tried.workflows[road.name if flow else "nobody left"] += 1
        if flow is not None:
            self.leader.lead(flow)
        return [flow] if flow else []

    def step(self, flow: Flow) -> None:
        """Let somebody try something, or use pages; the oracle looks at what has changed."""
        flow.steps += 1
        self.world.pass_time(flow.chance)
        if self.chance.random() < _PAGES:
            said = self.browser.step()
            self.last.append(said)
            if said.startswith("POST") or self.browser.faults:
                self._look()
            return
        with self.world.app.app_context():
            acts = flow.road.acts(self.world, flow)
        if acts:
            self._try(flow, flow.chance.choice(acts))

    def _try(self, flow: Flow, act: Act) -> None:
        who = _who(self.world, flow, act)
        name = f"{flow.road.name}.{act.name}"
        self.last.append(f"{self.world.now:%m-%d %H:%M} {name} by {who} about {flow.subject}")
        done = self.world.attempt(name, lambda: act.call(who))
        self.tried.acts[f"{name} {'done' if done else 'refused'}"] += 1
        if done:
            flow.actors.append(who)
        if done or self.world.faults:
            self._look(flow.road.name)

    def _look(self, road: str = "") -> None:
        found = [*self.oracle.look(road), *self.world.faults, *self.browser.faults]
        if found:
            raise BreachError("\n  ".join([*found[:8], "after:", *self.last[-12:]]))


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """Give the address of an empty database: a file in memory where there is such a place, or ``url``."""
    if url:
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
        yield url
        return
    memory = Path("/dev/shm")  # an act is a commit, and the disk is not what is tried here
    place = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    file = place / f"cstrain-workflows-{os.getpid()}.db"  # one address a process: the application stays
    ends = [file.with_name(f"{file.name}{end}") for end in ("", "-wal", "-shm")]
    for one in ends:  # of a company that broke off
        one.unlink(missing_ok=True)
    try:
        yield f"sqlite:///{file}"
    finally:
        for one in ends:
            one.unlink(missing_ok=True)


def run_company(seed: int, workflows: int, asked: Asked) -> Tried:
    """Run workflows in a company made from ``seed``; a breach is in what is returned."""
    roads = [one for one in every_road() if asked.road in ("", one.name)]
    with fresh_database(asked.url) as address:
        world = open_world(address, seed)
        company = Company(world, roads, asked.rooms, seed)
        try:
            company.run(workflows)
        except BreachError as error:
            company.tried.breaches.append(f"--seed {seed} --workflows {workflows}: {error}")
        finally:
            world.close()
        return company.told()


def run(workflows: int, seed: int, asked: Asked, workers: int = 1) -> Tried:
    """Run so many workflows, a company after the other; the first one has the seed that is given."""
    sizes = [IN_A_COMPANY] * (workflows // IN_A_COMPANY)
    sizes += [workflows % IN_A_COMPANY] if workflows % IN_A_COMPANY else []
    every, begun = Tried(), time.monotonic()
    each = range(seed, seed + len(sizes)), sizes, [asked] * len(sizes)
    if workers == 1 or asked.url:
        _gather(every, map(run_company, *each), begun)
        return every
    with ProcessPoolExecutor(workers) as pool:
        _gather(every, pool.map(run_company, *each), begun)
    return every


def _gather(every: Tried, results: Iterator[Tried], begun: float) -> None:
    for one in results:
        every.add(one)
        done, seconds = sum(every.workflows.values()), time.monotonic() - begun
        acts = f"{every.outcomes['done']} acts done, {every.outcomes['refused']} refused"
        print(f"  {done} workflows, {acts}, {len(every.breaches)} breaches, {seconds:.0f} s", flush=True)
        for breach in one.breaches:
            print(f"BREACH {breach}", flush=True)


def told(tried: Tried) -> dict[str, object]:
    """Return the figures of a run."""
    return {
        "workflows": sum(tried.workflows.values()),
        "of roads": dict(tried.workflows),
        "led": sum(tried.ways.values()),
        "acts": dict(tried.outcomes),
        "pages": dict(tried.pages),
        "direct SQL": {name: count for name, count in tried.sql.items() if not name.startswith("tried")},
        "pairs of columns": f"{sum(one.startswith('tried') for one in tried.sql)} tried on rows",
        "breaches": len(tried.breaches),
    }


def main() -> None:
    """Run from the shell; ends with 1 at a breach."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workflows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--url", default="", help="an empty PostgreSQL database; without it: SQLite")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--road", default="", help="only this one")
    parser.add_argument(
        "--rooms", nargs="+", default=oracle.ROOMS, help="packages whose pages and tables are tried"
    )
    parser.add_argument("--reasons", action="store_true", help="tell why acts were refused, where ways ended")
    given = parser.parse_args()
    begun = time.monotonic()
    tried = run(given.workflows, given.seed, Asked(given.url, tuple(given.rooms), given.road), given.workers)
    for name, value in told(tried).items():
        print(f"{name}: {value}")
    print(f"seconds: {time.monotonic() - begun:.0f}")
    print("\n".join(told_of_acts(tried.acts, tried.audit)))
    if given.reasons:
        for name, count in [*sorted(tried.ways.items()), *tried.reasons.most_common(80)]:
            print(f"  {count:6d} {name}")
    missed = [*never_done(tried.acts), *never_written(tried.audit)]
    whole = sum(tried.workflows.values()) >= ENOUGH and not given.road
    sys.exit(1 if tried.breaches or (whole and missed) else 0)


if __name__ == "__main__":
    main()
