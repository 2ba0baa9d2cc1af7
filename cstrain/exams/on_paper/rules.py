"""Pure rules of sittings on paper: what can be printed, when entries agree, who may do what.

Sources: docs/rules.md 4.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from cstrain.exams.on_paper.facts import CopyFacts, CopyState, Task
from cstrain.exams.rules import is_blank
from cstrain.kernel.ids import PersonId
from cstrain.questions.facts import Control

PRINTABLE = frozenset(
    {
        Control.CHOOSE_ONE,
        Control.CHOOSE_MANY,
        Control.TRUE_FALSE,
        Control.BLANKS,
        Control.NUMBER,
        Control.MATCH,
        Control.ORDER,
        Control.TEXT,
        Control.PARTS,
    }
)
"""What can be answered with a pen; a case's parts are of these as well."""


def unprintable(controls: Mapping[str, str]) -> list[str]:
    """Return the question types (given with their controls) that cannot be answered on paper, in order."""
    return sorted(name for name, control in controls.items() if control not in PRINTABLE)


def canonical(value: object) -> object:
    """Return a response as entries are compared: outer blanks do not count, nothing is ``None``.

    The order of what was chosen of several does not count either; the order of steps and of gaps does, which
    the caller tells by ``differences``.
    """
    if is_blank(value):
        return None
    if isinstance(value, str):
        return value.strip().replace("\r\n", "\n")
    if isinstance(value, list):
        return [canonical(each) for each in value]
    if isinstance(value, dict):
        found = {key: canonical(each) for key, each in sorted(value.items())}
        return {key: each for key, each in found.items() if each is not None}
    return value


def same(control: str, first: str | None, second: str | None) -> bool:
    """Tell whether two people read the same from a sheet (JSON text; ``None``: nothing)."""
    mine, theirs = (canonical(json.loads(text)) if text else None for text in (first, second))
    if control == Control.CHOOSE_MANY and isinstance(mine, list) and isinstance(theirs, list):
        return sorted(map(str, mine)) == sorted(map(str, theirs))
    return mine == theirs


def differences(
    controls: Mapping[int, str], first: Mapping[int, str], second: Mapping[int, str]
) -> list[int]:
    """Return the slots (given with their controls) at which two entries differ, in order."""
    return [
        slot
        for slot, control in sorted(controls.items())
        if not same(control, first.get(slot), second.get(slot))
    ]


def agreed(
    controls: Mapping[int, str],
    first: Mapping[int, str],
    second: Mapping[int, str],
    resolved: Mapping[int, str],
) -> dict[int, str] | None:
    """Return the answers (JSON text by slot, empty ones left out) that go into the log.

    Where the entries agree it is what both read, else what was resolved; ``None`` while some difference is
    not resolved.
    """
    open_ones = set(differences(controls, first, second))
    if not open_ones <= set(resolved):
        return None
    chosen = {slot: resolved[slot] if slot in open_ones else first.get(slot) for slot in sorted(controls)}
    return {slot: text for slot, text in chosen.items() if text and not is_blank(json.loads(text))}


class TimesFault(StrEnum):
    """Why the times noted on a sheet cannot be."""

    ORDER = "order"
    FUTURE = "future"
    BEFORE_ISSUE = "before_issue"
    OUTSIDE = "outside"
    LONG = "long"


def times_fault(
    sat_from: datetime,
    sat_until: datetime,
    *,
    issued: datetime,
    window: tuple[datetime, datetime],
    allowed: timedelta,
    most_over: timedelta,
    now: datetime,
) -> TimesFault | None:
    """Return what is wrong with the times of a sheet; ``None`` when they can be.

    It is begun in the candidate's window and not before it was printed (to the minute), handed in by now and
    at most ``most_over`` after the time ``allowed``.
    """
    if sat_until <= sat_from:
        return TimesFault.ORDER
    if sat_until > now:
        return TimesFault.FUTURE
    if sat_from < issued - timedelta(minutes=1):
        return TimesFault.BEFORE_ISSUE
    if not window[0] <= sat_from < window[1]:
        return TimesFault.OUTSIDE
    return TimesFault.LONG if sat_until - sat_from > allowed + most_over else None


def tasks(copy: CopyFacts, person: PersonId) -> frozenset[Task]:
    """Return what somebody may do about a copy now; never anything about one's own.

    Two different people enter. Differences are resolved by a third person, or by one of the two with the
    other's consent.
    """
    if person == copy.person_id:
        return frozenset()
    if copy.state is CopyState.ENTERING:
        return frozenset({Task.ENTER}) if _may_enter(copy, person) else frozenset()
    if copy.state is CopyState.DIFFERING:
        return frozenset({Task.RESOLVE})
    waiting = copy.waiting
    if copy.state is CopyState.PROPOSED and waiting is not None and person != waiting.made_by:
        return frozenset({Task.AGREE}) if person in copy.enterers else frozenset({Task.RESOLVE})
    return frozenset()


def _may_enter(copy: CopyFacts, person: PersonId) -> bool:
    mine = next((entry for entry in copy.entries if entry.entered_by == person), None)
    return mine.finished_at is None if mine is not None else len(copy.entries) < 2


def is_third(person: PersonId, enterers: Collection[PersonId]) -> bool:
    """Tell whether somebody entered nothing of a copy, and so may resolve its differences alone."""
    return person not in enterers


def with_slots(answers: Mapping[str, object], slots: Iterable[int]) -> dict[int, str]:
    """Return kept answers (slot as text) as JSON text by slot; others are left out."""
    known = set(slots)
    return {int(slot): str(text) for slot, text in answers.items() if slot.isdecimal() and int(slot) in known}
