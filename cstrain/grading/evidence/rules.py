"""Counting a log by question, and putting evidence into a file. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from cstrain.exams.facts import LoggedEvent
from cstrain.grading.evidence.facts import Evidence, SlotSaves

HOW = (
    "receipt = SHA-256 of the JSON object of answers, attempt and submitted_at: sorted keys, no white space, "
    "UTF-8, no escapes of non-ASCII characters. answers = of each slot the accepted event with the highest "
    "lease, then count. `cstrain exam verify-receipt FILE` checks both without a database."
)


def saves_by_slot(events: Iterable[LoggedEvent], answers: Mapping[int, str]) -> list[SlotSaves]:
    """Return what was sent question by question; ``answers``: the final ones in words, by slot."""
    sent: dict[int, list[LoggedEvent]] = {slot: [] for slot in answers}
    for event in events:
        if event.slot is not None:
            sent.setdefault(event.slot, []).append(event)
    return [_of_slot(slot, sent[slot], answers.get(slot)) for slot in sorted(sent)]


def _of_slot(slot: int, events: list[LoggedEvent], answer: str | None) -> SlotSaves:
    counted = [event for event in events if event.disposition == "accepted"]
    return SlotSaves(
        slot,
        len(events),
        len(counted),
        events[0].received_at if events else None,
        events[-1].received_at if events else None,
        answer if counted else None,
    )


def as_file(found: Evidence, final: Mapping[int, str]) -> dict[str, Any]:
    """Return an attempt's evidence as plain data for a file; nobody but the candidate is in it.

    ``final``: the final answers (JSON text) by slot.
    """
    attempt = found.attempt
    body: dict[str, Any] = {
        "answers": {str(slot): json.loads(value) for slot, value in final.items()},
        "attempt": attempt.id,
        "paper": f"{attempt.paper.ref}/{attempt.paper.edition}",
        "state": attempt.state,
        "started_at": _time(attempt.started_at),
        "deadline": _time(attempt.deadline),
        "events": [_event(event) for event in found.events],
        "moments": [{"at": _time(one.at), "kind": one.kind, **one.detail} for one in found.moments],
        "markings": [
            {"number": one.number, "at": _time(one.at), "mark": f"{one.raw:f}", "why": one.kind}
            for one in found.markings
        ],
        "appeals": [
            {"filed_at": _time(one.filed_at), "slot": one.slot, "reason": one.reason, "state": one.state,
             "answer": one.decision}
            for one in found.appeals
        ],
        "how_to_verify": HOW,
    }  # fmt: skip
    if attempt.submitted_at is not None:
        body |= {"submitted_at": _time(attempt.submitted_at), "receipt": attempt.receipt}
    return body


def _event(event: LoggedEvent) -> dict[str, Any]:
    readable = event.disposition != "unparsable"
    said = {"value": json.loads(event.value)} if readable else {"unreadable": event.value}
    return {
        "id": event.event_id,
        "at": _time(event.received_at),
        "slot": event.slot,
        "lease": event.lease,
        "count": event.count,
        "disposition": event.disposition,
        **said,
    }


def _time(at: datetime) -> str:
    """Return an instant as receipts spell it: ISO 8601, UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
