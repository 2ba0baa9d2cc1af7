"""Pairs that are alike are found without comparing all; where they differ is marked."""

from __future__ import annotations

import random

import pytest
from rapidfuzz import fuzz

from cstrain.questions.duplicates.rules import marked
from cstrain.questions.similarity import near_pairs

WORDS = "顾客要求退款时应当先核对订单再看是否过期如果已经发货请联系仓库拦截并登记原因同时安抚情绪"


def texts(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    found: list[str] = []
    for _ in range(count):
        if found and rng.random() < 0.3:
            old = rng.choice(found)
            at = rng.randrange(len(old))
            found.append(old[:at] + rng.choice("甲乙丙丁") + old[at + rng.randint(0, 2) :])
        else:
            found.append("".join(rng.choices(WORDS, k=rng.randint(12, 50))))
    return found


@pytest.mark.parametrize("threshold", [75, 85, 92])
def test_what_all_pairs_find_is_found(threshold) -> None:
    for seed in range(5):
        some = list(dict.fromkeys(texts(150, seed)))
        every = {
            (first, second)
            for second in range(len(some))
            for first in range(second)
            if fuzz.ratio(some[first], some[second]) >= threshold
        }
        found = near_pairs(some, threshold)
        assert {(pair.first, pair.second) for pair in found} == every
        assert [pair.ratio for pair in found] == sorted((pair.ratio for pair in found), reverse=True)


def test_of_some_only_their_pairs_are_found() -> None:
    some = list(dict.fromkeys(texts(150, 7)))
    wanted = set(range(0, len(some), 3))
    every = [pair for pair in near_pairs(some, 80) if {pair.first, pair.second} & wanted]
    assert near_pairs(some, 80, wanted) == every


def test_the_same_text_many_times_is_paired_with_its_first_and_costs_little() -> None:
    found = near_pairs(["一样的题目"] * 2000, 85)
    assert len(found) == 1999 and {pair.first for pair in found} == {0}
    assert near_pairs([], 85) == [] and near_pairs(["", "", "a"], 100)[0].ratio == 100


def test_what_differs_is_marked_on_both_sides() -> None:
    left, right = marked("退款要3天内到账", "退款须5天内到账。")
    assert [piece.text for piece in left if piece.own] == ["要3"]
    assert [piece.text for piece in right if piece.own] == ["须5", "。"]
    for first, second in (("", "x"), ("甲" * 5000, "乙" * 5000), ("<b>", "<i>")):
        both = marked(first, second)
        assert ("".join(one.text for one in both[0]), "".join(one.text for one in both[1])) == (first, second)
