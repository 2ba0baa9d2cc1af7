"""How far two markers agree: against the formulas, and withheld from few."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from cstrain.grading.statistics.agreement import icc_agreement, weighted
from cstrain.grading.written.agreement import criteria, pairs
from cstrain.grading.written.facts import Twice
from cstrain.judgement.rubric import read_rubric
from tests.factories.written import RUBRIC

FIRST = [0, 2, 4, 5, 6, 7, 8, 9, 10, 10, 3, 5]
SECOND = [1, 2, 3, 5, 6, 8, 8, 7, 10, 9, 3, 6]
KEY = {(1, 0): read_rubric(RUBRIC)}


def twice(mine: int, theirs: int, markers=(1, 2)) -> Twice:
    points = [{"facts": Decimal(min(n, 6)), "steps": Decimal(max(n - 6, 0))} for n in (mine, theirs)]
    return Twice(1, 0, markers, (Fraction(mine, 10), Fraction(theirs, 10)), tuple(points), Fraction(1, 10))


def rows(n: int = len(FIRST)) -> list[Twice]:
    return [twice(*pair) for pair in list(zip(FIRST, SECOND, strict=True))[:n]]


def test_a_pair_shows_kappa_and_icc_of_the_formulas() -> None:
    (pair,) = pairs(rows())
    assert pair.n == 12
    assert pair.kappa.value == pytest.approx(weighted(FIRST, SECOND, power=2, grades=range(11)))
    assert pair.icc.value == pytest.approx(icc_agreement(list(zip(FIRST, SECOND, strict=True))))
    assert pair.within.value == pytest.approx(11 / 12)
    assert pair.lead.value == pytest.approx((sum(FIRST) - sum(SECOND)) / 120)
    for figure in (pair.kappa, pair.icc, pair.within, pair.lead):
        assert figure.low < figure.value < figure.high


def test_below_ten_answers_nothing_is_shown() -> None:
    (pair,) = pairs(rows(9))
    assert pair.n == 9
    assert {figure.value for figure in (pair.kappa, pair.icc, pair.within, pair.lead)} == {None}
    assert {one.kappa.value for one in criteria(rows(9), KEY)} == {None}


def test_who_always_gives_the_same_has_no_kappa_but_a_reason() -> None:
    (pair,) = pairs([twice(5, 5)] * 12)
    assert (pair.kappa.value, pair.kappa.why) == (None, "same")
    assert pair.within.value == 1


def test_each_criterion_has_its_own_kappa_in_halves() -> None:
    found = {one.title: one.kappa for one in criteria(rows(), KEY)}
    mine, theirs = ([min(n, 6) * 2 for n in each] for each in (FIRST, SECOND))
    assert found["说清事实"].value == pytest.approx(weighted(mine, theirs, power=2, grades=range(13)))
    assert set(found) == {"说清事实", "办法可行"}


def test_pairs_with_most_answers_come_first() -> None:
    found = pairs([*rows(3), *(twice(4, 4, (1, 3)) for _ in range(4))])
    assert [one.markers for one in found] == [(1, 3), (1, 2)]
