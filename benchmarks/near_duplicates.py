"""How long it takes to find near-duplicates among questions, and how many a search of all pairs finds more.

``python -m benchmarks.near_duplicates [--sizes 1000 20000] [--threshold 85]``. First the shipped questions,
against all pairs compared; then made ones: pieces of the shipped ones put together anew, one in twenty a
near-duplicate of another.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence

from rapidfuzz import fuzz

from cstrain.bundled import bundled
from cstrain.questions.bank_check import gist
from cstrain.questions.bank_source import read_banks
from cstrain.questions.similarity import near_pairs

_COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过"


def shipped() -> list[str]:
    """Return the compared texts of all shipped questions."""
    found = read_banks(bundled("question_banks"))
    return [gist(question) for bank in found.banks for question in bank.questions]


def made(count: int, texts: Sequence[str], seed: int = 1) -> list[str]:
    """Return so many made texts: sentences of the shipped ones mixed anew, one in twenty nearly repeated."""
    rng = random.Random(seed)  # made data
    pieces = [text[at : at + 9] for text in texts for at in range(0, len(text) - 8, 9)]
    found: list[str] = []
    while len(found) < count:
        if found and rng.random() < 0.05:
            old = rng.choice(found)
            at = rng.randrange(len(old))
            found.append(old[:at] + rng.choice(_COMMON) + old[at + 1 :])
        else:
            found.append("".join(rng.choices(pieces, k=rng.randint(3, 7))))
    return found


def _timed(texts: Sequence[str], threshold: float, of: range | None = None) -> tuple[float, int]:
    begun = time.process_time()
    found = near_pairs(texts, threshold, of)
    return time.process_time() - begun, len(found)


def _every(texts: Sequence[str], threshold: float) -> set[tuple[int, int]]:
    return {
        (first, second)
        for second, text in enumerate(texts)
        for first in range(second)
        if fuzz.ratio(texts[first], text, score_cutoff=threshold)
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 2000, 5000, 10_000, 20_000])
    parser.add_argument("--threshold", type=float, default=85)
    given = parser.parse_args()
    texts = shipped()
    print(f"{len(texts)} shipped questions")
    for threshold in (70, 75, 80, 85, 90, 95):
        seconds, _found = _timed(texts, threshold)
        begun = time.process_time()
        every = _every(texts, threshold)
        all_pairs = time.process_time() - begun
        mine = {(pair.first, pair.second) for pair in near_pairs(texts, threshold)}
        print(
            f"  {threshold}: {seconds:.2f} s, {len(mine)} of {len(every)} pairs; all pairs {all_pairs:.2f} s"
        )
    print(f"made questions, threshold {given.threshold:.0f}")
    for size in given.sizes:
        some = made(size, texts)
        seconds, found = _timed(some, given.threshold)
        one, _few = _timed(some, given.threshold, range(size // 20))
        print(f"  {size}: {seconds:.2f} s, {found} pairs; one bank of {size // 20} against all {one:.2f} s")


if __name__ == "__main__":
    main()
