"""Exams that did not go as planned: one candidate is paused, one sat on paper in a power cut."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from cstrain.demo import words
from cstrain.demo.answering import HOLDER, SEED_BITS, offers, send, sit
from cstrain.demo.stage import Road
from cstrain.demo.trip import EXAMINER, HR, HR_MANAGER
from cstrain.demo.world import World
from cstrain.exams import queries as exams
from cstrain.exams import service as sitting_service
from cstrain.exams.facts import SlotView
from cstrain.exams.invigilation import service as invigilation
from cstrain.exams.on_paper import queries as on_paper
from cstrain.exams.on_paper import service as copies
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.facts import Control
from cstrain.questions.queries import keyed_versions

PAPER, PAPER_ON_PAPER = "professional-knowledge", "comprehensive-ability"
PAUSED, HANDED_IN, WITH_A_PEN = "HM016", "HM018", "HM017"
_ANSWERED, _SAT_MINUTES, _MARK = 3, 40, Decimal(86)


def hall(world: World) -> list[Road]:
    """Return the roads of both exams."""
    return [_paused(world), _on_paper(world)]


def _paused(world: World) -> Road:
    """The last working day but today's a machine broke: one is paused since, the other has handed in."""
    day = world.working_day("HR", world.today, 1)
    at, opens = world.at(world.working_day("HR", day, 2), 15, 30), world.at(day, 16, 20)
    yield at
    sitting = sitting_service.schedule(
        world.one(HR),
        at,
        paper_ref=PAPER,
        kind="exam",
        subject="arranged",
        people=world.some((PAUSED, HANDED_IN)),
        opens_at=opens,
        closes_at=opens + timedelta(hours=2),
        place=words.SITTING_PLACE,
    )
    yield opens
    attempt = _begin(world, world.one(PAUSED), sitting, opens)
    rng = world.chance(PAPER, HANDED_IN)
    sit(world.one(HANDED_IN), sitting, opens + timedelta(minutes=1), _SAT_MINUTES, _MARK, rng)
    at = opens + timedelta(minutes=8)
    yield at
    invigilator = world.one(EXAMINER)
    invigilation.pause(invigilator, at, attempt, words.PAUSE_REASON)
    at += timedelta(minutes=2)
    yield at
    invigilation.note_incident(invigilator, at, sitting, "technical", words.INCIDENT, attempt)


def _begin(world: World, person: PersonId, sitting: SittingId, opens: datetime) -> AttemptId:
    """Start, and answer the first few questions within six minutes."""
    rng = world.chance(PAPER, PAUSED)
    at = opens + timedelta(seconds=rng.randrange(20, 60))
    attempt = sitting_service.start(person, sitting, at, HOLDER, seed=rng.getrandbits(SEED_BITS))
    slots = exams.markable_slots(attempt)[:_ANSWERED]
    versions = keyed_versions([slot.version_id for slot in slots])
    answers = [
        (slot.slot, offers(slot, versions[slot.version_id], rng, partial=False)[0].value) for slot in slots
    ]
    send(person, attempt, at, 6, answers)
    return attempt


def _on_paper(world: World) -> Road:
    """Three working days ago the power went: one sat with a pen; two read the sheet, and not alike."""
    day = world.working_day("HR", world.today, 3)
    at, opens = world.at(day - timedelta(days=1), 16), world.at(day, 14)
    yield at
    hr, person = world.one(HR), world.one(WITH_A_PEN)
    sitting = sitting_service.schedule(
        hr,
        at,
        paper_ref=PAPER_ON_PAPER,
        kind="exam",
        subject="arranged",
        people=[person],
        opens_at=opens,
        closes_at=opens + timedelta(hours=2),
        place=words.SITTING_PLACE,
    )
    at = opens + timedelta(minutes=6)
    yield at
    invigilation.note_incident(hr, at, sitting, "technical", words.POWER_CUT, None)
    (copy,) = copies.issue(hr, at, sitting, [person], world.chance("paper copy").getrandbits(SEED_BITS))
    began = at + timedelta(minutes=4)
    ended = began + timedelta(minutes=_SAT_MINUTES)
    at = ended + timedelta(minutes=5)
    yield at
    copies.collect(hr, at, copy, began, ended)
    read = _read(world, copy)
    for reader, answers, hour in ((HR, read, 9), (HR_MANAGER, _misread(copy, read), 11)):
        at = world.at(world.working_day("HR", world.today, 2), hour)
        yield at
        copies.enter(world.one(reader), at, copy, answers, finish=True)


def _read(world: World, copy: int) -> dict[int, str]:
    """Return what stands on the sheet: a tick at every choice, right or not; the last question is empty."""
    rng = world.chance(PAPER_ON_PAPER, WITH_A_PEN)
    written = {slot.slot: _with_a_pen(slot, rng) for slot in on_paper.form(copy)[:-1]}
    return {slot: json.dumps(value, ensure_ascii=False) for slot, value in written.items()}


def _with_a_pen(slot: SlotView, rng: random.Random) -> object:
    """Return an answer as somebody might write it who knows the answer or not."""
    ids = [str(place) for place in range(len(slot.content.get("options", ())))]
    if slot.control == Control.CHOOSE_MANY:
        return sorted(rng.sample(ids, 2))
    if slot.control == Control.CHOOSE_ONE:
        return rng.choice(ids)
    if slot.control == Control.TRUE_FALSE:
        return rng.random() < 0.5
    number = str(rng.randrange(2, 40))
    return [number] * slot.content["blanks"] if slot.control == Control.BLANKS else number


def _misread(copy: int, read: Mapping[int, str]) -> dict[int, str]:
    """Return the sheet as the second one reads it: another tick at one question, one answer overlooked."""
    first, second = [slot.slot for slot in on_paper.form(copy) if slot.control == Control.CHOOSE_ONE][:2]
    other = "1" if json.loads(read[first]) == "0" else "0"
    return {slot: text for slot, text in read.items() if slot != second} | {first: json.dumps(other)}
