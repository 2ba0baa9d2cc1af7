"""Marking: one pure function from a form, its keys and the final answers to a result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from cstrain.exams.facts import MarkableSlot
from cstrain.kernel.calendar import WorkCalendar
from cstrain.questions.facts import KeyedVersion
from cstrain.questions.question_type import question_types

_THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class SlotMark:
    """What a slot earned, of how much; ``note`` says why nothing could be marked (blank, malformed).

    ``exact`` decides; ``earned`` is the same rounded half up to a thousandth, for show.
    """

    slot: int
    exact: Fraction
    of: Decimal
    note: str

    @property
    def earned(self) -> Decimal:
        """What the slot earned, to a thousandth of a mark."""
        return _thousandths(self.exact + Fraction(1, 2000))


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

    Shares stay exact fractions; only the total is rounded, and down (see ``total``).
    """
    marked = tuple(_mark_slot(slot, versions[slot.version_id], partial=partial) for slot in slots)
    return total(marked)


def total(marked: Sequence[SlotMark]) -> MarkedAttempt:
    """Add up slot marks into a result with its digest (SHA-256 of its canonical JSON).

    The exact sum is cut to a thousandth of a mark: it reaches a pass mark exactly when the raw mark does, so
    rounding neither makes a pass of a fail nor a fail of a pass (docs/rules.md 2).
    """
    raw = _thousandths(sum((mark.exact for mark in marked), Fraction(0)))
    body = [[mark.slot, str(mark.exact), f"{mark.of:f}", mark.note] for mark in marked]
    text = json.dumps([f"{raw:f}", body], separators=(",", ":"))
    return MarkedAttempt(raw, tuple(marked), hashlib.sha256(text.encode()).hexdigest())


def _mark_slot(slot: MarkableSlot, version: KeyedVersion, *, partial: bool) -> SlotMark:
    kind = question_types().get(version.type)
    marking = kind.mark(version.key, response(slot, version), partial=partial)
    share = marking.fraction if marking.fraction is not None else Fraction(0)
    of = slot.marks.quantize(_THOUSANDTH)
    return SlotMark(slot.slot, Fraction(of) * share, of, marking.note)


def _thousandths(exact: Fraction) -> Decimal:
    """Return a non-negative fraction cut to thousandths; exact, whatever the decimal context."""
    return Decimal(exact.numerator * 1000 // exact.denominator).scaleb(-3)


def appeal_deadline(released: date, calendar: WorkCalendar, working_days: int) -> date:
    """Return the last day to appeal: ``working_days`` after the day of release (docs/rules.md 2)."""
    return calendar.nth_working_day_after(released, working_days)
