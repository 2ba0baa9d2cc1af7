"""Verifying a receipt from the file a candidate took along: no database, no network, no key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_SIGNED = ("answers", "attempt", "submitted_at")


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """What a file says and what its own contents give; ``log_agrees``: ``None`` for a file without a log."""

    stated: str
    found: str
    log_agrees: bool | None

    @property
    def good(self) -> bool:
        """Whether the receipt fits the answers, and the answers fit the log where there is one."""
        return self.stated == self.found and self.log_agrees is not False


class NoReceiptError(ValueError):
    """The file is no receipt: not JSON, or without answers, attempt, time of submission and receipt."""


def check_receipt(text: str) -> ReceiptCheck:
    """Return what a receipt file (or an evidence file) gives; raises ``NoReceiptError``.

    SHA-256 over the JSON object of answers, attempt and submitted_at: keys sorted, no white space, UTF-8.
    Written apart from the code that makes receipts, so that one mistake cannot hide in both.
    """
    try:
        body = json.loads(text)
    except ValueError:
        raise NoReceiptError("not JSON") from None
    if not isinstance(body, dict) or not {*_SIGNED, "receipt"} <= set(body):
        raise NoReceiptError("no receipt in it")
    signed = json.dumps(
        {name: body[name] for name in _SIGNED}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    found = hashlib.sha256(signed.encode("utf-8", "surrogatepass")).hexdigest()
    events = body.get("events")
    agrees = None if not isinstance(events, list) else final(events) == body["answers"]
    return ReceiptCheck(str(body["receipt"]), found, agrees)


def final(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the answers a log ends in: of each slot the accepted one with the highest lease and count."""
    best: dict[str, tuple[tuple[int, int], Any]] = {}
    for event in events:
        if event.get("disposition") != "accepted" or event.get("slot") is None:
            continue
        slot, rank = str(event["slot"]), (int(event["lease"]), int(event["count"]))
        if slot not in best or rank > best[slot][0]:
            best[slot] = (rank, event["value"])
    return {slot: value for slot, (_rank, value) in best.items()}
