"""Near-duplicates: pairs of questions whose stem and key are all but the same text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process


class Pair(NamedTuple):
    """Two texts, by position (``first`` < ``second``), and how alike they are (0 to 100)."""

    first: int
    second: int
    ratio: float


def similar_pairs(texts: Sequence[str], threshold: float) -> list[Pair]:
    """Return each text that is too like an earlier one, with the earlier one it is most like.

    The measure is rapidfuzz's ``ratio`` (normalised indel similarity); ``threshold`` counts as too like.
    """
    pairs: list[Pair] = []
    for second, text in enumerate(texts):
        nearest = process.extractOne(text, texts[:second], scorer=fuzz.ratio, score_cutoff=threshold)
        if nearest is not None:
            pairs.append(Pair(nearest[2], second, nearest[1]))
    return pairs
