"""Answering a paper as somebody who reaches a given mark would, all through the services.

Right and wrong responses come from the question types' own samples, so every kind of question can be
answered.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from cstrain.exams import queries as exams
from cstrain.exams import service as sitting_service
from cstrain.exams.facts import MarkableSlot, SentEvent
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.facts import KeyedVersion
from cstrain.questions.queries import keyed_versions
from cstrain.questions.question_type import question_types

HOLDER = "demo"
SEED_BITS = 62
_BATCHES = 4
_PASS = 80_000  # thousandths of a mark


@dataclass(frozen=True, slots=True)
class Choice:
    """A response one may give, as the browser would send it, and what it loses in thousandths of a mark."""

    value: object
    loses: int


def sit(
    person: PersonId,
    sitting: SittingId,
    started: datetime,
    minutes: int,
    target: Decimal,
    rng: random.Random,
) -> AttemptId:
    """Sit a paper from ``started`` for at most ``minutes`` to earn about ``target``; return the attempt.

    The mark comes as near as the form allows, always on the same side of 80 as ``target``.
    """
    attempt = sitting_service.start(person, sitting, started, HOLDER, seed=rng.getrandbits(SEED_BITS))
    paper = exams.attempt(attempt, started).paper
    minutes = min(minutes, paper.minutes - 1)
    partial = exams.spec(paper.id).partial
    slots = exams.markable_slots(attempt)
    versions = keyed_versions([slot.version_id for slot in slots])
    found = [offers(slot, versions[slot.version_id], rng, partial=partial) for slot in slots]
    chosen = choose(found, int((100 - target) * 1000), rng)
    answers = [(slot.slot, one.value) for slot, one in zip(slots, chosen, strict=True)]
    send(person, attempt, started, minutes, answers)
    sitting_service.submit(person, attempt, f"demo-{attempt}", started + timedelta(minutes=minutes))
    return attempt


def send(
    person: PersonId,
    attempt: AttemptId,
    started: datetime,
    minutes: int,
    answers: Sequence[tuple[int, object]],
) -> None:
    """Save the answers in a few batches spread over the time, as the player does."""
    size = -(-len(answers) // _BATCHES)
    for batch in range(0, len(answers), size):
        at = started + timedelta(minutes=minutes) * min(batch + size, len(answers)) / (len(answers) + 1)
        events = [_event(attempt, slot, value) for slot, value in answers[batch : batch + size]]
        sitting_service.save(person, attempt, at, 1, events)


def _event(attempt: AttemptId, slot: int, value: object) -> SentEvent:
    text = json.dumps(value, ensure_ascii=False)
    return SentEvent(f"demo-{attempt}-{slot}", slot, slot, text, None, parsable=True)


def offers(slot: MarkableSlot, version: KeyedVersion, rng: random.Random, *, partial: bool) -> list[Choice]:
    """Return the right response first, then a few less right ones that a person might give.

    What a person must mark is offered as if it lost nothing.
    """
    kind = question_types().get(version.type)
    samples = kind.samples(version.content, version.key)
    right = next(sample.response for sample in samples if sample.fraction in (1, None))
    wrong: list[object] = [sample.response for sample in samples if type(sample.response) is type(right)]
    if version.type == "fill_in" and isinstance(right, list):
        wrong.append(["记不清"] * len(right))
    if version.type == "number":
        wrong.reverse()
    if version.type == "single_choice":
        rng.shuffle(wrong)
    found: dict[Fraction, Choice] = {}
    for response in (right, *wrong, None):
        marking = kind.mark(version.key, response, partial=partial)
        useless = marking.note in ("blank", "malformed") and response is not None
        if useless or "※" in str(response):
            continue
        share = Fraction(1) if marking.fraction is None else marking.fraction
        loses = int(Fraction(slot.marks) * (1 - share) * 1000)
        found.setdefault(share, Choice(_placed(response, slot.option_order), loses))
    return list(found.values())


def _placed(response: object, order: Sequence[int]) -> object:
    """Return a response in terms of the attempt: option ids become places on the candidate's page."""
    if not order or response is None:
        return response
    if isinstance(response, list):
        return [_placed(each, order) for each in response]
    if isinstance(response, dict):
        return {left: _placed(each, order) for left, each in response.items()}
    return str(order.index(int(str(response)))) if response != "" else response


def choose(offers: Sequence[Sequence[Choice]], loss: int, rng: random.Random) -> list[Choice]:
    """Return one choice a slot whose losses add up nearest to ``loss``, on the same side of a pass."""
    places = list(range(len(offers)))
    rng.shuffle(places)
    most = loss + 15_000
    reached: list[dict[int, Choice]] = []
    sums = {0}
    for place in places:
        step: dict[int, Choice] = {}
        for total in sums:
            for one in offers[place]:
                if total + one.loses <= most:
                    step.setdefault(total + one.loses, one)
        reached.append(step)
        sums = set(step)
    passes = loss <= 100_000 - _PASS
    fitting = [total for total in sums if (total <= 100_000 - _PASS) == passes] or list(sums)
    total = min(fitting, key=lambda each: (abs(each - loss), each))
    chosen: dict[int, Choice] = {}
    for place, step in zip(reversed(places), reversed(reached), strict=True):
        chosen[place] = step[total]
        total -= step[total].loses
    return [chosen[place] for place in range(len(offers))]
