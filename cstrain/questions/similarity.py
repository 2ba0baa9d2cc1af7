"""Near-duplicates: pairs of questions whose stem and key are all but the same text. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

_MOST_RARE = 20
"""Of a text's pairs of characters the rarest so many say with which others it is compared."""
_MOST_SHARING = 120
"""A pair of characters that more texts have among their rarest says nothing about them."""


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


def near_pairs(texts: Sequence[str], threshold: float, of: Collection[int] | None = None) -> list[Pair]:
    """Return the pairs of texts that are alike by ``similar_pairs``'s measure, the most alike first.

    ``of``: only pairs of which one text, by its position, is among these. Compared are texts that share one
    of their rarest pairs of characters, so that the work grows with the number of texts, not with its square;
    a pair that shares none is missed (``benchmarks/near_duplicates.py`` counts them). Of texts that are the
    same, each is paired with the first of them alone.
    """
    firsts: dict[str, int] = {}
    same = [
        Pair(firsts[text], at, 100.0) for at, text in enumerate(texts) if firsts.setdefault(text, at) != at
    ]
    unlike = list(firsts.values())
    wanted = set(range(len(texts)) if of is None else of)
    found = [pair for pair in same if pair.first in wanted or pair.second in wanted]
    for first, second in _candidates(texts, unlike, threshold, wanted):
        ratio = fuzz.ratio(texts[first], texts[second], score_cutoff=threshold)
        if ratio:
            found.append(Pair(first, second, ratio))
    return sorted(found, key=lambda pair: (-pair.ratio, pair.first, pair.second))


def _candidates(
    texts: Sequence[str], positions: Sequence[int], threshold: float, wanted: Collection[int]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs (first before second) that share a rare part and differ little in length."""
    parts = {at: _bigrams(texts[at]) for at in positions}
    spread = Counter(part for found in parts.values() for part in found)
    rank = {part: at for at, part in enumerate(sorted(spread, key=lambda part: (spread[part], part)))}
    every: dict[int, list[int]] = defaultdict(list)
    asked: dict[int, list[int]] = defaultdict(list)
    share = 1 - threshold / 100
    for second in positions:
        length, own = len(texts[second]), second in wanted
        before = every if own else asked
        seen: set[int] = set()
        for part in _rarest(parts[second], rank, share):
            seen.update(before.get(part, ()))
            for kept in (every, asked) if own else (every,):
                if len(kept[part]) < _MOST_SHARING:
                    kept[part].append(second)
        for first in seen:
            other = len(texts[first])
            if abs(length - other) <= share * (length + other):
                yield first, second


def _bigrams(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(max(1, len(text) - 1))}


def _rarest(parts: Collection[str], rank: Mapping[str, int], share: float) -> list[int]:
    """Return the rarest parts of a text: as many as a change of this share can leave without a common one.

    One sign put in, taken out or both touches at most three pairs of characters.
    """
    count = min(_MOST_RARE, int(3 * share * len(parts)) + 1)
    return sorted([rank[part] for part in parts])[:count]
