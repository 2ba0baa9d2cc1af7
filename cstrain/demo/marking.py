"""The management exam of agents who might lead: held weeks ago and marked; held now, with cases to mark."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from cstrain.demo import words
from cstrain.demo.answering import HOLDER, SEED_BITS, choose, offers, send
from cstrain.demo.basics import points_for
from cstrain.demo.stage import Road
from cstrain.demo.trip import HR, HR_MANAGER
from cstrain.demo.world import World
from cstrain.exams import queries as exams
from cstrain.exams import service as sitting_service
from cstrain.exams.facts import MarkableSlot
from cstrain.grading import service as grading
from cstrain.grading.band import queries as band
from cstrain.grading.band import service as band_service
from cstrain.grading.queries import waiting_release
from cstrain.grading.written import queries as written
from cstrain.grading.written import service as marking
from cstrain.kernel.ids import PersonId, SittingId
from cstrain.questions.facts import KeyedVersion
from cstrain.questions.queries import keyed_versions

PAPER = "management-ability"
FIRST, SECOND, THIRD = "HM009", "HM010", "HM029"
_PAST = {
    "HM013": 92,
    "HM014": 84,
    "HM015": 96,
    "HM016": 71,
    "HM017": 90,
    "HM018": 66,
    "HM021": 88,
    "HM022": 82,
}
_NOW = {"HM023": 85, "HM024": 72, "HM025": 63}
"""Who sits, and how good they are at it, of 100."""
_PAST_DAYS, _NOW_DAYS, _MINUTES = 45, 2, 55
_STRICT = {FIRST: 0, SECOND: -4, THIRD: -1}
"""By how much a marker gives less, or more, than the answer is worth, of 100."""
_LEFT_OVER = 4
"""So many of today's answers the first marker has marked already."""


def management_exams(world: World) -> list[Road]:
    """Return the roads of both exams."""
    return [_past(world), _present(world)]


def _past(world: World) -> Road:
    day = world.working_day("HR", world.today - timedelta(days=_PAST_DAYS), 1)
    yield from _held(world, day, _PAST)
    for marker, hour in ((FIRST, 9), (SECOND, 13), (THIRD, 16)):
        at = world.at(day + timedelta(days=1), hour)
        yield at
        _mark_all(world, marker, at)
    at = world.at(world.working_day("HR", day + timedelta(days=4), 1), 10)
    yield at
    _release(world, at)


def _present(world: World) -> Road:
    day = world.working_day("HR", world.today, _NOW_DAYS)
    yield from _held(world, day, _NOW)
    at = world.at(world.working_day("HR", world.today, 1), 16)
    yield at
    _mark_all(world, FIRST, at, most=_LEFT_OVER)


def _held(world: World, day: date, people: Mapping[str, int]) -> Road:
    """HR arranges the exam the day before; everybody sits it in the afternoon."""
    at, opens = world.at(day - timedelta(days=1), 10), world.at(day, 14)
    yield at
    sitting = sitting_service.schedule(
        world.one(HR),
        at,
        paper_ref=PAPER,
        kind="exam",
        subject="arranged",
        people=world.some(people),
        opens_at=opens,
        closes_at=opens + timedelta(hours=2),
        place="三楼培训室",
    )
    yield opens
    for staff_no, good_at in people.items():
        _sit(world.one(staff_no), sitting, opens, good_at, world.chance(PAPER, day, staff_no))


def _sit(person: PersonId, sitting: SittingId, opens: datetime, good_at: int, rng: random.Random) -> None:
    started = opens + timedelta(minutes=rng.randrange(5))
    attempt = sitting_service.start(person, sitting, started, HOLDER, seed=rng.getrandbits(SEED_BITS))
    slots = exams.markable_slots(attempt)
    versions = keyed_versions([slot.version_id for slot in slots])
    found = [offers(slot, versions[slot.version_id], rng, partial=False) for slot in slots]
    chosen = choose(found, (100 - good_at) * 1000 // 2, rng)
    answers = [
        (slot.slot, _in_own_words(slot, versions[slot.version_id], one.value, good_at, rng))
        for slot, one in zip(slots, chosen, strict=True)
    ]
    send(person, attempt, started, _MINUTES, answers)
    sitting_service.submit(person, attempt, f"demo-{attempt}", started + timedelta(minutes=_MINUTES))


def _in_own_words(
    slot: MarkableSlot, version: KeyedVersion, value: object, good_at: int, rng: random.Random
) -> object:
    """Return the answer to a case with less in its written parts than the model says; others unchanged."""
    if version.type != "case" or not isinstance(value, dict):
        return value
    parts: list[Mapping[str, Any]] = version.key["parts"]
    return {
        place: _less(parts[int(place)]["key"]["model"], good_at, rng)
        if "model" in parts[int(place)]["key"]
        else given
        for place, given in value.items()
    }


def _less(model: str, good_at: int, rng: random.Random) -> str:
    """Return the sentences of a model answer that somebody ``good_at`` of 100 would think of."""
    sentences = [f"{each}。" for each in model.replace("\n", "").split("。") if each]
    kept = [each for each in sentences if rng.randrange(100) < good_at]
    return "".join(kept or sentences[:1])


def _mark_all(world: World, staff_no: str, now: datetime, most: int | None = None) -> None:
    """Let a marker mark all that waits for them, queue by queue, or the first few."""
    marker, done = world.one(staff_no), 0
    for queue in [each for each in written.queues(marker, now) if each.key.paper_ref == PAPER]:
        while done != most and (sheet := marking.take(marker, now, queue.key)) is not None:
            _mark(marker, staff_no, now, sheet, world.chance("mark", staff_no, sheet))
            done += 1


def _mark(marker: PersonId, staff_no: str, now: datetime, mark_id: int, rng: random.Random) -> None:
    sheet = written.sheet(mark_id, marker, now)
    worth = Fraction(len(sheet.shown.answer), max(1, len(sheet.shown.model.replace("\n", ""))))
    mark = int(100 * min(worth, Fraction(1))) + _STRICT[staff_no] + rng.randrange(-9, 10)
    points = points_for(sheet.rubric, min(100, max(0, mark)))
    marking.finish(marker, now, mark_id, points, words.MARKING_NOTE)


def _release(world: World, now: datetime) -> None:
    """Two persons of HR release the exam; those near the pass mark have been looked at again."""
    hr, second = world.one(HR), world.one(HR_MANAGER)
    found = [one.attempt.id for one in waiting_release(now) if one.attempt.paper.ref == PAPER]
    if not found:
        return
    for facts in band.unseen(exams.attempts(found, now).values()):
        band_service.look(second, now, facts.id, words.NEAR_THE_LINE)
    grading.propose_release(hr, now, found)
    grading.confirm_release(second, now + timedelta(minutes=20), found)
