from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.demo import answering
from cstrain.demo.answering import Choice, choose
from cstrain.exams.facts import MarkableSlot
from cstrain.grading.rules import to_version_ids
from cstrain.questions.facts import KeyedVersion
from tests.questions.makers import MORE, OWN, make


def _offers(count: int, marks: int) -> list[list[Choice]]:
    return [[Choice("right", 0), Choice("wrong", marks)] for _ in range(count)]


def _raw(chosen: list[Choice]) -> int:
    return 100_000 - sum(one.loses for one in chosen)


@pytest.mark.parametrize(
    ("loss", "raw"), [(0, 100_000), (20_000, 80_000), (20_500, 75_000), (24_000, 75_000)]
)
def test_the_chosen_answers_come_as_near_as_the_form_allows(loss, raw):
    assert _raw(choose(_offers(20, 5_000), loss, random.Random(1))) == raw


@given(st.lists(st.sampled_from([2_000, 2_500, 3_000, 4_000]), min_size=25, max_size=40), st.integers(0, 60))
def test_a_wanted_fail_never_becomes_a_pass_nor_a_wanted_pass_a_fail(marks, lost):
    offers = [[Choice("right", 0), Choice("wrong", each)] for each in marks]
    chosen = choose(offers, lost * 1_000, random.Random(7))
    if sum(marks) > 20_000 + lost * 1_000:
        assert (_raw(chosen) >= 80_000) == (lost <= 20)


def test_the_same_chance_chooses_the_same_answers():
    offers = _offers(30, 3_000)
    first = choose(offers, 12_000, random.Random(3))
    assert [one.value for one in first] == [one.value for one in choose(offers, 12_000, random.Random(3))]


@pytest.mark.parametrize("kind", [*OWN, *MORE])
def test_every_type_offers_first_what_earns_most_and_something_that_earns_nothing(kind):
    question = make(kind)
    content, key = question.content(), question.key()
    order = list(range(len(content.get("options", ()))))[::-1]
    slot = MarkableSlot(1, 1, Decimal(4), tuple(order), None)
    version = KeyedVersion(1, kind, "", content, key, "", "")
    offers = answering.offers(slot, version, random.Random(1), partial=True)
    assert offers[0].loses == 0 and max(offer.loses for offer in offers) == 4_000
    response = to_version_ids(offers[0].value, order) if order else offers[0].value
    assert type(question).mark(key, response).fraction in (1, None)
