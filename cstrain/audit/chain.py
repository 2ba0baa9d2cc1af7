"""The hash chain: canonical form, hashing and verification of entries. Pure.

Canonical form follows RFC 8785 in the part used here: sorted keys, no white space, UTF-8, no floats.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """An audit entry as it is hashed. ``detail`` is canonical JSON text."""

    seq: int
    at: datetime
    actor_id: int | None
    action: str
    subject: str
    detail: str
    prev_hash: str
    entry_hash: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of the chain at some moment, to be kept where the operator cannot change it."""

    seq: int
    entry_hash: str


def canonical(value: object) -> str:
    """Return canonical JSON; a float is refused because its text is not unique."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("audit detail holds a float; use a string or an integer")
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for child in children:
        _refuse_floats(child)


def entry_hash(
    seq: int, at: datetime, actor_id: int | None, action: str, subject: str, detail: str, prev: str
) -> str:
    """Return the SHA-256 (hex) of an entry's canonical form, chained to the hash before it."""
    instant = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    body = canonical([seq, instant, actor_id, action, subject, detail, prev])
    return hashlib.sha256(body.encode()).hexdigest()


def faults(entries: Iterable[Entry], checkpoint: Checkpoint | None = None) -> list[str]:
    """Return what is wrong with a chain given in order of ``seq``; empty when it is whole.

    Without a checkpoint a cut tail or a wholly rewritten chain cannot be seen; with one it is.
    """
    found: list[str] = []
    previous, expected, seen_checkpoint = GENESIS, 1, checkpoint is None or checkpoint.seq == 0
    for entry in entries:
        if entry.seq != expected:
            found.append(f"entry {expected} is missing or out of order (found {entry.seq})")
        if entry.prev_hash != previous:
            found.append(f"entry {entry.seq} does not continue the entry before it")
        computed = entry_hash(
            entry.seq, entry.at, entry.actor_id, entry.action, entry.subject, entry.detail, entry.prev_hash
        )
        if computed != entry.entry_hash:
            found.append(f"entry {entry.seq} was changed after it was written")
        if checkpoint is not None and entry.seq == checkpoint.seq:
            seen_checkpoint = True
            if entry.entry_hash != checkpoint.entry_hash:
                found.append(
                    f"entry {entry.seq} is not the one the checkpoint names: the chain was rewritten"
                )
        previous, expected = entry.entry_hash, entry.seq + 1
    if not seen_checkpoint and checkpoint is not None:
        found.append(
            f"the chain ends before entry {checkpoint.seq} that the checkpoint names: its tail was cut"
        )
    return found
