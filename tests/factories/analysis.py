"""Many released first attempts at once, straight in the database; a function says who got what right."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cstrain.exams.assembly import draw
from cstrain.exams.models import Answer, AnswerEvent, Attempt, AttemptQuestion, Candidate, Paper, Sitting
from cstrain.exams.store import spec_of
from cstrain.grading.models import Release, Result
from cstrain.kernel.ids import PersonId
from cstrain.questions.queries import keyed_versions, pool
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.people import make_person

Right = Callable[[int, int], bool]
"""Whether the n-th person got a slot right."""


def better_get_more(number: int, slot: int) -> bool:
    """The n-th person gets the first n mod 11 slots right: marks are spread evenly."""
    return slot <= number % 11


def make_results(
    count: int,
    right: Right = better_get_more,
    *,
    ref: str = "tiny-exam",
    at: datetime = START,
    seed: int = 1,
    released: bool = True,
) -> list[PersonId]:
    """Store first attempts of ``count`` new people at one form of a stored paper (drawn from ``seed``)."""
    people = [make_person() for _ in range(count)]
    with unit_of_work() as db:
        paper = db.query(Paper).filter_by(ref=ref).order_by(Paper.edition.desc()).first()
        spec = spec_of(paper)
        form = draw(spec, pool(*spec.banks), seed)
        keys = keyed_versions([slot.question.version_id for slot in form])
        sitting = Sitting(
            paper_id=paper.id, kind="exam", subject="arranged", title="考试", place="", opens_at=at,
            closes_at=at + timedelta(hours=2), created_at=at,
        )  # fmt: skip
        db.add(sitting)
        db.flush()
        for number, person in enumerate(people):
            attempt = _attempt(db, sitting, paper, person, at)
            marks = [
                _slot(db, attempt, slot, keys[slot.question.version_id], right(number, slot.slot), at)
                for slot in form
            ]
            raw = sum((Decimal(mark["earned"]) for mark in marks), Decimal(0))
            db.add(Result(
                attempt_id=attempt.id, number=1, raw=raw, marks=marks, digest="", reason="", marked_at=at,
            ))  # fmt: skip
            if released:
                db.add(Release(attempt_id=attempt.id, proposed_at=at, released_at=at))
    return people


def _attempt(db: Any, sitting: Sitting, paper: Paper, person: PersonId, at: datetime) -> Attempt:
    candidate = Candidate(sitting_id=sitting.id, person_id=person, extra_minutes=0)
    db.add(candidate)
    db.flush()
    attempt = Attempt(
        candidate_id=candidate.id, sitting_id=sitting.id, person_id=person, paper_id=paper.id, number=1,
        seed=1, started_at=at, deadline=at + timedelta(minutes=30), lease_epoch=1, lease_holder="t",
        submitted_at=at,
    )  # fmt: skip
    db.add(attempt)
    db.flush()
    return attempt


def _slot(db: Any, attempt: Attempt, slot: Any, version: Any, good: bool, at: datetime) -> dict[str, Any]:
    options = [option["id"] for option in version.content.get("options", [])]
    order = [int(option) for option in reversed(options)]
    value = _value(version, options, order, good)
    db.add(AttemptQuestion(
        attempt_id=attempt.id, slot=slot.slot, section=slot.section, question_id=slot.question.question_id,
        version_id=version.id, marks=slot.marks, option_order=order,
    ))  # fmt: skip
    event = AnswerEvent(
        attempt_id=attempt.id, event_id=f"e{slot.slot}", client_seq=slot.slot, slot=slot.slot, value=value,
        received_at=at, lease_epoch=1, disposition="accepted",
    )  # fmt: skip
    db.add(event)
    db.flush()
    db.add(Answer(
        attempt_id=attempt.id, slot=slot.slot, value=value, event_row_id=event.id, lease_epoch=1,
        client_seq=slot.slot, saved_at=at,
    ))  # fmt: skip
    earned = f"{slot.marks if good else Decimal(0):.3f}"
    exact = str(slot.marks if good else 0)
    return {"slot": slot.slot, "earned": earned, "exact": exact, "of": f"{slot.marks:.3f}", "note": ""}


def _value(version: Any, options: list[str], order: list[int], good: bool) -> str:
    """The JSON text of a right or a wrong answer, in the attempt's own option ids."""
    if version.type == "true_false":
        return json.dumps(version.key["right"] is good)
    if not options:
        return json.dumps("42" if good else "7")
    right = set(version.key["right"])
    chosen = sorted(right) if good else [next(each for each in options if each not in right)]
    places = [str(order.index(int(each))) for each in chosen]
    return json.dumps(places if version.type == "multiple_choice" else places[0])
