"""How well a text was typed from a passage: alignment, speed, accuracy. Pure.

Both texts are normalised first (``normalise``) and compared by code point. The alignment is a semi-global
Levenshtein distance: the passage may end anywhere, so what was not typed at its end is no error.
Formulas: docs/rules.md 2.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import takewhile

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_MINUTE_MS = 60_000


def normalise(text: str, *, width_matters: bool = False, spaces_matter: bool = False) -> str:
    """Return the text as it is compared: Unicode NFC, without invisible characters.

    Unless told otherwise full and half width are the same (，= ,) and white space with line ends is dropped.
    """
    seen = text.translate(_INVISIBLE)
    if not width_matters:
        seen = "".join(map(_narrow, seen))
    seen = unicodedata.normalize("NFC", seen)
    return seen if spaces_matter else "".join(character for character in seen if not character.isspace())


def _narrow(character: str) -> str:
    """Return a character in its usual width: Latin and punctuation half, kana and Chinese full."""
    kind, _, code = unicodedata.decomposition(character).partition(" ")
    return chr(int(code, 16)) if kind in ("<wide>", "<narrow>") else character


@dataclass(frozen=True, slots=True)
class Alignment:
    """Counts of characters: matched, substituted, inserted (typed too many), deleted (left out)."""

    matched: int
    substituted: int
    inserted: int
    deleted: int

    @property
    def attempted(self) -> int:
        """The length of the part of the passage that was attempted."""
        return self.matched + self.substituted + self.deleted

    @property
    def typed(self) -> int:
        """The number of characters typed."""
        return self.matched + self.substituted + self.inserted

    @property
    def errors(self) -> int:
        """Substituted, inserted and deleted characters together."""
        return self.substituted + self.inserted + self.deleted


def align(reference: str, typed: str) -> Alignment:
    """Align what was typed with the beginning of the reference; both are normalised already.

    Tie rule: the fewest errors; of those the most matches; of those the fewest insertions (a wrong character
    in the place of a right one is a substitution). The counts are thereby unique. What both begin with is
    matched at once: whatever else an alignment did with it, matching it is no worse by any of the three. Time
    and work grow with the product of the lengths of the rests.
    """
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(reference, typed, strict=False)))
    found = _align(reference[same:], typed[same:])
    return replace(found, matched=found.matched + same)


def _align(reference: str, typed: str) -> Alignment:
    base = len(reference) + len(typed) + 1
    wrong = (
        base * base
    )  # an error outweighs every match, a match every insertion: one integer holds all three
    row = [wrong * place for place in range(len(reference) + 1)]
    for character in typed:
        diagonal, left = row[0], row[0] + wrong + 1
        next_row = [left]
        for place, expected in enumerate(reference, start=1):
            above = row[place]
            left = min(
                diagonal + (-base if expected == character else wrong), above + wrong + 1, left + wrong
            )
            next_row.append(left)
            diagonal = above
        row = next_row
    return _counts(min(row), base, len(typed))


def _counts(weight: int, base: int, typed: int) -> Alignment:
    """Read the counts back: weight = errors * base² - matches * base + insertions."""
    inserted = weight % base
    rest = (weight - inserted) // base
    matched = -rest % base
    errors = (rest + matched) // base
    substituted = typed - matched - inserted
    return Alignment(matched, substituted, inserted, errors - substituted - inserted)


@dataclass(frozen=True, slots=True)
class TypingScore:
    """An alignment with the time it took (milliseconds, positive) and the penalty for a wrong character."""

    counts: Alignment
    ms: int
    penalty: int

    @property
    def gross(self) -> Fraction:
        """Typed characters a minute, right or wrong."""
        return self._a_minute(self.counts.typed)

    @property
    def net(self) -> Fraction:
        """Right characters a minute less the penalty for each substituted or inserted one; never negative."""
        wrong = self.counts.substituted + self.counts.inserted
        return self._a_minute(max(0, self.counts.matched - self.penalty * wrong))

    @property
    def accuracy(self) -> Fraction:
        """The share of the attempted part that is right; 0 when nothing was attempted."""
        return Fraction(self.counts.matched, self.counts.attempted) if self.counts.attempted else Fraction(0)

    @property
    def error_rate(self) -> Fraction:
        """Errors by the length of the attempted part (may exceed 1); 0 when nothing was attempted."""
        return Fraction(self.counts.errors, self.counts.attempted) if self.counts.attempted else Fraction(0)

    def share(self, full_speed: int) -> Fraction:
        """Return the share of the marks: net speed by ``full_speed``, at most 1, times the accuracy."""
        return min(Fraction(1), self.net / full_speed) * self.accuracy

    def _a_minute(self, characters: int) -> Fraction:
        return Fraction(characters * _MINUTE_MS, self.ms)
