"""Who should sit a paper again after a lesson changed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from cstrain.grading.retests.facts import Stage, Touched
from cstrain.grading.retests.rules import Situation, is_long_leave, stage, subject_of, touched, window
from cstrain.grading.rules import SlotMark

TODAY = date(2026, 11, 20)
NOTHING = Situation(False, False, False, False, False, False)


def days(first: int, last: int) -> set[date]:
    return {TODAY + timedelta(days=offset) for offset in range(first, last + 1)}


def test_marks_of_touched_slots_are_summed() -> None:
    marks = [SlotMark(slot, Fraction(earned), Decimal(10), "") for slot, earned in ((1, 10), (2, 5), (3, 0))]
    assert touched(marks, {2, 3}) == Touched(2, Decimal(20), Decimal(5))
    assert touched(marks, ()) == Touched(0, Decimal(0), Decimal(0))


@pytest.mark.parametrize(
    ("absent", "long"),
    [
        (days(-10, 19), True),
        (days(-10, 18), False),
        (days(1, 60), False),
        (days(0, 29), True),
        (set(), False),
    ],
)
def test_thirty_days_in_a_row_around_today_are_a_long_leave(absent, long) -> None:
    assert is_long_leave(TODAY, absent) is long


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (NOTHING, Stage.DUE),
        (Situation(False, False, False, False, False, True), Stage.SAT),
        (Situation(False, True, False, False, False, True), Stage.AWAY),
        (Situation(False, True, False, False, True, False), Stage.ARRANGED),
        (Situation(False, True, False, True, True, False), Stage.WAIVED),
        (Situation(False, False, True, True, False, True), Stage.PASSED),
        (Situation(True, False, True, False, False, False), Stage.LEFT),
    ],
)
def test_what_settles_it_comes_first(known, found) -> None:
    assert stage(known) is found


def test_a_ready_window_lies_on_the_third_working_day() -> None:
    working = [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)]
    opens_at, closes_at = window(working, 40, unified=True)
    assert (f"{opens_at:%d %H:%M}", f"{closes_at:%d %H:%M}") == ("25 14:00", "25 14:40")
    assert f"{window(working, 40, unified=False)[1]:%d %H:%M}" == "25 15:40"


def test_a_sitting_keeps_which_change_it_is_for() -> None:
    assert subject_of("rules-orders", 3) == "retest:rules-orders/3"
