"""Formulas of statistics against hand-worked and published figures. Pure."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.grading.statistics import agreement, exact, intervals, item, moments, reliability, special
from cstrain.grading.statistics.consistency import decision_of, subkoviak
from cstrain.grading.statistics.dif import mantel_haenszel
from cstrain.grading.statistics.distractors import misleading, table, unchosen
from cstrain.grading.statistics.exposure import exposure, overlap
from cstrain.grading.statistics.flags import flags
from cstrain.grading.statistics.groups import best, weakest
from cstrain.grading.statistics.krippendorff import krippendorff
from cstrain.grading.statistics.pairwise import spreads
from cstrain.grading.statistics.rasch import rasch
from cstrain.grading.statistics.true_scores import TrueScores, effective_length, fit

# four people, three right-or-wrong questions: whole marks 3, 2, 1, 0
GUTTMAN = [[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]]


def approx(value: float, tolerance: float = 1e-9) -> object:
    return pytest.approx(value, rel=tolerance, abs=tolerance)


# sums


def test_variance_and_covariance_are_exact() -> None:
    assert exact.variance([3, 2, 1, 0]) == Fraction(5, 3)
    assert exact.covariance([1, 0, 0, 0], [3, 2, 1, 0]) == Fraction(1, 2)
    assert exact.variance([Fraction(1, 3)] * 3) == 0


def test_a_correlation_of_one_is_one_and_of_a_constant_is_none() -> None:
    assert exact.correlation(Fraction(-2), Fraction(1), Fraction(4)) == -1.0
    assert exact.correlation(Fraction(0), Fraction(0), Fraction(4)) is None


def test_marks_become_whole_numbers_with_one_scale() -> None:
    columns, scale = exact.whole([[Fraction(1, 2), None], [Fraction(2, 3), Fraction(1)]])
    assert (columns, scale) == ([[3, None], [4, 6]], 6)


# one question


def test_question_figures_of_a_guttman_scale_by_hand() -> None:
    totals = [3, 2, 1, 0]
    own, shared = exact.variance(GUTTMAN[2]), exact.covariance(GUTTMAN[2], totals)
    found = item.within(own, shared, exact.variance(totals))
    rests = [total - mark for mark, total in zip(GUTTMAN[2], totals, strict=True)]
    assert found == item.beside(GUTTMAN[2], rests, totals)
    assert (found.own, found.shared, found.whole) == (Fraction(1, 4), Fraction(1, 2), Fraction(5, 3))
    assert (found.with_rest, found.rest) == (Fraction(1, 4), Fraction(11, 12))
    assert item.facility(GUTTMAN[2], 1) == 0.25
    assert item.discrimination(found) == approx(0.25 / math.sqrt(11 / 48))
    assert item.point_biserial(found) == approx(0.5 / math.sqrt(5 / 12))


def test_efficiency_is_one_when_the_better_earn_the_more_and_minus_one_at_the_reverse() -> None:
    assert item.efficiency([0, 0, 1], [1, 2, 3]) == 1.0
    assert item.efficiency([1, 0, 0], [1, 2, 3]) == -1.0
    assert item.efficiency([1, 1, 1], [1, 2, 3]) is None


def test_effective_weights_add_up_to_one_and_leave_out_the_negative() -> None:
    assert item.effective_weights([Fraction(4), Fraction(-1), Fraction(1)]) == [
        approx(2 / 3),
        None,
        approx(1 / 3),
    ]
    assert item.effective_weights([]) == []
    assert item.effective_weights([Fraction(-1)]) == [None]


def test_the_upper_lower_index_compares_27_of_each_hundred() -> None:
    totals = list(range(100))
    assert item.upper_lower([0] * 73 + [1] * 27, totals, 1) == 1.0
    assert item.upper_lower([1] * 27 + [0] * 73, totals, 1) == -1.0
    assert item.upper_lower([1] * 100, totals, 1) == 0.0
    assert item.upper_lower([0], [0], 0) is None


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 5)), min_size=2, max_size=30), st.randoms())
def test_the_upper_lower_index_does_not_depend_on_the_order_of_people(people, rng) -> None:
    before = item.upper_lower(*zip(*people, strict=True), 1)
    rng.shuffle(people)
    assert item.upper_lower(*zip(*people, strict=True), 1) == before


def test_people_on_the_border_of_a_group_count_in_part() -> None:
    marks = [5, 3, 3, 3, 1, 0]
    upper, lower = best(marks, Fraction(1, 3)), weakest(marks, Fraction(1, 3))
    assert (upper.border, upper.share, upper.count(marks)) == (3, Fraction(1, 3), 2)
    assert (lower.border, lower.share, lower.count(marks)) == (1, 1, 2)


# reliability


def test_alpha_of_a_guttman_scale_by_hand() -> None:
    # variances 1/4, 1/3, 1/4 add up to 5/6, the whole 5/3: alpha = 3/2 * (1 - 1/2)
    found = spreads(GUTTMAN)
    assert found is not None
    assert reliability.alpha([each.own for each in found], found[0].whole) == 0.75
    shares = [exact.mean(column) for column in GUTTMAN]
    assert reliability.kr20(shares, Fraction(5, 4)) == 0.75
    assert reliability.kr21(3, Fraction(3, 2), Fraction(5, 4)) == approx(1.5 * (1 - 2.25 / 3.75))


def test_alpha_can_be_far_below_zero_and_the_error_above_the_spread() -> None:
    found = reliability.alpha([Fraction(10)] * 2, Fraction(2))
    assert found == -18.0
    assert reliability.error_ratio(found) == approx(math.sqrt(19))
    assert reliability.alpha([Fraction(1)], Fraction(1)) is None
    assert reliability.alpha([Fraction(0)] * 2, Fraction(0)) is None


def test_the_error_at_a_mark_is_largest_in_the_middle_and_none_at_the_ends() -> None:
    assert reliability.lord(10, 20) == approx(math.sqrt(100 / 19))
    assert reliability.lord(0, 20) == reliability.lord(20, 20) == 0.0
    assert reliability.lord(21, 20) is None
    assert reliability.keats(10, 20, 0.8, 0.8) == approx(math.sqrt(100 / 19))
    assert reliability.keats(10, 20, 0.9, 1.0) is None
    assert reliability.regressed(10, 6, 0.75) == 9.0


def test_errors_of_the_effective_length_average_to_the_standard_error() -> None:
    """E[t(1-t)]/n of true scores with mean M and variance r s2 is s2 (1 - r)."""
    mean, variance, most, r = 60.0, 225.0, 100.0, 0.8
    length = effective_length(mean, variance, most, r)
    assert length is not None
    average = (mean * (most - mean) - r * variance) / length
    assert average == approx(variance * (1 - r))
    assert reliability.effective_error(0.6, most, length) == approx(math.sqrt(mean * (most - mean) / length))


def test_missing_marks_are_left_out_pair_by_pair() -> None:
    columns = [[1, 1, 0, 0, None], [1, 0, 1, 0, 1], [1, 1, None, 0, 0]]
    found = spreads(columns)
    assert found is not None
    pairs = [
        (exact.variance([1, 1, 0, 0]), exact.covariance([1, 1, 0, 0], [1, 0, 1, 0])),
        (exact.covariance([1, 1, 0], [1, 1, 0]), exact.covariance([1, 0, 0, 1], [1, 1, 0, 0])),
    ]
    assert found[0].own == pairs[0][0]
    assert found[0].shared == pairs[0][0] + pairs[0][1] + pairs[1][0]
    assert found[0].whole == sum(each.shared for each in found)
    assert spreads([[1, None], [None, 1]]) is None


# the shape


def test_skewness_and_kurtosis_are_k_statistics() -> None:
    found = moments.shape([1, 2, 3, 4, 10])
    # by hand: mean 4, m2 10, m3 36, m4 278.8
    assert found.skewness == approx(25 * 36 / 12 / 12.5**1.5)
    assert found.kurtosis == approx(25 * (6 * 278.8 - 12 * 100) / 24 / 12.5**2)
    assert moments.shape([5, 5, 5]).skewness is None
    assert moments.shape([1, 2]).skewness is None
    assert moments.median([3, 1, 2]) == 2 and moments.median([4, 1, 2, 3]) == Fraction(5, 2)


# confidence


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_as_published_by_newcombe_1998(right, n, low, high) -> None:
    assert intervals.wilson(right / n, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_share_outside_0_to_1_has_no_interval() -> None:
    assert intervals.wilson(1.2, 10) is None and intervals.wilson(0.5, 0) is None


def test_fishers_interval_of_a_correlation() -> None:
    low, high = intervals.fisher_z(0.5, 28) or (0, 0)
    assert (low, high) == (pytest.approx(0.1560, abs=5e-5), pytest.approx(0.7358, abs=5e-5))
    assert intervals.fisher_z(1.0, 28) is None and intervals.fisher_z(0.5, 3) is None


def test_feldts_interval_holds_alpha_and_narrows_with_people() -> None:
    wide, narrow = intervals.feldt(0.8, 30, 10), intervals.feldt(0.8, 300, 10)
    assert wide and narrow and wide[0] < narrow[0] < 0.8 < narrow[1] < wide[1]
    assert intervals.feldt(-18.0, 30, 2) is not None and intervals.feldt(0.8, 30, 1) is None


# distributions


@pytest.mark.parametrize(
    ("probability", "first", "second", "quantile"),
    [(0.975, 10, 20, 2.7737), (0.95, 1, 10, 4.9646), (0.95, 5, 2, 19.2964), (0.99, 20, 30, 2.5487)],
)
def test_quantiles_of_f_as_in_the_tables(probability, first, second, quantile) -> None:
    assert special.f_quantile(probability, first, second) == pytest.approx(quantile, abs=5e-5)


def test_quantiles_of_t_as_in_the_tables() -> None:
    assert special.t_quantile(0.975, 9) == pytest.approx(2.2622, abs=5e-5)
    assert special.t_quantile(0.975, 120) == pytest.approx(1.9799, abs=5e-5)


@given(st.integers(1, 60), st.integers(0, 61), st.fractions(0, 1, max_denominator=97))
def test_binomial_tails_equal_the_exact_sums(trials, least, share) -> None:
    exactly = sum(
        math.comb(trials, right) * share**right * (1 - share) ** (trials - right)
        for right in range(least, trials + 1)
    )
    assert special.binomial_tail(least, trials, float(share)) == approx(float(exactly), 1e-12)


@pytest.mark.parametrize("shapes", [(0.5, 0.5), (0.1, 3), (5, 3), (100, 50)])
def test_the_quadrature_integrates_densities_that_are_infinite_at_an_end(shapes) -> None:
    scores = TrueScores(*shapes)
    mass = math.fsum(weight * scores.density(near, far) for near, far, weight in special.nodes())
    assert mass == approx(1.0, 1e-11)


# pass and fail


def test_decisions_about_evenly_spread_true_scores_equal_the_exact_sums() -> None:
    """True scores spread evenly over 0-1, five questions, three to pass: beta integrals in closed form."""
    at = decision_of(TrueScores(1, 1), 5, 3, 0.5)
    passes = [Fraction(math.comb(5, right)) for right in (3, 4, 5)]
    twice = sum(
        one * other * Fraction(1, 11 * math.comb(10, first + second))
        for one, first in zip(passes, (3, 4, 5), strict=True)
        for other, second in zip(passes, (3, 4, 5), strict=True)
    )
    assert at.consistency == approx(float(1 - 2 * (Fraction(1, 2) - twice)), 1e-12)
    # at a true score of t + 1/2 the wrong side has the odds of t - 1/2: by symmetry twice one half
    wrong = special.beta_cdf(0.5, 4, 3) + special.beta_cdf(0.5, 5, 2) + special.beta_cdf(0.5, 6, 1)
    assert at.accuracy == approx(1 - 2 * wrong / 6, 1e-12)
    assert at.chance == approx(0.5) and at.kappa == approx(2 * at.consistency - 1)


def test_a_cut_outside_the_true_scores_is_decided_rightly_but_for_errors() -> None:
    assert decision_of(TrueScores(2, 2, 0.6, 0.9), 1000, 100, 0.1).accuracy == approx(1.0, 1e-6)
    assert decision_of(TrueScores(2, 2, 0.2, 0.4), 1000, 950, 0.95).accuracy == approx(1.0, 1e-6)


def test_true_scores_fall_back_to_two_parameters_and_then_to_none() -> None:
    marks = [float(mark) for mark in (2, 4, 5, 5, 6, 6, 6, 7, 8, 9)]
    scores = fit(marks, 10, 40.0)
    assert scores is not None and scores.parameters == 2
    assert fit([5.0] * 8, 10, 12.0) is None
    assert effective_length(5, 4, 10, 0.0) is None and effective_length(5, 0, 10, 0.5) is None


def test_subkoviak_of_a_perfectly_reliable_paper_follows_each_mark() -> None:
    found = subkoviak([0, 10], 10, 1.0, 6)
    assert found is not None
    assert (found.consistency, found.chance, found.kappa) == (1.0, 0.5, 1.0)
    assert subkoviak([0, 10], 10, -0.2, 6) is None


# agreement

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_intraclass_correlations_as_published_by_shrout_and_fleiss_1979() -> None:
    assert agreement.icc_one_way(SHROUT_FLEISS) == pytest.approx(0.17, abs=0.005)
    assert agreement.icc_agreement(SHROUT_FLEISS) == pytest.approx(0.29, abs=0.005)
    assert agreement.icc_consistency(SHROUT_FLEISS) == pytest.approx(0.71, abs=0.005)
    assert agreement.icc_agreement(SHROUT_FLEISS, mean=True) == pytest.approx(0.62, abs=0.005)
    assert agreement.icc_consistency([[1, 1], [1, 1]]) is None


def test_cohens_kappa_of_a_two_by_two_table() -> None:
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert agreement.cohen(first, second) == approx(0.4)
    assert agreement.cohen(["yes"] * 5, ["yes"] * 5) is None


def test_weighted_kappas_forgive_near_misses() -> None:
    first, second = [1, 2, 3, 4, 1, 2], [1, 2, 3, 3, 2, 2]
    plain = agreement.cohen(first, second)
    linear, quadratic = (agreement.weighted(first, second, power=power) for power in (1, 2))
    assert plain and linear and quadratic and plain < linear < quadratic
    # by hand: distances seen 2 (squared 2) of 6; by chance 36/36 and 58/36
    assert linear == approx(1 - 2 / 6)
    assert quadratic == approx(1 - 2 / 6 / (58 / 36))
    assert agreement.weighted([1, 5], [5, 1], power=1, grades=[1, 2, 3, 4, 5]) == approx(-1.0)


def test_fleiss_kappa_of_complete_and_of_no_agreement() -> None:
    assert agreement.fleiss([["a"] * 3, ["b"] * 3]) == 1.0
    assert agreement.fleiss([["a", "b"], ["b", "a"]]) == -1.0
    assert agreement.fleiss([["a", "a"]]) is None and agreement.fleiss_z([["a", "a"]]) is None
    assert agreement.fleiss_by_grade([["a"] * 3, ["b"] * 3]) == {"a": 1.0, "b": 1.0}
    assert agreement.light([["a", "a"], ["b", "b"]]) == 1.0


def test_kendalls_w_of_equal_and_of_opposite_rankings() -> None:
    assert agreement.kendall_w([[1, 10], [2, 20], [3, 30]]) == 1.0
    assert agreement.kendall_w([[1, 3], [2, 2], [3, 1]]) == 0.0
    assert agreement.kendall_w([[1, 1], [1, 1]]) is None


KRIPPENDORFF = [
    (1, 1, None, 1), (2, 2, 3, 2), (3, 3, 3, 3), (3, 3, 3, 3), (2, 2, 2, 2), (1, 2, 3, 4), (4, 4, 4, 4),
    (1, 1, 2, 1), (2, 2, 2, 2), (None, 5, 5, 5), (None, None, 1, 1), (None, 3, None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("scale", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorffs_alpha_as_he_published_it_in_2011(scale, published) -> None:
    assert krippendorff(KRIPPENDORFF, scale) == pytest.approx(published, abs=5e-4)


def test_krippendorffs_alpha_of_nothing_to_compare_is_none() -> None:
    assert krippendorff([(1, None), (None, 2)], "nominal") is None
    assert krippendorff([(1, 1), (1, 1)], "interval") is None
    with pytest.raises(ValueError, match="no scale 'guess'"):
        krippendorff([(1, 1)], "guess")


# options, exposure, flags


def test_a_table_of_options_says_who_chose_what() -> None:
    picks = [frozenset(option) for option in ("A", "A", "B", "C", "", "AB")]
    rows = table(picks, [6, 5, 4, 3, 2, 1], ["A", "B", "C", "D"], {"A"}, 2)
    by_option = {row.option: row for row in rows}
    assert [row.option for row in rows] == ["A", "B", "C", "D", ""]
    a = by_option["A"]
    assert (a.key, a.n, a.share, a.rest) == (True, 3, 0.5, 2.0)
    assert (a.upper, a.middle, a.lower) == (1.0, 0.0, approx(0.5))
    assert (by_option["D"].n, by_option["D"].rest) == (0, None)
    assert unchosen(rows) == ["D"] and misleading(rows) == []


def test_an_option_that_the_best_prefer_to_the_key_misleads() -> None:
    picks = [frozenset(option) for option in "BBABAA"]
    rows = table(picks, [6, 5, 4, 3, 2, 1], ["A", "B"], {"A"})
    assert misleading(rows) == ["B"]
    assert misleading([row for row in rows if not row.key]) == []


def test_exposure_and_overlap_of_forms() -> None:
    assert exposure(3, 12) == 0.25 and exposure(3, 0) is None
    assert overlap([{1, 2, 3, 4}, {3, 4, 5, 6}]) == 0.5
    assert overlap([{1, 2}, {1, 2}, {3, 4}]) == approx(1 / 3)
    assert overlap([{1}]) is None and overlap([set(), set()]) is None


@pytest.mark.parametrize(
    ("n", "facility", "agrees", "expected"),
    [
        (9, 0.1, -0.5, ()),
        (10, 0.5, 0.4, ()),
        (10, 0.5, -0.1, ("key",)),
        (10, 0.34, -0.1, ("key", "hard")),
        (10, 0.9, 0.1, ("vague", "easy")),
        (10, None, None, ()),
    ],
)
def test_flags_say_what_to_look_at_gravest_first(n, facility, agrees, expected) -> None:
    assert flags(n, facility, agrees, ()) == expected


def test_options_nobody_chose_are_told_from_thirty_answers_on() -> None:
    rows = table([frozenset("A")] * 30, list(range(30)), ["A", "B"], {"A"})
    assert flags(29, 0.5, 0.4, rows) == () and flags(30, 0.5, 0.4, rows) == ("unchosen",)


# fairness and scale


def test_mantel_haenszel_of_one_mark_by_hand() -> None:
    # reference 8 right 2 wrong, focal 5 right 5 wrong, all of one whole mark
    right = [True] * 8 + [False] * 2 + [True] * 5 + [False] * 5
    found = mantel_haenszel(right, [1] * 20, [False] * 10 + [True] * 10)
    assert found is not None
    assert found.alpha == approx(8 * 5 / (2 * 5)) and found.delta == approx(-2.35 * math.log(4))
    # expected 6.5, variance 10*10*13*7 / (400*19)
    assert found.chi2 == approx((1.5 - 0.5) ** 2 / (9100 / 7600))
    assert mantel_haenszel([True, False], [1, 2], [False, True]) is None


def test_two_rasch_difficulties_differ_by_the_log_of_who_got_only_one_right() -> None:
    fitted = rasch([[1, 0]] * 30 + [[0, 1]] * 10 + [[1, 1]] * 7 + [[0, 0]] * 3)
    assert fitted is not None
    first, second = fitted.difficulties
    assert second - first == approx(math.log(3), 1e-8) and first + second == approx(0.0)
    assert fitted.likelihood == approx(30 * math.log(0.75) + 10 * math.log(0.25))
    assert rasch([[1, 0]] * 5) is None and rasch([[1, 1]]) is None
