"""Quality sampling by hand: weeks and months, drawing, masking, waits, means."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as every
from hypothesis import strategies as st

from cstrain.judgement.rubric import read_rubric
from cstrain.kernel.calendar import Week, WorkCalendar
from cstrain.performance.quality import rules
from cstrain.performance.quality.facts import Line, Who, as_mark
from cstrain.performance.quality.policy import QualityRules

RULE = QualityRules(
    transcript_days=730,
    ref="quality",
    edition=1,
    effective_from=date(2026, 1, 1),
    source="测试",
    chats_a_day=5,
    draw_hour=6,
    hold_hours=24,
    contest_days=3,
    close_from=21,
    close_until=22,
    daily_report={},
)
ZONE = ZoneInfo("Asia/Shanghai")
CRITERIA = read_rubric([{"id": "need", "title": "需求", "of": 4}, {"id": "close", "title": "结束", "of": 6}])


def test_a_month_may_not_be_late_before_it_may_be_compiled() -> None:
    with pytest.raises(ValueError, match="close_until"):
        QualityRules(**{**RULE.model_dump(), "close_until": 20})


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 11, 9), date(2026, 11, 9)),
        (date(2026, 11, 15), date(2026, 11, 9)),
        (date(2027, 1, 1), date(2026, 12, 28)),
    ],
)
def test_a_week_runs_from_monday_to_sunday(day, monday) -> None:
    assert rules.week_of(day) == monday
    assert rules.week_ends(monday) == monday + timedelta(days=6)


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        (date(2026, 10, 1), date(2026, 11, 21), date(2026, 11, 22)),
        (date(2026, 12, 1), date(2027, 1, 21), date(2027, 1, 22)),
        (date(2027, 1, 1), date(2027, 2, 21), date(2027, 2, 22)),
    ],
)
def test_a_month_is_compiled_on_the_21st_to_22nd_of_the_next(month, first, last) -> None:
    assert rules.close_days(month, RULE) == (first, last)


@pytest.mark.parametrize(
    ("month", "last"),
    [
        (date(2026, 10, 1), date(2026, 11, 23)),  # the 22nd is a Sunday
        (date(2026, 7, 1), date(2026, 8, 24)),  # a Saturday
        (date(2026, 12, 1), date(2027, 1, 22)),  # a Friday
    ],
)
def test_a_last_day_that_is_a_rest_day_moves_to_the_next_working_day(month, last) -> None:
    calendar = WorkCalendar(Week.FIVE_DAYS)
    assert rules.close_days(month, RULE, calendar)[1] == last


def test_months_end_where_they_end() -> None:
    assert rules.month_ends(date(2028, 2, 1)) == date(2028, 2, 29)
    assert rules.month_of(date(2026, 12, 31)) == date(2026, 12, 1)


@pytest.mark.parametrize(("hour", "last"), [(5, date(2026, 11, 18)), (6, date(2026, 11, 19))])
def test_yesterday_is_drawn_from_the_morning_on(hour, last) -> None:
    assert rules.last_day_to_draw(date(2026, 11, 20), hour, RULE) == last


@every(st.text(min_size=1, max_size=20), st.sets(st.integers(1, 10_000), max_size=40), st.integers(1, 10))
def test_a_draw_can_be_repeated_and_takes_as_many_as_there_are(seed, chats, most) -> None:
    drawn = rules.drawn(seed, chats, most)
    assert drawn == rules.drawn(seed, sorted(chats, reverse=True), most)
    assert len(drawn) == len(set(drawn)) == min(most, len(chats)) and set(drawn) <= chats


def test_every_chat_is_drawn_as_often_as_any_other() -> None:
    found = Counter(chat for n in range(4000) for chat in rules.drawn(f"seed {n}", range(1, 21), 5))
    # 1000 expected each; 27.4 is the standard deviation of 4000 draws with chance 1/4
    assert set(found) == set(range(1, 21)) and all(abs(n - 1000) < 140 for n in found.values())


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我的电话13812345678，晚上联系", "我的电话*******5678，晚上联系"),
        ("138 1234 5678", "*******5678"),
        ("身份证330106199001011234", "身份证**************1234"),
        ("邮箱xiao.he@example.com.cn谢谢", "邮箱***@***谢谢"),
        ("尺寸是1.8米，价格2999元，2026-11-20发货", "尺寸是1.8米，价格2999元，2026-11-20发货"),
        ("一共3件", "一共3件"),
    ],
)
def test_what_identifies_a_customer_is_masked_in_what_was_said(said, kept) -> None:
    assert rules.mask_text(said) == kept


@pytest.mark.parametrize(
    ("name", "kept"), [("小河", "小***"), ("tb_riverside88", "t***8"), ("", "***"), ("李", "李***")]
)
def test_a_customers_name_shows_its_ends_only(name, kept) -> None:
    assert rules.mask_customer(name) == kept


def said(*lines: tuple[Who, int]) -> list[Line]:
    start = datetime(2026, 11, 9, 10, tzinfo=ZONE)
    return [Line(who, start + timedelta(seconds=seconds), "话") for who, seconds in lines]


C, A, S = Who.CUSTOMER, Who.AGENT, Who.SYSTEM


@pytest.mark.parametrize(
    ("lines", "first", "waits", "unanswered"),
    [
        (said((C, 0), (A, 14)), 14, (14,), False),
        (said((C, 0), (C, 20), (A, 30), (A, 50), (C, 60), (A, 65)), 30, (30, 5), False),
        (said((C, 0), (S, 1), (A, 9)), 9, (9,), False),
        (said((A, 0), (C, 5), (A, 8)), 3, (3,), False),
        (said((C, 0), (S, 1)), None, (), True),
        (said((A, 0)), None, (), False),
        ([], None, (), False),
    ],
)
def test_waits_run_from_the_customers_first_words_to_the_agents(lines, first, waits, unanswered) -> None:
    assert rules.timing(lines) == rules.Timing(first, waits, unanswered)


def rated(need: str, close: str) -> rules.Rated:
    given = {"need": Decimal(need), "close": Decimal(close)}
    return rules.Rated(CRITERIA, given, CRITERIA.share(given), changed=False)


def test_a_month_says_the_exact_mean_of_each_criterion() -> None:
    found = rules.by_criterion([rated("4", "3"), rated("2", "6"), rated("1.5", "6")])
    need, close = found
    assert (need.id, need.share, need.n) == ("need", (1 + Fraction(1, 2) + Fraction(3, 8)) / 3, 3)
    assert (close.share, close.mark) == (Fraction(5, 6), Decimal("83.333"))
    assert rules.by_criterion([]) == ()


def test_nothing_rated_has_no_mean() -> None:
    assert rules.mean([]) is None and as_mark(None) is None
    assert rules.mean([Fraction(1, 3), Fraction(2, 3)]) == Fraction(1, 2)
