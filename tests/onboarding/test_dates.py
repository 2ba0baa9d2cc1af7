from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.kernel.calendar import Week, WorkCalendar
from cstrain.onboarding.rules import dates
from cstrain.people.facts import WorkPlan
from cstrain.people.queries.plans import published_days

HOLIDAYS, MAKEUP, YEARS = published_days()
FIRST, LAST = date(min(YEARS), 1, 1), date(max(YEARS), 11, 1)


def plan(week: Week = Week.SIX_DAYS, leave: frozenset[date] = frozenset(), roster=None) -> WorkPlan:
    return WorkPlan(WorkCalendar(week, HOLIDAYS, MAKEUP, YEARS), leave, roster or {})


@pytest.mark.parametrize(
    ("start", "week", "number", "expected"),
    [
        (date(2026, 11, 2), Week.SIX_DAYS, 1, date(2026, 11, 2)),
        (date(2026, 11, 2), Week.SIX_DAYS, 7, date(2026, 11, 9)),  # Sunday is off
        (date(2026, 11, 2), Week.SIX_DAYS, 23, date(2026, 11, 27)),
        (date(2026, 11, 2), Week.FIVE_DAYS, 23, date(2026, 12, 2)),
        (date(2026, 11, 2), Week.EVERY_DAY, 23, date(2026, 11, 24)),
        (date(2026, 11, 1), Week.SIX_DAYS, 1, date(2026, 11, 2)),  # a Sunday start begins on Monday
        (date(2026, 9, 28), Week.SIX_DAYS, 4, date(2026, 10, 8)),  # the national holiday is skipped
        (date(2026, 10, 9), Week.FIVE_DAYS, 2, date(2026, 10, 10)),  # a Saturday worked in lieu
    ],
)
def test_day_n_is_the_nth_rostered_day(start, week, number, expected):
    assert dates.day_dates(start, 23, plan(week).is_rostered)[number - 1] == expected


@given(
    start=st.dates(FIRST, LAST),
    week=st.sampled_from(list(Week)),
    count=st.integers(1, 30),
    leave=st.sets(st.integers(0, 60), max_size=12),
    roster=st.dictionaries(st.integers(0, 60), st.booleans(), max_size=12),
)
def test_over_all_published_years_days_are_consecutive_rostered_days(start, week, count, leave, roster):
    away = frozenset(start + timedelta(days=offset) for offset in leave)
    said = {start + timedelta(days=offset): working for offset, working in roster.items()}
    work = plan(week, away, said)
    found = dates.day_dates(start, count, work.is_rostered)
    assert found == sorted(set(found)) and len(found) == count and found[0] >= start
    span = [start + timedelta(days=offset) for offset in range((found[-1] - start).days + 1)]
    assert [day for day in span if work.is_rostered(day)] == found
    for day in found:
        if day not in said:
            assert day not in away
            assert week is Week.EVERY_DAY or day in MAKEUP or day not in HOLIDAYS
            assert week is not Week.SIX_DAYS or day in MAKEUP or day.weekday() != 6


@given(start=st.dates(FIRST, LAST))
def test_a_six_day_week_without_holidays_keeps_the_window(start):
    work = plan()
    last = dates.day_dates(start, 23, work.is_rostered)[-1]
    span = [start + timedelta(days=offset) for offset in range((last - start).days + 1)]
    off = [day for day in span if day in HOLIDAYS and day.weekday() != 6]
    if not off:
        assert dates.days_over(last, start, 30) == 0


@pytest.mark.parametrize(
    ("start", "over"),
    [(date(2026, 11, 2), 0), (date(2026, 11, 5), 2), (date(2026, 11, 6), 2), (date(2026, 11, 9), 0)],
)
def test_a_five_day_week_breaks_the_window_for_thursday_and_friday_starts(start, over):
    last = dates.day_dates(start, 23, plan(Week.FIVE_DAYS).is_rostered)[-1]
    assert dates.days_over(last, start, 30) == over


def test_the_last_day_of_the_window_is_inside_it():
    hired = date(2026, 11, 2)
    assert dates.days_over(date(2026, 12, 2), hired, 30) == 0
    assert dates.days_over(date(2026, 12, 3), hired, 30) == 1


def test_pre_start_days_lie_right_before_day_one():
    days = dates.pre_start_dates(date(2026, 11, 9), 6, plan().is_rostered)
    assert days == [date(2026, 11, day) for day in (2, 3, 4, 5, 6, 7)]


def test_a_calendar_without_working_days_is_refused():
    with pytest.raises(dates.NoWorkingDayError):
        dates.day_dates(date(2026, 1, 1), 1, lambda day: False)


def _planned(start: date, work: WorkPlan) -> dict[int, date]:
    return dict(enumerate(dates.day_dates(start, 23, work.is_rostered), start=1))


def test_leave_moves_the_days_it_covers_and_all_after_them():
    start = date(2026, 11, 2)
    before = _planned(start, plan())
    away = frozenset({date(2026, 11, 9), date(2026, 11, 10)})
    after = dates.replan(
        before, {1, 2, 3}, date(2026, 11, 9), plan(leave=away).is_rostered, date(2026, 11, 9)
    )
    assert [after[number] for number in range(1, 7)] == [before[number] for number in range(1, 7)]
    assert after[7] == date(2026, 11, 11)
    assert after[23] == date(2026, 11, 30)


def test_a_past_day_missed_by_leave_comes_next_and_today_moves_back():
    before = _planned(date(2026, 11, 2), plan())
    work = plan(leave=frozenset({date(2026, 11, 4)}))
    after = dates.replan(before, {1, 2}, date(2026, 11, 5), work.is_rostered, date(2026, 11, 5))
    assert after[3] == date(2026, 11, 5)
    assert after[4] == date(2026, 11, 6)


@given(
    start=st.dates(FIRST, LAST),
    begun=st.sets(st.integers(1, 23)),
    leave=st.sets(st.integers(0, 40), max_size=10),
    offset=st.integers(0, 40),
    keep=st.booleans(),
)
def test_replanning_keeps_begun_days_and_moves_the_rest_to_rostered_days(start, begun, leave, offset, keep):
    before = _planned(start, plan())
    work = plan(leave=frozenset(start + timedelta(days=day) for day in leave))
    from_day = start + timedelta(days=offset)
    keep_before = from_day if keep else date.min
    after = dates.replan(before, begun, from_day, work.is_rostered, keep_before)
    assert set(after) == set(before)
    assert len(set(after.values())) == len(after)
    assert all(after[number] == before[number] for number in begun)
    moved = [number for number in before if after[number] != before[number]]
    for number in moved:
        assert work.is_rostered(after[number]) and after[number] >= from_day
    free = [number for number in before if number not in begun and after[number] >= from_day]
    assert [after[number] for number in free] == sorted(after[number] for number in free)
    assert dates.replan(after, begun, from_day, work.is_rostered, keep_before) == after


def test_working_days_are_counted_after_the_day():
    work = plan()
    assert dates.working_days_between(date(2026, 11, 6), date(2026, 11, 6), work.is_rostered) == 0
    assert dates.working_days_between(date(2026, 11, 6), date(2026, 11, 9), work.is_rostered) == 2
