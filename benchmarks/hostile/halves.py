"""A good file of every format, and what is left of it when it is cut short or changed at random."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.hostile.zips import Hostile
from cstrain.questions.bank_source import read_banks
from cstrain.questions.exchange.contract import formats
from cstrain.questions.exchange.exporting import exported

_BANKS = Path(__file__).parents[2] / "question_banks"
_PARTS = 20
_CHANGES = 20


def good_files() -> dict[str, bytes]:
    """Return a bank that comes with the product as a file of each format that can be written."""
    bank = min(read_banks(_BANKS).banks, key=lambda each: len(each.questions))
    drafts = exported(bank.questions[:60], {each.id: each.title for each in bank.topics}).drafts
    return {each.name: each.write(bank.title, drafts).data for each in formats() if each.writes}


def halves(good: dict[str, bytes]) -> Hostile:
    """Yield each file cut at every twentieth of its length, from behind and from the front."""
    for kind, raw in good.items():
        for part in range(1, _PARTS):
            at = len(raw) * part // _PARTS
            yield kind, f"the first {part}/20", raw[:at]
            yield kind, f"the last {part}/20", raw[at:]


def changed(good: dict[str, bytes], seed: int = 5) -> Iterator[tuple[str, str, bytes]]:
    """Yield each file with bytes changed, lost, doubled."""
    chance = random.Random(seed)
    for kind, raw in good.items():
        for number in range(_CHANGES):
            data = bytearray(raw)
            for _ in range(1 + number * 3):
                at = chance.randrange(len(data))
                if number % 3 == 0:
                    data[at] = chance.randrange(256)
                elif number % 3 == 1:
                    del data[at : at + chance.randrange(1, 50)]
                else:
                    data[at:at] = data[at : at + chance.randrange(1, 200)]
            yield kind, f"changed {number}", bytes(data)
