"""Bounds of kappas and intraclass correlations: against other programs' figures, and in every corner."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.grading.statistics.agreement import icc_agreement, weighted
from cstrain.grading.statistics.agreement_bounds import icc_agreement_bounds, kappa_bounds, weighted_error

FIRST = [0, 2, 4, 5, 6, 7, 8, 9, 10, 10, 3, 5]
SECOND = [1, 2, 3, 5, 6, 8, 8, 7, 10, 9, 3, 6]
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
grades = st.integers(0, 4)


@pytest.mark.parametrize(("power", "error"), [(1, 0.058618015759826905), (2, 0.02200535008827993)])
def test_the_error_of_a_weighted_kappa_is_that_of_statsmodels(power, error) -> None:
    assert weighted_error(FIRST, SECOND, power=power, grades=range(11)) == pytest.approx(error, abs=1e-9)


def test_the_bounds_of_a_kappa_are_about_two_errors_away_and_end_at_one() -> None:
    assert kappa_bounds(0.5, 0.1) == pytest.approx((0.304, 0.696), abs=5e-4)
    assert kappa_bounds(0.95, 0.1) == pytest.approx((0.754, 1.0), abs=5e-4)
    assert kappa_bounds(1.0, 0.0) is None and kappa_bounds(0.0, None) is None


def test_complete_agreement_has_no_error_and_chance_alone_no_kappa() -> None:
    assert weighted_error([1, 2, 3], [1, 2, 3], power=2) == 0
    assert weighted_error([2, 2], [2, 2], power=2, grades=range(5)) is None


def test_the_bounds_of_icc_are_those_psych_gives_for_shrout_and_fleiss() -> None:
    assert icc_agreement_bounds(SHROUT_FLEISS) == pytest.approx((0.019, 0.761), abs=5e-4)


def test_where_nothing_varies_or_nobody_differs_icc_has_no_bounds() -> None:
    assert icc_agreement_bounds([[1, 1], [1, 1]]) is None
    assert icc_agreement_bounds([[1, 1], [2, 2], [3, 3]]) is None
    assert icc_agreement_bounds([[1, 2], [1, 2], [1, 2]]) is None


@given(st.lists(st.tuples(grades, grades), min_size=10, max_size=30))
def test_bounds_surround_their_figure_wherever_there_are_any(pairs) -> None:
    first, second = ([pair[place] for pair in pairs] for place in (0, 1))
    kappa = weighted(first, second, power=2, grades=range(5))
    error = weighted_error(first, second, power=2, grades=range(5))
    assert (kappa is None) == (error is None)
    if kappa is not None and (bounds := kappa_bounds(kappa, error)) is not None:
        assert -1 <= bounds[0] <= kappa <= bounds[1] <= 1
    table = [[Fraction(mark, 4) for mark in pair] for pair in pairs]
    agrees, around = icc_agreement(table), icc_agreement_bounds(table)
    if agrees is not None and around is not None:
        assert around[0] <= agrees + 1e-9 and agrees - 1e-9 <= around[1]
