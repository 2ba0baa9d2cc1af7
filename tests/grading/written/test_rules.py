"""Who marks what how often, and what counts when people differ."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cstrain.grading.written import rules
from cstrain.grading.written.policy import MarkingRule
from cstrain.grading.written.queries import marking_rules

SAMPLE = MarkingRule(second="sample", share=Decimal("0.2"))
ALL = MarkingRule(second="all")
shares = st.fractions(min_value=0, max_value=1, max_denominator=40)
TENTH = Fraction(1, 10)


@pytest.mark.parametrize(
    ("given_shares", "planned", "wanted", "counts"),
    [
        ([], 1, 1, None),
        ([], 2, 2, None),
        ([Fraction(7, 10)], 1, 1, Fraction(7, 10)),
        ([Fraction(7, 10)], 2, 2, None),
        ([Fraction(7, 10), Fraction(7, 10)], 2, 2, Fraction(7, 10)),
        ([Fraction(7, 10), Fraction(8, 10)], 2, 2, Fraction(3, 4)),  # on the tolerance is within it
        ([Fraction(7, 10), Fraction(801, 1000)], 2, 3, None),
        ([Fraction(2, 10), Fraction(8, 10)], 2, 3, None),
        ([Fraction(2, 10), Fraction(8, 10), Fraction(7, 10)], 2, 3, Fraction(3, 4)),
        ([Fraction(2, 10), Fraction(8, 10), Fraction(3, 10)], 2, 3, Fraction(1, 4)),
        (
            [Fraction(2, 10), Fraction(8, 10), Fraction(5, 10)],
            2,
            3,
            Fraction(1, 2),
        ),  # as close to both: the third's
        ([Fraction(2, 10), Fraction(8, 10), Fraction(8, 10)], 2, 3, Fraction(8, 10)),
        (
            [Fraction(4, 10), Fraction(6, 10), Fraction(1)],
            2,
            3,
            Fraction(1, 2),
        ),  # the first two are the closest
        (
            [Fraction(4, 10), Fraction(6, 10), Fraction(8, 10)],
            2,
            3,
            Fraction(7, 10),
        ),  # a tie of distances that leaves the first out
        ([Fraction(0), Fraction(1), Fraction(1, 2)], 2, 3, Fraction(1, 2)),
    ],
)
def test_what_counts_after_so_many_markings(given_shares, planned, wanted, counts) -> None:
    assert rules.due(given_shares, planned, TENTH) == wanted
    assert rules.settled(given_shares, planned, TENTH) == counts


def test_a_company_may_let_the_third_decide() -> None:
    assert rules.settled([Fraction(2, 10), Fraction(8, 10), Fraction(7, 10)], 2, TENTH, "third") == Fraction(
        7, 10
    )


@given(shares, shares, shares, st.fractions(0, 1, max_denominator=20))
def test_what_counts_lies_among_what_was_given_and_comes_in_the_end(first, second, third, tolerance) -> None:
    two = rules.settled([first, second], 2, tolerance)
    assert (two is None) == (abs(first - second) > tolerance)
    found = rules.settled([first, second, third], 2, tolerance) if two is None else two
    among = [first, second, third] if two is None else [first, second]
    assert found is not None and min(among) <= found <= max(among)


@given(shares, shares, shares)
def test_the_order_of_the_first_two_does_not_matter(first, second, third) -> None:
    one, other = ([*pair, third] for pair in ((first, second), (second, first)))
    assert rules.settled([first, second], 2, TENTH) == rules.settled([second, first], 2, TENTH)
    if abs(first - second) > TENTH:
        assert rules.settled(one, 2, TENTH) == rules.settled(other, 2, TENTH)


@given(st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), max_size=120))
def test_a_sample_never_falls_below_its_share(digits) -> None:
    doubled = 0
    for queued, each in enumerate(digits):
        doubled += rules.rounds(SAMPLE, each, queued, doubled) == 2
        assert Fraction(doubled, queued + 1) >= Fraction(1, 5)


def test_a_sample_is_hardly_larger_than_its_share_and_drawn_by_chance() -> None:
    doubled, chosen = 0, []
    for queued in range(2000):
        twice = rules.rounds(SAMPLE, rules.chance("seed", queued), queued, doubled) == 2
        doubled += twice
        chosen.append(twice)
    assert 0.2 <= doubled / 2000 <= 0.25
    again = [rules.as_share(rules.chance("other", n)) < Fraction(1, 5) for n in range(2000)]
    assert chosen != again


def test_all_are_marked_twice_where_the_paper_has_consequences() -> None:
    found = marking_rules()
    assert found.rule_for("management-ability", consequences=True).second == "all"
    assert found.rule_for("quiz", consequences=False).second == "sample"
    assert {rules.rounds(ALL, rules.chance("seed", n), n, n) for n in range(50)} == {2}


def test_a_paper_may_have_a_rule_of_its_own() -> None:
    found = marking_rules().model_copy(update={"papers": {"oral-8": ALL}})
    assert found.rule_for("oral-8", consequences=False) is ALL


def test_a_sample_below_a_fifth_is_refused() -> None:
    with pytest.raises(ValidationError):
        MarkingRule(second="sample", share=Decimal("0.19"))


def test_rounds_are_given_out_from_the_lowest_that_is_free() -> None:
    assert [rules.next_round(taken, 2) for taken in ((), (1,), (2,), (1, 2))] == [1, 2, 1, None]


def test_each_marker_has_an_order_of_their_own() -> None:
    places = [rules.chance("attempt", n) for n in range(20)]
    first, second = (sorted(places, key=lambda place: rules.order_for(place, marker)) for marker in (1, 2))
    assert first != second and first != places
