"""Marking: one pure function from a form, its keys and the final answers to a result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from cstrain.exams.facts import MarkableSlot
from cstrain.questions.facts import KeyedVersion
from cstrain.questions.question_type import question_types

_THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class SlotMark:
    """What a slot earned, of how much; ``note`` says why nothing could be marked (blank, malformed)."""

    slot: int
    earned: Decimal
    of: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class MarkedAttempt:
    """The outcome of marking: raw total (0–100, thousandths), each slot's mark, a digest of it all."""

    raw: Decimal
    slots: tuple[SlotMark, ...]
    digest: str


def to_version_ids(value: object, order: Sequence[int]) -> object:
    """Translate option ids of an attempt (places) into those of the question version; else unchanged."""
    if isinstance(value, list):
        return [to_version_ids(item, order) for item in value]
    if isinstance(value, str) and value.isascii() and value.isdecimal() and str(int(value)) == value:
        place = int(value)
        return str(order[place]) if place < len(order) else value
    return value


def response(slot: MarkableSlot, version: KeyedVersion) -> object:
    """Return the final response of a slot in terms of the question version; ``None`` when unanswered."""
    if slot.value is None:
        return None
    value = json.loads(slot.value)
    return to_version_ids(value, slot.option_order) if slot.option_order else value


def mark(
    slots: Sequence[MarkableSlot], versions: Mapping[int, KeyedVersion], *, partial: bool
) -> MarkedAttempt:
    """Mark an attempt. ``partial``: partial credit on multiple choice, as the paper says.

    Shares are exact fractions; each slot is rounded to a thousandth of a mark, half up.
    """
    marked = tuple(_mark_slot(slot, versions[slot.version_id], partial=partial) for slot in slots)
    return total(marked)


def total(marked: Sequence[SlotMark]) -> MarkedAttempt:
    """Add up slot marks into a result with its digest (SHA-256 of its canonical JSON)."""
    raw = sum((mark.earned for mark in marked), Decimal(0)).quantize(_THOUSANDTH)
    body = [[mark.slot, f"{mark.earned:f}", f"{mark.of:f}", mark.note] for mark in marked]
    text = json.dumps([f"{raw:f}", body], separators=(",", ":"))
    return MarkedAttempt(raw, tuple(marked), hashlib.sha256(text.encode()).hexdigest())


def _mark_slot(slot: MarkableSlot, version: KeyedVersion, *, partial: bool) -> SlotMark:
    kind = question_types().get(version.type)
    marking = kind.mark(version.key, response(slot, version), partial=partial)
    share = marking.fraction if marking.fraction is not None else Fraction(0)
    of = slot.marks.quantize(_THOUSANDTH)
    exact = Fraction(of) * share
    earned = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_THOUSANDTH, ROUND_HALF_UP)
    return SlotMark(slot.slot, earned, of, marking.note)
