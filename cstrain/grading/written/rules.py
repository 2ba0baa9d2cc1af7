"""Who marks what how often, and what counts when people differ. Pure.

Shares are exact fractions from 0 to 1 of a part's marks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from fractions import Fraction

from cstrain.grading.written.policy import MarkingRule, Third

_THIRD_ROUND = 3


def chance(seed: str, *of: object) -> str:
    """Return 64 hexadecimal digits that nobody can foresee without ``seed``; the same for the same."""
    return hashlib.sha256("/".join([seed, *map(str, of)]).encode()).hexdigest()


def as_share(digits: str) -> Fraction:
    """Return the digits of ``chance`` as a fraction from 0 to below 1."""
    return Fraction(int(digits, 16), 16 ** len(digits))


def rounds(rule: MarkingRule, digits: str, queued: int, doubled: int) -> int:
    """Return by how many people an answer that enters a queue is marked: 1 or 2 (assessment science A10).

    ``doubled`` of the ``queued`` before it are marked by two. A sample is drawn by chance (``digits``), and
    this one belongs to it whenever the queue would hold less than the share otherwise.
    """
    if rule.second == "all":
        return 2
    share = Fraction(rule.share)
    return 2 if doubled < share * (queued + 1) or as_share(digits) < share else 1


def due(shares: Sequence[Fraction], planned: int, tolerance: Fraction) -> int:
    """Return by how many people an answer must be marked, after what has been given so far.

    ``shares`` are those of finished markings in the order of rounds; ``planned`` is 1 or 2. Two that differ
    by more than ``tolerance`` of the part's marks call for a third.
    """
    if len(shares) > planned:
        return len(shares)
    apart = len(shares) == 2 and abs(shares[0] - shares[1]) > tolerance
    return _THIRD_ROUND if apart else planned


def settled(
    shares: Sequence[Fraction], planned: int, tolerance: Fraction, third: Third = "closest_two"
) -> Fraction | None:
    """Return what counts once nobody has to mark any more; ``None`` before.

    One marking: what it gave. Two: their mean. Three: the mean of the two closest, where both are as close
    the third's; or the third's, as ``third`` says.
    """
    if not shares or len(shares) < due(shares, planned, tolerance):
        return None
    if len(shares) < _THIRD_ROUND:
        return sum(shares, Fraction(0)) / len(shares)
    first, second, last = shares
    to_first, to_second, between = abs(first - last), abs(second - last), abs(first - second)
    if third == "third" or to_first == to_second:
        return last
    if between < min(to_first, to_second):
        return (first + second) / 2
    return ((first if to_first < to_second else second) + last) / 2


def next_round(taken: Collection[int], wanted: int) -> int | None:
    """Return the lowest free round of those wanted; ``None`` when each has its marker."""
    return next((number for number in range(1, wanted + 1) if number not in taken), None)


def order_for(place: str, marker: int) -> str:
    """Return what sorts a queue for one marker: at random, and otherwise than for the others."""
    return chance(place, marker)
