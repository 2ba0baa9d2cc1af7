"""Which corrections of a key can be marked with, and what one does to a result. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cstrain.exams.facts import AttemptFacts, MarkableSlot
from cstrain.grading.rekeying.facts import Effect
from cstrain.grading.rules import BY_HAND, SlotMark, mark, rekeyed, total
from cstrain.kernel.units import passed
from cstrain.questions.facts import Control, KeyedVersion, NewKey
from cstrain.questions.question_type import question_types, unearned

CHOICES = (Control.CHOOSE_ONE, Control.CHOOSE_MANY)
_WRONG = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def machine_marks(key: Mapping[str, Any]) -> bool:
    """Tell whether a machine marks all of a question: no part of its key is a rubric for people."""
    return not _names(key, "rubric")


def _names(part: object, name: str) -> bool:
    if isinstance(part, Mapping):
        return name in part or any(_names(each, name) for each in part.values())
    return isinstance(part, list) and any(_names(each, name) for each in part)


def fault(version: KeyedVersion, new: NewKey) -> str:
    """Return why a corrected key cannot be marked with: a code, or nothing.

    ``people``: people mark this question, their points are not the key's. ``same``: nothing changes.
    ``options``: for choices, not some of the options. ``shape``: other parts than the key has.
    ``samples``: the question's own right and wrong answers do not earn what they must.
    """
    if new.kind == "credit":
        return "same" if version.credited else ""
    if not machine_marks(version.key):
        return "people"
    if new.key == version.key and not version.credited:
        return "same"
    if version.control in CHOICES:
        return _fault_of_choice(version, new.key)
    if not same_shape(version.key, new.key):
        return "shape"
    return "" if _earns(version, new.key) else "samples"


def _fault_of_choice(version: KeyedVersion, key: Mapping[str, Any]) -> str:
    """A single choice may have several right options now; all of them earn the marks."""
    known = version.key["options"]
    right = key.get("right")
    good = isinstance(right, list) and right and set(right) <= set(known) and len(set(right)) == len(right)
    return "" if good and set(key) == set(version.key) and key["options"] == known else "options"


def same_shape(old: object, new: object) -> bool:
    """Tell whether a key has the parts of another: same names, same kinds of values, same lists of lists.

    A list of plain values (accepted answers) may be longer or shorter; one of parts may not.
    """
    if isinstance(old, Mapping):
        return (
            isinstance(new, Mapping)
            and set(old) == set(new)
            and all(same_shape(old[name], new[name]) for name in old)
        )
    if isinstance(old, list):
        return isinstance(new, list) and _same_lists(old, new)
    return type(old) is type(new)


def _same_lists(old: Sequence[object], new: Sequence[object]) -> bool:
    if any(isinstance(each, list | Mapping) for each in old):
        return len(old) == len(new) and all(map(same_shape, old, new))
    return bool(new) == bool(old) and {type(each) for each in new} <= {type(each) for each in old}


def _earns(version: KeyedVersion, key: Mapping[str, Any]) -> bool:
    """Tell whether the type can read a key, describe it, and mark its own samples by it."""
    kind = question_types().get(version.type)
    try:
        kind.describe_key(version.content, key)
        return not unearned(kind, version.content, key)
    except _WRONG:
        return False


def with_key(version: KeyedVersion, new: NewKey) -> KeyedVersion:
    """Return a version as it is marked with the corrected key."""
    key = dict(new.key) if new.kind == "key" else version.key
    return replace(version, key=key, explanation=new.explanation, credited=new.kind == "credit")


def marked_again(slot: MarkableSlot, version: KeyedVersion, *, partial: bool) -> SlotMark:
    """Return the mark of one slot by a key."""
    return mark([slot], {version.id: version}, partial=partial).slots[0]


def effect(
    attempt: AttemptFacts, number: int, held: Sequence[SlotMark], new: SlotMark, *, released: bool
) -> Effect:
    """Return what the new mark of a slot does to an attempt's result ``number``."""
    after = rekeyed(held, {new.slot: new})
    return was(attempt, new.slot, number, held, after.slots, released=released)


def was(
    attempt: AttemptFacts,
    slot: int,
    number: int,
    held: Sequence[SlotMark],
    new: Sequence[SlotMark],
    *,
    released: bool,
) -> Effect:
    """Return the effect of a correction from all marks before (result ``number``) and after it."""
    before, after = total(held), total(new)
    old = next(each for each in held if each.slot == slot)
    now = next(each for each in new if each.slot == slot)
    line = attempt.paper.pass_mark
    return Effect(
        attempt,
        slot,
        number,
        before.raw,
        after,
        old.earned,
        now.earned,
        passed(before.raw, line),
        passed(after.raw, line),
        released,
        old.note == BY_HAND and now == old,
        after.digest != before.digest,
    )


def order(effect_of: Effect) -> tuple[bool, bool, bool, int]:
    """Return the place of an effect in lists: who fails now, who passes now, other changes, the rest."""
    return (effect_of.side != "down", effect_of.side != "up", not effect_of.differs, effect_of.attempt.id)
