"""The arithmetic of the group-leader competition, by hand and by law."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.policies.loader import load
from cstrain.promotion.competition import rules
from cstrain.promotion.competition.facts import Check, Event, Have, Inputs, MonthScore, Phase
from cstrain.promotion.competition.policy import CHAPTER, CompetitionRules

CHAPTER_IN_FORCE = load(CompetitionRules, CHAPTER)
ITEMS = [item.id for item in CHAPTER_IN_FORCE.colleagues.items]
MONTHS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))


def months(*scores: str | None) -> tuple[MonthScore, ...]:
    return tuple(
        MonthScore(month, None if score is None else Decimal(score))
        for month, score in zip(MONTHS, scores, strict=False)
    )


def every_item(**answers: int) -> dict[str, dict[str, int]]:
    return {item: dict(answers) for item in ITEMS}


def inputs(candidate: int = 1, **given) -> Inputs:
    usual = {
        "hired_on": date(2022, 3, 1),
        "ability": (Fraction(80),),
        "months": months("80", "80", "80"),
        "interview": (Fraction(80),) * 3,
        "manager": (Fraction(80),),
        "counts": every_item(good=5),
        "raters": 5,
    }
    return Inputs(candidate, **{**usual, **given})


def total(**given) -> Fraction:
    return rules.scored(inputs(**given), CHAPTER_IN_FORCE).total


# by hand


def test_three_candidates_worked_out_by_hand() -> None:
    """Zhou: 88×0.4 + 10 + 85×0.3 + 92×0.1 + 86⅔×0.1; Qian: PM mean 79.99 → 8; Liang: PM mean 59.99 → 0."""
    zhou = inputs(
        1,
        ability=(Fraction(88),),
        months=months("82", "78.5", "84.5"),  # mean 81⅔ → 10
        interview=(Fraction(84), Fraction(80), Fraction(91)),  # mean 85
        manager=(Fraction(92),),
        counts=every_item(excellent=3, good=2, fair=1),  # (300 + 160 + 60) / 6 = 86⅔
        raters=6,
    )
    assert rules.scored(zhou, CHAPTER_IN_FORCE).total == Fraction("35.2") + 10 + Fraction("25.5") + Fraction(
        "9.2"
    ) + Fraction(26, 3)
    qian = inputs(
        2,
        ability=(Fraction(75),),
        months=months("79.97", "80", "80"),  # mean 79.99 → 8
        interview=(Fraction(70), Fraction(71), Fraction(70), Fraction(69)),  # mean 70
        manager=(Fraction(60),),
        counts=every_item(poor=5),
    )
    assert rules.scored(qian, CHAPTER_IN_FORCE).total == 30 + 8 + 21 + 6 + 4
    liang = inputs(3, months=months("59.97", "60", "60"))
    assert rules.scored(liang, CHAPTER_IN_FORCE).total == 32 + 0 + 24 + 8 + 8


@pytest.mark.parametrize(
    ("mean", "points"),
    [
        ("0", 0), ("59.999", 0), ("60", 6), ("69.999", 6),
        ("70", 8), ("79.999", 8), ("80", 10), ("100", 10),
    ],
)  # fmt: skip
def test_the_bands_begin_with_their_lower_end(mean: str, points: int) -> None:
    line = next(
        line
        for line in rules.scored(inputs(months=months(mean, mean, mean)), CHAPTER_IN_FORCE).lines
        if line.factor == "pm"
    )
    assert line.points == points


def test_a_mean_a_hair_below_a_band_stays_below_it() -> None:
    assert total(months=months("80", "80", "79.99")) == total(months=months("70", "70", "70"))


def test_weights_add_up_so_that_a_hundred_everywhere_is_a_hundred() -> None:
    full = Fraction(100)
    best = total(
        ability=(full,), interview=(full,) * 3, manager=(full,), counts=every_item(excellent=5),
        months=months("100", "90", "80"),
    )  # fmt: skip
    assert best == 100


def test_what_is_shown_is_rounded_half_up_and_nothing_else_is() -> None:
    assert rules.shown(Fraction(1, 200)) == Decimal("0.01")
    assert rules.shown(Fraction(2, 3)) == Decimal("0.67")
    assert total(interview=(Fraction(80), Fraction(80), Fraction(81))).denominator == 10


# what is missing


def have(**given) -> Have:
    usual = {
        "sheets": {"ability": 1, "interview": 3, "manager": 1},
        "panel": 3,
        "raters": 5,
        "due": 5,
        "months": months("80", "80", "80"),
    }
    return Have(1, **{**usual, **given})


@pytest.mark.parametrize(
    ("given", "factor", "has", "needs"),
    [
        ({"sheets": {"interview": 3, "manager": 1}}, "ability", 0, 1),
        ({"sheets": {"ability": 1, "interview": 2, "manager": 1}, "panel": 2}, "interview", 2, 3),
        ({"panel": 4}, "interview", 3, 4),
        ({"sheets": {"ability": 1, "interview": 3}}, "manager", 0, 1),
        ({"raters": 4, "due": 4}, "colleagues", 4, 5),
        ({"raters": 7, "due": 9}, "colleagues", 7, 9),
        ({"months": months("80", None, "80")}, "pm", 2, 3),
        ({"months": months("80", "80")}, "pm", 2, 3),
        ({"months": ()}, "pm", 0, 3),
    ],
)
def test_a_missing_factor_is_named_with_what_is_there(given, factor, has, needs) -> None:
    (lack,) = rules.missing(have(**given), CHAPTER_IN_FORCE)
    assert (lack.factor, lack.have, lack.need) == (factor, has, needs)


def test_a_month_without_a_score_is_named_and_is_not_zero() -> None:
    (lack,) = rules.missing(have(months=months("80", None, "80")), CHAPTER_IN_FORCE)
    assert lack.months == (MONTHS[1],)
    with pytest.raises(ValueError, match="missing"):
        rules.scored(inputs(months=months("80", None, "80")), CHAPTER_IN_FORCE)


def test_everything_there_lacks_nothing_and_a_closed_ballot_awaits_nobody() -> None:
    assert rules.missing(have(), CHAPTER_IN_FORCE) == ()
    assert rules.missing(have(raters=5, due=0), CHAPTER_IN_FORCE) == ()


# ranks


def ranks(*every: Inputs) -> list[tuple[int, int, bool, str]]:
    places = rules.ranking((rules.scored(one, CHAPTER_IN_FORCE) for one in every), CHAPTER_IN_FORCE)
    return [(place.rank, place.scored.candidate, place.shared, place.by) for place in places]


def test_equal_totals_are_told_apart_by_ability_then_interview_then_tenure() -> None:
    by_ability = inputs(1, ability=(Fraction(83),), interview=(Fraction(76),) * 3)
    assert total(ability=(Fraction(83),), interview=(Fraction(76),) * 3) == total()
    assert ranks(inputs(2), by_ability) == [(1, 1, False, "ability"), (2, 2, False, "ability")]
    by_interview = inputs(3, interview=(Fraction(82),) * 3, manager=(Fraction(74),))
    assert ranks(inputs(2), by_interview) == [(1, 3, False, "interview"), (2, 2, False, "interview")]
    longer = inputs(4, hired_on=date(2022, 2, 28))
    assert ranks(inputs(2), longer) == [(1, 4, False, "tenure"), (2, 2, False, "tenure")]


def test_who_is_equal_to_the_last_shares_the_rank_and_the_next_rank_is_left_out() -> None:
    below = inputs(3, manager=(Fraction(10),))
    assert ranks(inputs(1), inputs(2), below) == [(1, 1, True, ""), (1, 2, True, ""), (3, 3, False, "")]


def test_totals_that_only_look_equal_are_not() -> None:
    a = inputs(1, interview=(Fraction("80.001"), Fraction(80), Fraction(80)))
    places = rules.ranking((rules.scored(one, CHAPTER_IN_FORCE) for one in (inputs(2), a)), CHAPTER_IN_FORCE)
    assert rules.shown(places[0].scored.total) == rules.shown(places[1].scored.total)
    assert [place.scored.candidate for place in places] == [1, 2]


POINTS = st.integers(0, 1000).map(lambda n: Fraction(n, 10))
SCORES = st.decimals(0, 100, places=2)


@st.composite
def candidates(draw, candidate: int = 1) -> Inputs:
    counts = {item: {} for item in ITEMS}
    raters = draw(st.integers(5, 9))
    for _rater in range(raters):
        for item in ITEMS:
            answer = draw(st.sampled_from([a.id for a in CHAPTER_IN_FORCE.colleagues.answers]))
            counts[item][answer] = counts[item].get(answer, 0) + 1
    return Inputs(
        candidate,
        date(2020, 1, 1).replace(day=draw(st.integers(1, 28))),
        (draw(POINTS),),
        tuple(MonthScore(month, draw(SCORES)) for month in MONTHS),
        tuple(draw(st.lists(POINTS, min_size=3, max_size=5))),
        (draw(POINTS),),
        counts,
        raters,
    )


@given(candidates())
def test_a_total_lies_between_nought_and_a_hundred_and_is_the_sum_of_its_lines(one: Inputs) -> None:
    scored = rules.scored(one, CHAPTER_IN_FORCE)
    assert 0 <= scored.total <= 100
    assert scored.total == sum(line.points for line in scored.lines)
    assert rules.inputs_of(rules.inputs_record(one)) == one


@given(candidates(), st.sampled_from(["ability", "interview", "manager"]), POINTS)
def test_more_points_never_lower_a_total(one: Inputs, factor: str, more: Fraction) -> None:
    given_points = getattr(one, factor)
    better = tuple(min(Fraction(100), value + more) for value in given_points)
    raised = Inputs(**{**{name: getattr(one, name) for name in one.__slots__}, factor: better})
    before, after = (rules.scored(each, CHAPTER_IN_FORCE).total for each in (one, raised))
    assert after >= before


@given(st.lists(candidates(), min_size=2, max_size=5), st.randoms())
def test_the_order_in_which_candidates_come_changes_no_rank(every: list[Inputs], chance) -> None:
    named = [rules.inputs_of({**rules.inputs_record(one), "candidate": n}) for n, one in enumerate(every)]
    before = ranks(*named)
    chance.shuffle(named)
    assert ranks(*named) == before
    assert [rank for rank, *_rest in before] == sorted(rank for rank, *_rest in before)


@given(candidates())
def test_the_colleagues_mean_from_counts_is_the_mean_over_people(one: Inputs) -> None:
    """Whoever chose what, the counts decide: the sheet can be worked out without any name."""
    worth = {answer.id: Fraction(answer.points) for answer in CHAPTER_IN_FORCE.colleagues.answers}
    sums = [sum(worth[answer] * n for answer, n in counts.items()) for counts in one.counts.values()]
    expected = sum(sums, Fraction(0)) / (one.raters * len(ITEMS))
    assert rules.colleagues_mean(one.counts, CHAPTER_IN_FORCE.colleagues) == expected


# choosing, phases


def test_only_the_first_of_the_ranking_may_be_chosen() -> None:
    every = [inputs(n, manager=(Fraction(90 - n),)) for n in (1, 2, 3)]
    places = rules.ranking((rules.scored(one, CHAPTER_IN_FORCE) for one in every), CHAPTER_IN_FORCE)
    assert rules.winners_fit([1], places, 1)
    assert rules.winners_fit([], places, 1)
    assert rules.winners_fit([2, 1], places, 2)
    assert not rules.winners_fit([2], places, 1)
    assert not rules.winners_fit([1, 2], places, 1)
    assert not rules.winners_fit([1, 1], places, 2)
    assert not rules.winners_fit([9], places, 1)


def test_who_shares_the_last_rank_may_be_chosen_among() -> None:
    places = rules.ranking((rules.scored(inputs(n), CHAPTER_IN_FORCE) for n in (1, 2)), CHAPTER_IN_FORCE)
    assert rules.winners_fit([1], places, 1) and rules.winners_fit([2], places, 1)


@pytest.mark.parametrize(
    ("day", "kinds", "phase"),
    [
        (date(2026, 11, 9), (), Phase.ANNOUNCED),
        (date(2026, 11, 10), (), Phase.OPEN),
        (date(2026, 11, 12), (), Phase.OPEN),
        (date(2026, 11, 13), (), Phase.CHECKING),
        (date(2026, 11, 13), ("started",), Phase.RATING),
        (date(2026, 11, 13), ("started", "calculated"), Phase.CALCULATED),
        (date(2026, 11, 13), ("started", "calculated", "decided"), Phase.DECIDED),
        (date(2026, 11, 9), ("ended",), Phase.ENDED),
    ],
)
def test_a_competition_is_as_far_as_its_events_and_the_day_say(day, kinds, phase) -> None:
    assert rules.phase_of(frozenset(kinds), date(2026, 11, 10), date(2026, 11, 12), day) is phase


@pytest.mark.parametrize(
    ("kinds", "check"),
    [
        ((), Check.WAITS_OPINION),
        (("opinion",), Check.WAITS_CHECK),
        (("opinion", "returned"), Check.RETURNED),
        (("opinion", "returned", "passed"), Check.PASSED),
        (("opinion", "passed", "withdrawn"), Check.WITHDRAWN),
        (("withdrawn",), Check.WITHDRAWN),
    ],
)
def test_an_application_stands_where_its_events_say(kinds, check) -> None:
    events = [Event(kind, None, None, 1, {}) for kind in kinds]
    assert rules.check_of(events) is check
