"""Marking: one pure function from a form, its keys and the final answers to a result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cstrain.exams.facts import MarkableSlot
from cstrain.grading.facts import SectionScore
from cstrain.kernel.calendar import WorkCalendar
from cstrain.questions.facts import KeyedVersion
from cstrain.questions.question_type import question_types

_THOUSANDTH = Decimal("0.001")
Shares = Mapping[int, Fraction]
"""What people gave to the parts of a slot, 0 to 1."""
BY_PERSON = "person"
"""The note of a slot that a person marked."""
BY_HAND = "changed"
"""The note of a slot whose mark two persons changed."""
CREDITED = "credited"
"""The note of a slot whose question was found faulty: everybody who was asked earns all its marks."""
WAITING = "waiting"
"""The note of a slot that waits for a person; it earns nothing yet."""


@dataclass(frozen=True, slots=True)
class SlotMark:
    """What a slot earned, of how much; ``note`` says why nothing could be marked (blank, malformed).

    ``exact`` decides; ``earned`` is the same rounded half up to a thousandth, for show. ``measures`` are
    named numbers the response showed besides, as decimal text (typing: ``speed``, ``accuracy``).
    """

    slot: int
    exact: Fraction
    of: Decimal
    note: str
    measures: Mapping[str, str] = field(default_factory=dict)

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

    @property
    def waiting(self) -> tuple[int, ...]:
        """The slots that wait for a person: until there are none, this is no result."""
        return tuple(one.slot for one in self.slots if one.note == WAITING)


def to_version_ids(value: object, order: Sequence[int]) -> object:
    """Translate option ids of an attempt (places) into those of the question version; else unchanged."""
    if isinstance(value, list):
        return [to_version_ids(item, order) for item in value]
    if isinstance(value, dict):
        return {key: to_version_ids(item, order) for key, item in value.items()}
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
    slots: Sequence[MarkableSlot],
    versions: Mapping[int, KeyedVersion],
    *,
    partial: bool,
    given: Mapping[int, Shares] | None = None,
) -> MarkedAttempt:
    """Mark an attempt. ``partial``: partial credit on multiple choice, as the paper says.

    ``given`` holds the shares (0 to 1) that people gave, by slot and part (0 where a slot has no parts); they
    count where the type leaves the marking to people, and a slot that lacks one waits. Shares stay exact
    fractions; only the total is rounded, and down (see ``total``).
    """
    people = given or {}
    marked = tuple(
        _mark_slot(slot, versions[slot.version_id], people.get(slot.slot, {}), partial=partial)
        for slot in slots
    )
    return total(marked)


def total(marked: Sequence[SlotMark]) -> MarkedAttempt:
    """Add up slot marks into a result with its digest (SHA-256 of its canonical JSON).

    The exact sum is cut to a thousandth of a mark: it reaches a pass mark exactly when the raw mark does, so
    rounding neither makes a pass of a fail nor a fail of a pass (docs/rules.md 2).
    """
    raw = _thousandths(sum((mark.exact for mark in marked), Fraction(0)))
    text = json.dumps([f"{raw:f}", [_body(mark) for mark in marked]], separators=(",", ":"))
    return MarkedAttempt(raw, tuple(marked), hashlib.sha256(text.encode()).hexdigest())


def rekeyed(held: Sequence[SlotMark], new: Mapping[int, SlotMark]) -> MarkedAttempt:
    """Return a result with slots marked again by a corrected key; ``new`` by slot.

    A mark that two persons gave by hand stays where the corrected key would give less: they judged this very
    answer, and nobody loses by the correction of a mistake what was granted before.
    """
    return total([_again(mark, new.get(mark.slot)) for mark in held])


def _again(held: SlotMark, new: SlotMark | None) -> SlotMark:
    if new is None or (held.note == BY_HAND and held.exact >= new.exact):
        return held
    return new


def _body(mark: SlotMark) -> list[object]:
    """Return what of a slot goes into the digest; measures only where there are some."""
    body: list[object] = [mark.slot, str(mark.exact), f"{mark.of:f}", mark.note]
    return [*body, sorted(mark.measures.items())] if mark.measures else body


def _mark_slot(slot: MarkableSlot, version: KeyedVersion, people: Shares, *, partial: bool) -> SlotMark:
    if version.credited:
        all_of_it = slot.marks.quantize(_THOUSANDTH)
        return SlotMark(slot.slot, Fraction(all_of_it), all_of_it, CREDITED)
    kind = question_types().get(version.type)
    value = response(slot, version)
    marking = kind.mark(version.key, value, partial=partial)
    share, note = marking.fraction, marking.note
    if share is None:
        due = {each.part for each in kind.parts_to_mark(version.key, value)}
        share, note = Fraction(0), WAITING
        if due <= set(people):
            given = {part: people[part] for part in due}
            share, note = kind.combine(version.key, value, given, partial), BY_PERSON
    of = slot.marks.quantize(_THOUSANDTH)
    return SlotMark(slot.slot, Fraction(of) * share, of, note, marking.measures)


def section_scores(marks: Sequence[SlotMark], titles: Mapping[int, str]) -> tuple[SectionScore, ...]:
    """Return what each section earned, in order of their first slots; ``titles`` by slot."""
    found: dict[str, list[SlotMark]] = {}
    for mark in marks:
        found.setdefault(titles[mark.slot], []).append(mark)
    return tuple(_section(title, slots) for title, slots in found.items())


def _section(title: str, slots: Sequence[SlotMark]) -> SectionScore:
    numbers: dict[str, list[Decimal]] = {}
    for slot in slots:
        for name, text in slot.measures.items():
            numbers.setdefault(name, []).append(Decimal(text))
    earned = _thousandths(sum((slot.exact for slot in slots), Fraction(0)))
    of = sum((slot.of for slot in slots), Decimal(0))
    measures = {name: sum(each, Decimal(0)) / len(each) for name, each in numbers.items()}
    return SectionScore(title, earned, of, measures)


def from_json(kept: Mapping[str, Any]) -> SlotMark:
    """Return a slot's mark as a result keeps it."""
    measures = kept.get("measures", {})
    return SlotMark(kept["slot"], Fraction(kept["exact"]), Decimal(kept["of"]), kept["note"], measures)


def as_json(mark: SlotMark) -> dict[str, object]:
    """Return a slot's mark for keeping in a result."""
    plain: dict[str, object] = {
        "slot": mark.slot,
        "earned": f"{mark.earned:f}",
        "exact": str(mark.exact),
        "of": f"{mark.of:f}",
        "note": mark.note,
    }
    return plain | {"measures": dict(mark.measures)} if mark.measures else plain


def _thousandths(exact: Fraction) -> Decimal:
    """Return a non-negative fraction cut to thousandths; exact, whatever the decimal context."""
    return Decimal(exact.numerator * 1000 // exact.denominator).scaleb(-3)


def appeal_deadline(released: date, calendar: WorkCalendar, working_days: int) -> date:
    """Return the last day to appeal: ``working_days`` after the day of release (docs/rules.md 2)."""
    return calendar.nth_working_day_after(released, working_days)
