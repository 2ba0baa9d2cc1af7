"""Rules of moves by table, and what holds of the ranking whatever is compared."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.judgement.facts import Dossier
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.promotion import ladders
from cstrain.promotion.moves import rules
from cstrain.promotion.moves.facts import Senior

DAY = date(2026, 11, 20)
ORDER = ("score", "brand", "deductions", "tenure")
ROLES = {"rate": "supervisor", "rate_hr": "hr"}


def annual() -> Ladder:
    return ladders.ladder("annual", DAY)


def senior(
    person: int, score: str | None = "80", brand: str | None = "90", off: int | None = 0, years: int = 1
):
    since = DAY - timedelta(days=365 * years)
    number = [None if each is None else Decimal(each) for each in (score, brand)]
    return Senior(PersonId(person), "senior", number[0], number[1], off, 3, since, 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (senior(2, "81"), senior(1, "80", "99")),
        (senior(2, "80", "91"), senior(1)),
        (senior(2, off=0), senior(1, off=1)),
        (senior(2, years=3), senior(1)),
        (senior(2, "10"), senior(1, None)),
        (senior(2, off=9), senior(1, off=None)),
    ],
)
def test_the_better_comes_first_and_unknown_after_known(one, other) -> None:
    assert [each.senior.person for each in rules.rank([other, one], ORDER, DAY)] == [2, 1]


def test_equals_share_the_better_place() -> None:
    ranked = rules.rank([senior(3), senior(1), senior(2, "70")], ORDER, DAY)
    assert [(each.rank, each.senior.person) for each in ranked] == [(1, 1), (1, 3), (3, 2)]


@given(st.permutations(range(1, 7)), st.lists(st.sampled_from([None, "70", "80"]), min_size=6, max_size=6))
def test_the_ranking_does_not_depend_on_the_order_of_people(order, scores) -> None:
    people = [senior(number, scores[number - 1]) for number in range(1, 7)]
    shuffled = [people[number - 1] for number in order]
    assert rules.rank(shuffled, ORDER, DAY) == rules.rank(people, ORDER, DAY)


def level(supervisor: int, hr: int | None) -> str | None:
    topics = ("performance", "service", "attitude", "learning")
    points = {"rate": dict.fromkeys(topics, supervisor)}
    if hr is not None:
        points["rate_hr"] = dict.fromkeys(topics, hr)
    step, _found = rules.first_level(annual(), Dossier(on=DAY, endorsements=rules.ratings(points, ROLES)))
    return step.goal if step is not None else None


@pytest.mark.parametrize(
    ("supervisor", "hr", "expected"),
    [
        (5, 5, "senior"),
        (5, 4, "intermediate"),
        (4, 3, "junior"),
        (3, 3, "junior"),
        (5, 2, None),
        (2, 2, None),
    ],
)
def test_the_first_level_is_the_highest_both_reach(supervisor, hr, expected) -> None:
    assert level(supervisor, hr) == expected


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 4))
def test_a_better_rating_never_gives_a_lower_level(supervisor, hr, more) -> None:
    rank = [None, *annual().levels]
    better = level(min(5, supervisor + more), hr)
    assert rank.index(better) >= rank.index(level(supervisor, hr))


def test_ratings_are_whole_and_within_range() -> None:
    assert rules.check_points({"a": 1, "b": 5}, ("b", "a")) == {"b": 5, "a": 1}
    for wrong in ({"a": 1}, {"a": 0, "b": 3}, {"a": 3, "b": 6}, {"a": 3, "b": 3, "c": 3}):
        with pytest.raises(DomainError):
            rules.check_points(wrong, ("a", "b"))


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (90, True), (91, False), (None, False)])
def test_the_day_of_effect_is_from_today_on_and_not_too_far(days, fits) -> None:
    on = DAY + timedelta(days=days) if days is not None else None
    if fits:
        assert rules.check_effect(on, DAY, 90) == on
    else:
        with pytest.raises(DomainError):
            rules.check_effect(on, DAY, 90)


@pytest.mark.parametrize(("today", "waiting"), [(DAY, 0), (DAY + timedelta(days=1), 1)])
def test_a_notice_is_closed_after_its_last_day_with_every_objection_answered(today, waiting) -> None:
    rules.check_close(DAY, DAY + timedelta(days=1), 0)
    with pytest.raises(ConflictError):
        rules.check_close(DAY, today, waiting)


def test_a_skip_needs_a_step_with_an_authorisation_from_that_level() -> None:
    general = ladders.ladder("general", DAY)
    step, asked = rules.skip_step(general, "junior")
    assert (step.goal, asked.offices) == ("senior", ("gm",))
    assert rules.skip_step(general, "intermediate") is None and rules.skip_step(general, None) is None
