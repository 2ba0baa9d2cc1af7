"""Rules of monthly performance: grades, ranks, months away, values, files. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.kernel.calendar import Week, WorkCalendar
from cstrain.kernel.errors import DomainError
from cstrain.people.facts import WorkPlan
from cstrain.performance import rules
from cstrain.performance.facts import METRICS
from cstrain.performance.month_columns import column_of, read_month, read_number
from cstrain.performance.policy import GRADES
from cstrain.performance.store import performance_rules

RULES = performance_rules()
JUNE = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", "S"), ("95", "S"), ("94.99", "A"), ("85", "A"), ("84.99", "B"),
        ("75", "B"), ("74.99", "C"), ("60", "C"), ("59.99", "D"), ("0", "D"),
    ],
)  # fmt: skip
def test_each_threshold_belongs_to_its_grade(score, grade):
    assert rules.grade_of(Decimal(score), RULES) == grade


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_a_better_score_never_earns_a_worse_grade(one, other):
    low, high = sorted([one, other])
    assert GRADES.index(rules.grade_of(high, RULES)) <= GRADES.index(rules.grade_of(low, RULES))


def test_a_grade_without_score_stands_and_one_that_the_score_does_not_earn_is_refused():
    assert rules.settled_grade(None, "A", RULES) == "A"
    assert rules.settled_grade(Decimal(88), None, RULES) == "A"
    assert rules.settled_grade(Decimal(88), "A", RULES) == "A"
    assert rules.settled_grade(None, None, RULES) is None
    with pytest.raises(DomainError, match="按88分应是A"):
        rules.settled_grade(Decimal(88), "B", RULES)


@pytest.mark.parametrize(
    ("points", "places"),
    [
        ({1: 90, 2: 80, 3: 70}, {1: 1, 2: 2, 3: 3}),
        ({1: 90, 2: 90, 3: 70}, {1: 1, 2: 1, 3: 3}),
        ({1: 90, 2: 80, 3: 80, 4: 70}, {1: 1, 2: 2, 3: 2, 4: 4}),
        ({1: 90, 2: None}, {1: 1}),
        ({}, {}),
    ],
)
def test_ties_share_the_better_place_and_unknown_is_not_ranked(points, places):
    known = {who: None if value is None else Decimal(value) for who, value in points.items()}
    assert rules.ranks(known) == places


@given(st.dictionaries(st.integers(1, 30), st.decimals(0, 100, places=1), max_size=20))
def test_a_place_is_one_more_than_how_many_have_more(points):
    for who, place in rules.ranks(points).items():
        assert place == 1 + sum(value > points[who] for value in points.values())


def test_a_mean_needs_two_of_three_months():
    months = [{1: Decimal(90), 2: Decimal(60)}, {1: Decimal(80)}, {1: None, 2: Decimal(70), 3: Decimal(99)}]
    assert rules.mean_points(months, RULES) == {1: Decimal(85), 2: Decimal(65), 3: None}


def _plan(leave: list[date], rostered: dict[date, bool] | None = None) -> WorkPlan:
    return WorkPlan(WorkCalendar(Week.EVERY_DAY), frozenset(leave), rostered or {})


def test_leave_on_exactly_half_of_the_days_is_not_a_month_away():
    half = [JUNE + timedelta(days=each) for each in range(15)]
    assert not rules.is_away(_plan(half), JUNE, RULES)
    assert rules.is_away(_plan([*half, date(2026, 6, 16)]), JUNE, RULES)


def test_a_day_rostered_to_work_is_not_away_though_leave_covers_it():
    leave = [JUNE + timedelta(days=each) for each in range(16)]
    assert not rules.is_away(_plan(leave, {JUNE: True}), JUNE, RULES)


@pytest.mark.parametrize(
    ("month", "today", "fits"),
    [
        (date(2026, 10, 1), date(2026, 11, 1), True),
        (date(2026, 10, 1), date(2026, 10, 31), False),
        (date(2026, 2, 1), date(2026, 2, 28), False),
        (date(2026, 2, 1), date(2026, 3, 1), True),
        (date(2021, 11, 1), date(2026, 11, 20), True),
        (date(2021, 10, 1), date(2026, 11, 20), False),
    ],
)
def test_only_months_that_are_over_and_not_too_old_can_be_recorded(month, today, fits):
    if fits:
        rules.check_month(month, today)
    else:
        with pytest.raises(DomainError):
            rules.check_month(month, today)


def test_values_are_kept_with_their_places_and_refused_outside_what_they_can_be():
    assert rules.checked_values({"csat": Decimal("96.257"), "chats": None}) == {"csat": Decimal("96.26")}
    for name, value in (("csat", "100.01"), ("chats", "3.5"), ("complaints", "-1"), ("score", "NaN")):
        with pytest.raises(DomainError):
            rules.checked_values({name: Decimal(value)})
    with pytest.raises(DomainError, match="出勤天数"):
        rules.checked_values({"attendance_days": Decimal(23), "due_days": Decimal(22)})
    with pytest.raises(DomainError, match="错误工单"):
        rules.checked_values({"wrong_tickets": Decimal(3), "tickets": Decimal(2)})


def test_the_share_of_sales_is_known_only_with_a_target():
    known = {"sales": Decimal(90), "sales_target": Decimal(120)}
    assert rules.with_sales_share(known)["sales_share"] == 75
    assert "sales_share" not in rules.with_sales_share({"sales": Decimal(90)})
    assert "sales_share" not in rules.with_sales_share({**known, "sales_target": Decimal(0)})


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-09", date(2026, 9, 1)), ("2026/9", date(2026, 9, 1)), ("2026年9月", date(2026, 9, 1)),
        ("202609", date(2026, 9, 1)), ("2026-09-01", date(2026, 9, 1)), ("２０２６.9", date(2026, 9, 1)),
        ("2026-09-30", date(2026, 9, 1)), ("2026-02-30", None),
        ("2026-13", None), ("2026-00", None), ("9月", None), ("", None), ("2026-09-15", None),
    ],
)  # fmt: skip
def test_months_are_read_in_the_ways_people_write_them(text, month):
    assert read_month(text) == month


def test_numbers_lose_thousands_and_per_cent_and_words_are_none():
    assert read_number("1,460") == 1460
    assert read_number("96.2%") == Decimal("96.2")
    assert read_number("很好") is None
    assert read_number("NaN") is None
    assert read_number("１，２００．５次", "次") == Decimal("1200.5")
    assert read_number("1,234,567") == 1_234_567
    for decimal_or_slip in ("132,5", "1,46", "1,4600", ",5"):
        assert read_number(decimal_or_slip) is None


def test_columns_are_known_by_their_synonyms():
    assert column_of("满意度(%)") == "满意度"
    assert column_of("个人品牌分*") == "品牌分"
    assert column_of("备注") is None
    assert {column_of(metric.word) for metric in METRICS.values()} == {m.word for m in METRICS.values()}
