"""What differs between two wordings of a question, field by field. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from cstrain.questions.authoring.editing.fields import Said
from cstrain.ui.differences import Piece, differences, shortened


class Differing(NamedTuple):
    """A field that differs: what it is called, whether it is new, gone or changed, and its text in pieces."""

    label: str
    what: str
    pieces: tuple[Piece, ...]


def differing(before: Iterable[Said], after: Iterable[Said]) -> list[Differing]:
    """Return the fields that differ, in the order of the newer wording, then those that are gone."""
    older, newer = _told_apart(before), _told_apart(after)
    found = []
    for label, text in newer.items():
        if older.get(label) != text:
            what = "changed" if label in older else "added"
            found.append(_one(label[0], what, older.get(label, ""), text))
    gone = [label for label in older if label not in newer]
    return found + [_one(label[0], "removed", older[label], "") for label in gone]


def _one(label: str, what: str, before: str, after: str) -> Differing:
    return Differing(label, what, tuple(shortened(differences(before, after))))


def _told_apart(said: Iterable[Said]) -> dict[tuple[str, int], str]:
    """Return texts by label; labels that stand several times are counted."""
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], str] = {}
    for label, text in said:
        found[label, seen[label]] = text
        seen[label] += 1
    return found
