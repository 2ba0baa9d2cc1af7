"""Sitting the papers of basic ability: a passage typed at a given speed, calls an examiner marks, phrases."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cstrain.demo import words
from cstrain.demo.answering import HOLDER, SEED_BITS, choose, offers
from cstrain.exams import queries as exams
from cstrain.exams import service as sitting_service
from cstrain.exams.facts import MarkableSlot, SentEvent
from cstrain.grading import service as grading
from cstrain.grading.band.queries import unseen
from cstrain.grading.band.service import look
from cstrain.grading.queries import waiting_release
from cstrain.judgement.rubric import Rubric, read_rubric
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.facts import KeyedVersion
from cstrain.questions.queries import keyed_versions

BANK = "basics"
_READY = {"ready": True}
_CALL_MINUTES = 5
_WRONG_IN = 40  # one wrong character in so many


@dataclass(frozen=True, slots=True)
class Skill:
    """What somebody shows: net characters a minute, and marks out of 100 aloud and at phrases."""

    typing: int
    aloud: int
    phrases: int


@dataclass(slots=True)
class _Seat:
    """An attempt that goes on: whose it is, the time, the next number of an event."""

    person: PersonId
    attempt: AttemptId
    at: datetime
    seq: int = 0

    def save(self, slot: int, value: object) -> None:
        """Save an answer at the present moment."""
        self.seq += 1
        text = json.dumps(value, ensure_ascii=False)
        event = SentEvent(f"demo-{self.attempt}-{self.seq}", self.seq, slot, text, None, parsable=True)
        sitting_service.save(self.person, self.attempt, self.at, 1, [event])


def sit_basics(
    person: PersonId,
    sitting: SittingId,
    started: datetime,
    skill: Skill,
    examiner: PersonId,
    rng: random.Random,
) -> AttemptId:
    """Sit such a paper from ``started`` on, with the examiner marking each call as it is made."""
    attempt = sitting_service.start(person, sitting, started, HOLDER, seed=rng.getrandbits(SEED_BITS))
    slots = exams.markable_slots(attempt)
    versions = keyed_versions([slot.version_id for slot in slots])
    seat = _Seat(person, attempt, started + timedelta(minutes=1))
    _answer_phrases(seat, slots, versions, skill.phrases, rng)
    for slot in slots:
        version = versions[slot.version_id]
        if version.type == "typing":
            _type(seat, slot.slot, version.key, skill.typing)
        elif version.type == "oral":
            _speak(seat, slot.slot, version.key, skill.aloud, examiner)
    sitting_service.submit(person, attempt, f"demo-{attempt}", seat.at + timedelta(minutes=1))
    return attempt


def _answer_phrases(
    seat: _Seat,
    slots: Iterable[MarkableSlot],
    versions: Mapping[int, KeyedVersion],
    mark: int,
    rng: random.Random,
) -> None:
    """Answer what the machine marks, all but the typing, as somebody who earns ``mark`` of 100 there."""
    partial = exams.spec(exams.attempt(seat.attempt, seat.at).paper.id).partial
    asked = [slot for slot in slots if versions[slot.version_id].type not in ("typing", "oral")]
    loss = int(sum((slot.marks for slot in asked), Decimal(0)) * (100 - mark) * 10)
    found = [offers(slot, versions[slot.version_id], rng, partial=partial) for slot in asked]
    if not found:
        return
    for slot, one in zip(asked, choose(found, loss, rng), strict=True):
        seat.at += timedelta(seconds=20)
        seat.save(slot.slot, one.value)


def _type(seat: _Seat, slot: int, key: Mapping[str, Any], speed: int) -> None:
    """Type the passage at a net speed: a wrong character now and then, to its end or until time is up."""
    passage, limit = str(key["passage"]), int(key["seconds"])
    net = speed * limit // 60
    wrong = net // _WRONG_IN
    typed = min(len(passage), net + 2 * wrong)
    text = "".join(_mistaken(each, place, wrong) for place, each in enumerate(passage[:typed], start=1))
    right = typed - 2 * min(wrong, typed // _WRONG_IN)
    ms = min(limit * 1000, right * 60_000 // speed)
    seat.at += timedelta(seconds=15)
    seat.save(slot, {"text": "", "ms": 1, "started": seat.at.isoformat(), "over": False})
    seat.at += timedelta(milliseconds=ms)
    seat.save(slot, {"text": text, "ms": ms, "pastes": 0, "over": True})


def _mistaken(character: str, place: int, wrong: int) -> str:
    """Return the character typed at a place: every so many-th is a slip, ``wrong`` of them."""
    slips = place % _WRONG_IN == 0 and place // _WRONG_IN <= wrong
    return ("的" if character != "的" else "地") if slips else character


def _speak(seat: _Seat, slot: int, key: Mapping[str, Any], mark: int, examiner: PersonId) -> None:
    """Say that one is ready, do the task, and be marked by the examiner."""
    seat.at += timedelta(seconds=30)
    seat.save(slot, _READY)
    begun = seat.at + timedelta(seconds=30)
    seat.at = begun + timedelta(minutes=_CALL_MINUTES)
    grading.begin_live(examiner, begun, seat.attempt, slot)
    points = points_for(read_rubric(key["rubric"]), mark)
    grading.finish_live(examiner, seat.at, seat.attempt, slot, points, "")


def release_basics(person: PersonId, first: PersonId, second: PersonId, now: datetime) -> None:
    """Two persons release what somebody sat of these papers, after a look at what lies near the pass mark."""
    waiting = [one.attempt for one in waiting_release(now) if one.attempt.person_id == person]
    found = [attempt.id for attempt in waiting if attempt.paper.bank == BANK]
    if found:
        for facts in unseen(exams.attempts(found, now).values()):
            look(second, now, facts.id, words.NEAR_THE_LINE)
        grading.propose_release(first, now, found)
        grading.confirm_release(second, now + timedelta(minutes=5), found)


def points_for(rubric: Rubric, mark: int) -> dict[str, Decimal | None]:
    """Return whole points by criterion that add up to ``mark`` of 100 as nearly as they can."""
    given: dict[str, Decimal | None] = {}
    left = Decimal(rubric.of * mark) / 100
    for place, criterion in enumerate(rubric.criteria):
        rest = sum(each.of for each in rubric.criteria[place:])
        points = (left * criterion.of / rest).quantize(Decimal(1))
        given[criterion.id] = min(Decimal(criterion.of), max(Decimal(0), points))
        left -= given[criterion.id] or 0
    return given
