"""Shipped banks through every format: what does not come back has been named, and the table is honest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

import pytest

from cstrain.questions.bank_source import read_banks
from cstrain.questions.exchange.contract import (
    Draft,
    ExchangeFormat,
    ItemFault,
    Reading,
    Written,
    formats,
    item,
)
from tests.questions.formats.round_trip import BANKS, Trip, as_text, drafts_of, trip

NAMES = [each.name for each in formats() if each.reads and each.writes]


class Forgetful(ExchangeFormat):
    """Holds no ids and no difficulty, names that it cannot hold numbers, and silently drops short texts."""

    name: ClassVar[str] = "forgetful"
    label: ClassVar[str] = "健忘"
    endings: ClassVar[tuple[str, ...]] = (".json",)
    dropped: ClassVar[frozenset[str]] = frozenset({"id", "difficulty", "fill_in"})

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        held = json.loads(raw)
        return Reading(tuple(Draft(item(at), each) for at, each in enumerate(held, 1)))

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        lost = tuple(ItemFault(each.place, "放不下") for each in drafts if each.fields["type"] == "number")
        held = [each.fields for each in drafts if each.fields["type"] not in ("number", "fill_in")]
        kept = [{name: part for name, part in each.items() if name not in cls.dropped} for each in held]
        return Written(json.dumps(kept).encode(), lost)


def test_the_table_tells_losses_changes_and_what_is_gone_without_a_word() -> None:
    bank = next(each for each in read_banks(BANKS).banks if each.name == "rules")
    drafts = [each for each in drafts_of(bank) if each.fields["type"] in {"number", "fill_in", "true_false"}]
    kinds = [each.fields["type"] for each in drafts]
    other = sum(
        each.fields["type"] == "true_false" and each.fields["difficulty"] != 2 for each in drafts
    )  # what is not said is taken for 2
    found = trip(Forgetful, "规则", drafts)
    assert found.lost == {"number": kinds.count("number")}
    assert len(found.missing) == kinds.count("fill_in") > 0
    assert found.changed == {
        ("true_false", "topic"): kinds.count("true_false"),
        ("true_false", "id"): kinds.count("true_false"),
        ("true_false", "difficulty"): other,
    }
    assert "missing" in as_text({"forgetful": found})


@pytest.mark.parametrize("name", NAMES)
def test_no_format_loses_a_shipped_question_without_naming_it(name: str) -> None:
    whole = Trip()
    banks = read_banks(BANKS).banks
    for bank in banks:
        whole.add(trip(formats().get(name), bank.title, drafts_of(bank)))
    assert whole.missing == []
    assert whole.lost.total() < sum(len(bank.questions) for bank in banks)
