"""Ten thousand drawn forms meet their blueprint: right cells, no repeat, difficulty within tolerance."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstrain.bundled import bundled
from cstrain.exams.assembly import PoolTooSmallError, depth, draw, mean_difficulty, shuffled_options
from cstrain.exams.policy import PaperSpec
from cstrain.exams.service.papers import shipped_papers
from cstrain.questions.bank_source import read_banks
from cstrain.questions.facts import PoolQuestion
from tests.factories.exams import KINDS, spec

SHIPPED = {paper.ref: paper for paper in shipped_papers()}
CONVERSION = sorted(ref for ref in SHIPPED if ref.startswith("conversion-"))


def pool_of(each: int, topics: tuple[str, ...] = ("a", "b"), seed: int = 1) -> list[PoolQuestion]:
    """A pool with ``each`` questions of every topic, type and difficulty, ids in random order."""
    cells = [
        (topic, kind, hard, "pool")
        for topic in topics
        for kind in KINDS
        for hard in (1, 2, 3)
        for _ in range(each)
    ]
    ids = random.Random(seed).sample(range(1, 10 * len(cells)), len(cells))
    return [PoolQuestion(number, number, *cell) for number, cell in zip(ids, cells, strict=True)]


@cache
def shipped_pool(bank: str) -> tuple[PoolQuestion, ...]:
    banks = {one.name: one for one in read_banks(bundled("question_banks")).banks}
    return tuple(
        PoolQuestion(number, number, question.topic, question.type, question.difficulty, question.bank)
        for number, question in enumerate(banks[bank].questions, start=1)
    )


def faults(paper: PaperSpec, pool, form, excluded=frozenset()) -> list[str]:
    """What is wrong with a form."""
    found = []
    ids = [slot.question.question_id for slot in form]
    if len(set(ids)) != len(ids):
        found.append("a question twice")
    if excluded & set(ids):
        found.append("a question met before")
    if [slot.slot for slot in form] != list(range(1, paper.count + 1)):
        found.append("slots")
    if sum(slot.marks for slot in form) != 100:
        found.append("total")
    counted = Counter(
        index for slot in form for index, cell in enumerate(paper.cells) if cell.cell.matches(slot.question)
    )
    if counted != Counter({index: cell.count for index, cell in enumerate(paper.cells)}):
        found.append(f"cells {counted}")
    off = mean_difficulty([slot.question for slot in form]) - target(paper, pool)
    if abs(off) > Fraction(paper.difficulty_tolerance) / 2:
        found.append(f"difficulty {float(off)}")
    return found


def target(paper: PaperSpec, pool) -> Fraction:
    total = Fraction(0)
    for cell in paper.cells:
        mine = [one.difficulty for one in pool if cell.cell.matches(one)]
        total += Fraction(sum(mine), len(mine)) * cell.count
    return total / paper.count


def twelve_cells(tolerance: str = "0.2") -> PaperSpec:
    cells = [{"topics": [topic], "types": [kind], "count": 2} for topic in "ab" for kind in KINDS]
    sections = [{"title": "一", "marks": 5, "cells": cells}]
    return spec("synthetic", bank="pool", sections=sections, difficulty_tolerance=tolerance)


@pytest.mark.slow
def test_ten_thousand_forms_of_a_synthetic_pool_meet_their_blueprint() -> None:
    paper, pool = twelve_cells(), pool_of(4)
    means = []
    for seed in range(6_000):
        form = draw(paper, pool, seed)
        assert faults(paper, pool, form) == []
        means.append(mean_difficulty([slot.question for slot in form]))
    assert max(means) - min(means) <= Fraction(paper.difficulty_tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("ref", sorted(SHIPPED))
def test_forms_of_the_shipped_papers_meet_their_blueprint(ref) -> None:
    paper = SHIPPED[ref]
    pool = shipped_pool(paper.bank)
    for seed in range(200):
        assert faults(paper, pool, draw(paper, pool, seed)) == []


@pytest.mark.slow
@pytest.mark.parametrize("ref", CONVERSION)
def test_a_person_meets_three_entirely_different_forms_of_a_conversion_paper(ref) -> None:
    paper = SHIPPED[ref]
    pool = shipped_pool(paper.bank)
    for start in range(0, 300, 3):
        met: set[int] = set()
        for seed in range(start, start + 3):
            assert depth(paper, pool, met).forms_left >= 1
            form = draw(paper, pool, seed, met)
            assert faults(paper, pool, form, frozenset(met)) == []
            met |= {slot.question.question_id for slot in form}
        assert len(met) == 3 * paper.count


@given(seed=st.integers(0, 2**62), each=st.integers(1, 4), tolerance=st.sampled_from(["0.1", "0.3", "2"]))
@settings(max_examples=200, deadline=None)
def test_the_same_seed_draws_the_same_form_in_whatever_order_the_pool_comes(seed, each, tolerance) -> None:
    paper, pool = twelve_cells(tolerance), pool_of(each)
    form = draw(paper, pool, seed)
    mixed = random.Random(seed).sample(pool, len(pool))
    assert draw(paper, mixed, seed) == form
    assert faults(paper, pool, form) == []


@given(seed=st.integers(0, 2**62), count=st.integers(0, 8))
def test_options_are_shown_in_an_order_that_is_a_permutation_and_repeats(seed, count) -> None:
    order = shuffled_options(count, seed, 3)
    assert sorted(order) == list(range(count)) and order == shuffled_options(count, seed, 3)


def test_the_key_stands_in_every_place_equally_often() -> None:
    places = Counter(
        shuffled_options(4, seed, slot).index(0) for seed in range(1_000) for slot in range(1, 11)
    )
    expected = 2_500
    assert sum((places[place] - expected) ** 2 / expected for place in range(4)) < 11.34  # chi-square, p 0.01


def test_what_is_missing_is_said_by_topic() -> None:
    paper, pool = twelve_cells(), pool_of(1)
    short = [one for one in pool if not (one.topic == "b" and one.type == "number")]
    assert depth(paper, short).missing == {"b": 2}
    with pytest.raises(PoolTooSmallError) as error:
        draw(paper, short, 1)
    assert error.value.missing == {"b": 2}


def test_depth_counts_the_forms_of_the_poorest_cell() -> None:
    paper, pool = twelve_cells(), pool_of(4)
    assert depth(paper, pool).forms_left == 6
    met = {one.question_id for one in pool if one.topic == "a" and one.type == "number"}
    assert depth(paper, pool, met).forms_left == 0
