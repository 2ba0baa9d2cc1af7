"""What the walks have reached: each act by how often it was done, and what was never done by anybody.

Acts are counted by their name on the road. What no road tries is found by the audit log: every write of a
room leaves an entry there, and the names of these entries stand in the sources of the services.
"""

from __future__ import annotations

import ast
import functools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

import cstrain
from benchmarks.duties.world import World

ENOUGH = 1000
"""From so many workflows on every act must have been done."""
_ROOMS = ("performance", "promotion")
BY_OTHERS: dict[str, str] = {
    "deduction.opening": "a file of the old records",
    "deduction.opening_checked": "a file of the old records",
    "move.close_for_leaver": "somebody leaves, which no walk does",
    "performance.import": "a file of months",
    "performance.import_checked": "a file of months",
    "performance.import_discarded": "a file of months",
    "quality.chats_checked": "a file of chats",
    "quality.chats_discarded": "a file of chats",
    "quality.chats_import": "a file of chats",
    "quality.report": "a reading, by its page alone",
    "quality.retention": "a job of the night",
    "quality.stale": "a job of the night",
    "quality.transcripts_emptied": "a job of the night",
}
"""Entries that no walk leaves, with the reason."""


@functools.cache
def known_actions() -> frozenset[str]:
    """Return the names of the entries that services of the rooms write, as far as they are written out."""
    home = Path(cstrain.__file__).parent
    files = [file for room in _ROOMS for file in (home / room).rglob("*.py") if "service" in str(file)]
    return frozenset(name for file in files for name in _recorded(ast.parse(file.read_text("utf-8"))))


def _recorded(tree: ast.AST) -> Iterator[str]:
    for one in ast.walk(tree):
        if not isinstance(one, ast.Call) or len(one.args) < 2 or getattr(one.func, "id", "") != "record":
            continue
        named = one.args[1]
        choices = (named.body, named.orelse) if isinstance(named, ast.IfExp) else (named,)
        yield from (each.value for each in choices if isinstance(each, ast.Constant))


def written_actions(world: World) -> Counter[str]:
    """Return the entries of the audit log by name, but for those of the company's making."""
    with world.engine.connect() as connection:
        found = connection.execute(sa.text("SELECT action, count(*) FROM audit_entry GROUP BY action"))
        return Counter(dict(tuple(row) for row in found))


def by_act(acts: Counter[str]) -> dict[str, Counter[str]]:
    """Return by act how often it was done, done while led, and refused."""
    found: dict[str, Counter[str]] = {}
    for name, count in acts.items():
        act, _space, how = name.partition(" ")
        found.setdefault(act, Counter())[how] += count
    return found


def never_done(acts: Counter[str]) -> list[str]:
    """Return the acts that were tried and never done, neither at random nor while led."""
    return sorted(name for name, one in by_act(acts).items() if not one["done"] + one["led"])


def never_written(audit: Counter[str]) -> list[str]:
    """Return the entries of the rooms' services that nobody has left."""
    return sorted(known_actions() - set(audit) - set(BY_OTHERS))


def told_of_acts(acts: Counter[str], audit: Counter[str]) -> Iterator[str]:
    """Yield a line for each act, the rarest first, and what was never done."""
    rarest = sorted(by_act(acts).items(), key=lambda one: (one[1]["done"] + one[1]["led"], one[0]))
    yield f"acts by how often they were done ({len(rarest)}):  done at random, done while led, refused"
    for name, one in rarest:
        yield f"  {one['done']:6d} {one['led']:6d} {one['refused']:7d}  {name}"
    yield f"acts never done: {', '.join(never_done(acts)) or 'none'}"
    only = [name for name, one in rarest if one["led"] and not one["done"]]
    yield f"acts done only while led: {', '.join(only) or 'none'}"
    yield f"entries of the audit never left: {', '.join(never_written(audit)) or 'none'}"
