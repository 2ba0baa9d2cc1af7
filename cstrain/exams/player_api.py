"""Shape of what the player sends and gets: reading untrusted JSON, writing plain JSON. No database."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from typing import Any

from cstrain.exams.facts import HeldView, Receipt, SavedAnswer, SaveOutcome, SentEvent
from cstrain.exams.invigilation.facts import SIGNAL_KINDS, HeardState, SentSignal
from cstrain.exams.rules import receipt_time

_EVENT_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOST_INTEGER = 2**53
_MOST_SPAN_MS = 24 * 3600 * 1000
_MOST_SLOT = 2**31


class MalformedBatchError(ValueError):
    """The request is not a batch of events at all; nothing in it can be kept by event."""


def read_batch(body: object, most: int, most_value_bytes: int) -> tuple[int, list[SentEvent]]:
    """Return the lease epoch and the events of a request body.

    An event whose id is readable is always returned: what cannot be used is marked unparsable and kept.
    Raises ``MalformedBatchError`` when there is no list of events with ids.
    """
    if not isinstance(body, dict) or not isinstance(body.get("events"), list):
        raise MalformedBatchError("no list of events")
    events = body["events"]
    epoch = _integer(body.get("lease"))
    if epoch is None or len(events) > most:
        raise MalformedBatchError("no lease, or too many events")
    return epoch, [_read_event(event, most_value_bytes) for event in events]


def _read_event(event: object, most_value_bytes: int) -> SentEvent:
    if not isinstance(event, dict) or not isinstance(event.get("id"), str):
        raise MalformedBatchError("an event without id")
    if not _EVENT_ID.fullmatch(event["id"]):
        raise MalformedBatchError("an event id that is no UUID")
    slot, sequence = _integer(event.get("slot")), _integer(event.get("seq"))
    text, storable = _value_text(event.get("value"))
    sized = storable and len(text.encode()) <= most_value_bytes
    parsable = sized and slot is not None and sequence is not None
    return SentEvent(
        event_id=event["id"],
        client_seq=sequence or 0,
        slot=slot,
        value=text,
        mono_ms=_integer(event.get("mono")),
        parsable=parsable and "value" in event,
    )


def _value_text(value: object) -> tuple[str, bool]:
    """Return the JSON text of a value and whether it may count as an answer.

    What strict JSON or UTF-8 cannot hold (NaN, half a surrogate pair) is kept in escaped form, aside.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        text.encode()
    except ValueError:
        return json.dumps(repr(value), separators=(",", ":")), False
    return text, True


def _integer(value: object) -> int | None:
    """Return a whole number that a database can hold, else ``None`` (``True`` is no number)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value) or value != int(value):
        return None
    number = int(value)
    return number if 0 <= number < _MOST_INTEGER else None


def read_signals(body: object, most: int) -> list[SentSignal]:
    """Return the signs of a request body; one that cannot be read is left out.

    Raises ``MalformedBatchError`` when there is no list of them, or a longer one than any page sends.
    """
    signals = body.get("signals") if isinstance(body, dict) else None
    if not isinstance(signals, list) or len(signals) > most:
        raise MalformedBatchError("no list of signals, or too many")
    found = (_read_signal(one) for one in signals if isinstance(one, dict))
    return [one for one in found if one is not None]


def _read_signal(sent: dict[str, Any]) -> SentSignal | None:
    signal_id, kind = sent.get("id"), sent.get("kind")
    ago, lasted, slot = (_integer(sent.get(name)) for name in ("ago", "lasted", "slot"))
    if not isinstance(signal_id, str) or not _EVENT_ID.fullmatch(signal_id) or kind not in SIGNAL_KINDS:
        return None
    if ago is None or lasted is None or max(ago, lasted) > _MOST_SPAN_MS:
        return None
    return SentSignal(signal_id, kind, ago, lasted, slot if slot is not None and slot < _MOST_SLOT else None)


def heard_json(heard: HeardState, at: datetime) -> dict[str, Any]:
    """Return how an attempt stands, for a page that has shown itself."""
    return {
        "lease": heard.lease_epoch,
        "over": heard.over,
        "submitted": heard.submitted,
        "paused": heard.paused,
        "remaining_ms": heard.remaining_ms,
        "stored": heard.stored,
        "at": at.isoformat(),
    }


def view_json(view: HeldView, at: datetime) -> dict[str, Any]:
    """Return what the server holds of an attempt: answers, lease, time left, its own clock for display."""
    return {
        "lease": view.lease_epoch,
        "seq": view.last_seq,
        "over": view.attempt.state != "open",
        "submitted": view.attempt.state in ("submitted", "voided"),
        "remaining_ms": view.remaining_ms,
        "paused": view.attempt.paused_at is not None,
        "at": at.isoformat(),
        "answers": answers_json(view.answers),
    }


def answers_json(answers: tuple[SavedAnswer, ...]) -> dict[str, Any]:
    """Return saved answers by slot for the browser."""
    return {
        str(answer.slot): {"value": json.loads(answer.value), "saved_at": answer.saved_at.isoformat()}
        for answer in answers
    }


def outcome_json(outcome: SaveOutcome) -> dict[str, Any]:
    """Return what became of a batch."""
    return {
        "dispositions": outcome.dispositions,
        "lease": outcome.lease_epoch,
        "stale": outcome.stale,
        "over": outcome.over,
        "remaining_ms": outcome.remaining_ms,
        "paused": outcome.paused,
        "saved_at": outcome.saved_at.isoformat(),
        "answers": answers_json(outcome.answers) if outcome.stale or outcome.over else None,
    }


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt for the browser."""
    return {
        "attempt": receipt.attempt_id,
        "receipt": receipt.digest,
        "submitted_at": receipt_time(receipt.submitted_at),
        "answered": receipt.answered,
        "questions": receipt.questions,
    }
