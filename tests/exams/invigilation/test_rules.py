"""Spans of time, silence, lost time and credit, speed: tables and properties."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cstrain.exams.invigilation.facts import Span, Touch
from cstrain.exams.invigilation.rules import (
    common,
    is_held,
    lost,
    may_give_alone,
    minus,
    outages,
    rushes,
    seconds_of,
    silences,
    still_owed,
    union,
)
from cstrain.exams.rules import ends_at, is_over, remaining_ms
from tests.conftest import START

MS = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def span(began: float, ended: float) -> Span:
    return Span(START + began * SECOND, START + ended * SECOND)


def spans(*pairs: tuple[float, float]) -> tuple[Span, ...]:
    return tuple(span(*pair) for pair in pairs)


# --- the one rule of pauses


@pytest.mark.parametrize(
    ("paused_after", "now_after", "left_ms", "over"),
    [
        (None, 0 * MS, 1_800_000, False),
        (None, 30 * MINUTE, 0, False),
        (None, 30 * MINUTE + MS, 0, True),
        (10 * MINUTE, 10 * MINUTE, 1_200_000, False),  # paused this instant
        (10 * MINUTE, 10 * MINUTE - 5 * MS, 1_200_005, False),  # read a moment before it was paused
        (10 * MINUTE, 45 * MINUTE, 1_200_000, False),  # long after the old deadline
        (30 * MINUTE - MS, 90 * MINUTE, 1, False),
        (30 * MINUTE, 90 * MINUTE, 0, False),  # held at its very end
        (30 * MINUTE, 24 * 60 * MINUTE, 0, False),
    ],
)
def test_while_an_attempt_is_paused_its_time_stands_still(paused_after, now_after, left_ms, over) -> None:
    paused = None if paused_after is None else START + paused_after
    now = START + now_after
    ends = ends_at(START + 30 * MINUTE, paused, now)
    assert remaining_ms(now, ends) == left_ms
    assert is_over(now, ends, None) is over


@given(
    some.lists(some.tuples(some.integers(0, 600_000), some.integers(0, 600_000)), max_size=5),
    some.integers(1, 3_600_000),
)
def test_pauses_one_after_the_other_move_the_end_by_their_sum(steps, length) -> None:
    now, ends = START, START + length * MS
    for work, rest in steps:
        now += work * MS
        paused, now = now, now + rest * MS
        ends = ends_at(ends, paused, now)
    assert ends == START + (length + sum(rest for _, rest in steps)) * MS


# --- spans


SOME_SPANS = some.lists(some.tuples(some.integers(0, 60), some.integers(0, 60)), max_size=6).map(
    lambda pairs: tuple(span(min(pair), max(pair)) for pair in pairs)
)


def seconds_in(held: tuple[Span, ...]) -> set[int]:
    return {n for n in range(61) for one in held if one.began <= START + n * SECOND < one.ended}


@given(SOME_SPANS, SOME_SPANS)
def test_spans_behave_as_sets_of_seconds(left, right) -> None:
    assert seconds_in(union(left)) == seconds_in(left)
    assert seconds_in(minus(left, right)) == seconds_in(left) - seconds_in(right)
    assert seconds_in(common(left, right)) == seconds_in(left) & seconds_in(right)
    assert seconds_of(left) == len(seconds_in(left))


@given(SOME_SPANS)
def test_a_union_is_in_order_and_nothing_in_it_touches(held) -> None:
    found = union(held)
    assert all(one.ended > one.began for one in found)
    assert all(one.ended < other.began for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("length", "seconds"), [(0, 0), (1, 1), (999, 1), (1000, 1), (1001, 2), (90_000, 90)]
)
def test_time_is_rounded_up_to_a_whole_second(length, seconds) -> None:
    assert seconds_of([Span(START, START + length * MS)]) == seconds


# --- silence and outages


def test_answers_taken_in_between_divide_a_silence() -> None:
    heard = [START + n * SECOND for n in (40, 10, 45)]
    found = silences(START, START + 60 * SECOND, heard, 6 * SECOND)
    assert found == spans((0, 10), (10, 40), (45, 60))
    assert silences(START, START + 5 * SECOND, (), 6 * SECOND) == ()


def test_a_silence_counts_from_when_somebody_sat_and_only_if_they_did_long_enough() -> None:
    gap = [span(0, 100)]
    assert outages(gap, [span(40, 200), span(60, 90)], 6 * SECOND) == spans((40, 100))
    assert outages(gap, [span(97, 200)], 6 * SECOND) == ()
    assert outages(gap, [], 6 * SECOND) == ()
    assert outages(gap, [span(0, 30)], 6 * SECOND) == spans((0, 100))  # their time ran out in it


# --- what was lost


@pytest.mark.parametrize(
    ("silence", "sat", "paused", "expected"),
    [
        ((10, 100), (0, 1800), [], [(10, 100)]),
        ((10, 100), (50, 1800), [], [(50, 100)]),  # started in it
        ((10, 100), (0, 60), [], [(10, 60)]),  # ran out in it
        ((10, 100), (200, 1800), [], []),
        ((10, 100), (0, 1800), [(0, 200)], []),  # paused all the while
        ((10, 100), (0, 1800), [(40, 60)], [(10, 40), (60, 100)]),
    ],
)
def test_time_is_lost_where_a_silence_meets_running_time(silence, sat, paused, expected) -> None:
    assert lost(span(*silence), span(*sat), spans(*paused)) == spans(*expected)


@given(some.lists(SOME_SPANS, max_size=6))
def test_however_often_it_is_asked_no_second_is_given_back_twice(claims) -> None:
    credited: list[Span] = []
    total = 0
    for claim in claims:
        left = still_owed(claim, credited)
        total += seconds_of(left)
        credited += left
        assert seconds_of(still_owed(claim, credited)) == 0
    every = tuple(one for claim in claims for one in claim)
    assert total == len(seconds_in(every))


@pytest.mark.parametrize(
    ("deadline", "held"), [(10, False), (10.001, True), (50, True), (100, True), (100.001, False)]
)
def test_who_ran_out_of_time_in_a_silence_is_held(deadline, held) -> None:
    assert is_held(START + deadline * SECOND, [span(10, 100)]) is held


@pytest.mark.parametrize(
    ("given", "more", "alone"),
    [(0, 600, True), (0, 601, False), (300, 300, True), (540, 61, False), (900, 1, False)],
)
def test_one_person_gives_ten_minutes_in_all(given, more, alone) -> None:
    assert may_give_alone(given, more, 10) is alone


# --- speed


def touches(*pairs: tuple[int, int | None]) -> list[Touch]:
    return [Touch(slot, mono) for slot, mono in pairs]


def test_five_different_questions_within_a_second_each_are_one_rush() -> None:
    fast = touches(*((slot, 100_000 + slot * 900) for slot in range(1, 8)))
    assert rushes(fast, 1000, 5) == 1
    assert rushes(fast[:4], 1000, 5) == 0
    assert rushes(touches(*((slot, slot * 1000) for slot in range(1, 8))), 1000, 5) == 0


def test_changing_an_answer_a_reload_and_an_old_browser_are_no_rush() -> None:
    assert rushes(touches(*((1, 100 * n) for n in range(20))), 1000, 5) == 0
    reloaded = touches((1, 900_000), (2, 900_500), (3, 100), (4, 600), (5, 900))
    assert rushes(reloaded, 1000, 5) == 0
    assert rushes(touches(*((slot, None) for slot in range(1, 20))), 1000, 5) == 0
