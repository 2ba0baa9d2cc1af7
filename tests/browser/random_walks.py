"""Random orders of what people, browsers and networks do: two browsers at one attempt, or one and faults.

Each is drawn from a seed; ``benchmarks/browsers.py`` runs as many as it is told.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import Any

from tests.browser.desk import SLOTS, Seat, Truth

ACTS = 14
Done = tuple[Counter[str], list[float]]
"""How often what was done and what became of it; seconds until all losers were told, by take-over."""

_TWO = {"answer": 6, "clear": 1, "take over": 4, "offline": 2, "online": 3, "reload": 1, "duplicate": 1}
_TWO |= {"close": 1}
_ONE = {"answer": 6, "clear": 1, "take over": 3, "offline": 1, "online": 2, "drop": 1, "lose": 1}
_ONE |= {"duplicate": 2, "reload": 2, "close": 1, "pause": 1, "go on": 2}


def interleave(site: Any, open_context: Any, seed: int, acts: int = ACTS) -> Done:
    """Two browsers act in a random order; return how often what was done, and how late losers were told."""
    chance = random.Random(seed)
    seat = Seat(site, open_context, 2)
    done = _act(seat, chance, _TWO, acts)
    truth = seat.settle(chance)
    return done + _counted(seat, truth), seat.told


def walk(site: Any, open_context: Any, seed: int, acts: int = ACTS) -> Done:
    """One browser acts at random among all faults, then hands in; what counted then is what was handed in."""
    chance = random.Random(seed)
    seat = Seat(site, open_context, 1)
    done = _act(seat, chance, _ONE, acts)
    before = seat.settle(chance)
    _hand_in(seat)
    after = seat.truth()
    assert after.submitted and after.answers == before.answers
    return done + _counted(seat, after), seat.told


def _act(seat: Seat, chance: random.Random, weights: dict[str, int], acts: int) -> Counter[str]:
    done: Counter[str] = Counter()
    seat.begin(chance)
    for _ in range(acts):
        name = chance.choices(list(weights), list(weights.values()))[0]
        device, page = seat.some_page(chance, stale=name == "take over")
        epoch = seat.truth().epoch
        _do(seat, chance, name, device, page)
        done[name] += 1
        device.pages[0].wait_for_timeout(chance.choice([0, 50, 300, 900]))
        seat.check()
        if seat.truth().epoch != epoch:
            done["leases"] += 1
            seat.demand_told(time.monotonic())
    return done


def _do(seat: Seat, chance: random.Random, name: str, device: Any, page: Any) -> None:
    if name in ("answer", "clear"):
        seat.answer(device, page, chance.randint(1, SLOTS), blank=name == "clear")
    elif name == "take over":
        seat.take_over(device, page, mine=chance.random() < 0.5)
    elif name in ("offline", "online"):
        seat.network(device, offline=name == "offline")
    elif name in ("drop", "lose"):
        device.fault = name
        seat.answer(device, page, chance.randint(1, SLOTS))
    elif name in ("pause", "go on"):
        seat.pause(paused=name == "pause")
    else:
        {"reload": seat.reload, "duplicate": seat.duplicate, "close": seat.close}[name](device, page)


def _counted(seat: Seat, truth: Truth) -> Counter[str]:
    fates = Counter(f"events {row.disposition}" for row in truth.log)
    return fates + Counter({"given": len(seat.given), "losers told": len(seat.told)})


def _hand_in(seat: Seat) -> None:
    holder = seat.truth().holder
    page = next(page for device, page in seat.pages() if seat.look(device, page)["holder"] == holder)
    page.bring_to_front()
    page.click("[data-review] >> visible=true")
    page.click("[data-submit] >> visible=true")
    page.wait_for_url("**/receipt")
