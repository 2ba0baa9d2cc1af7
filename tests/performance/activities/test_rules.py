"""Rules of reports, contests and titles: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cstrain.kernel.calendar import Week, WorkCalendar
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.people.facts import WorkPlan
from cstrain.performance.activities import rules, store
from cstrain.performance.activities.facts import (
    ContestFacts,
    Draft,
    Kind,
    Leading,
    Measure,
    Phase,
    ResultFacts,
    Span,
    TitleFacts,
)
from cstrain.performance.activities.policy import ActivityRules, Contests
from tests.factories.activities import SAID, announcement

TODAY = date(2026, 11, 20)  # a Friday
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
CHAPTER = store.chapter()
FIVE = WorkPlan(WorkCalendar(Week.FIVE_DAYS))
NOV, DEC, JAN = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)


def day(number: int) -> Span:
    return Span(Kind.DAY, date(2026, 11, number))


def leading(since: date = date(2026, 1, 5), until: date | None = None) -> Leading:
    return Leading(7, 3, since, until)


# --- reports


@pytest.mark.parametrize(
    ("span", "plan", "led", "expected"),
    [
        (day(19), FIVE, leading(), True),
        (day(21), FIVE, leading(), False),  # a Saturday
        (day(21), WorkPlan(FIVE.calendar, rostered={date(2026, 11, 21): True}), leading(), True),
        (day(19), WorkPlan(FIVE.calendar, frozenset({date(2026, 11, 19)})), leading(), False),
        (day(19), FIVE, leading(since=date(2026, 11, 20)), False),
        (day(19), FIVE, leading(since=date(2026, 11, 19)), True),
        (day(19), FIVE, leading(until=date(2026, 11, 18)), False),
        (day(19), FIVE, leading(until=date(2026, 11, 19)), True),
        (Span(Kind.WEEK, date(2026, 11, 16)), FIVE, leading(since=date(2026, 11, 20)), True),
        (Span(Kind.WEEK, date(2026, 11, 16)), FIVE, leading(since=date(2026, 11, 21)), False),
    ],
)
def test_a_report_is_owed_for_days_led_and_worked(span, plan, led, expected) -> None:
    assert rules.is_expected(led, span, plan) is expected


@pytest.mark.parametrize(
    ("span", "plan", "due"),
    [
        (day(19), FIVE, datetime(2026, 11, 20, 10, tzinfo=ZONE)),
        (day(20), FIVE, datetime(2026, 11, 23, 10, tzinfo=ZONE)),  # over the weekend
        (Span(Kind.WEEK, date(2026, 11, 9)), FIVE, datetime(2026, 11, 16, 18, tzinfo=ZONE)),
        (
            day(19),
            WorkPlan(FIVE.calendar, frozenset(date(2026, 11, 20) + timedelta(days=n) for n in range(40))),
            datetime(2026, 12, 20, 10, tzinfo=ZONE),
        ),
    ],
)
def test_a_report_is_due_on_the_next_rostered_day(span, plan, due) -> None:
    assert rules.due_at(span, CHAPTER.reports.form(span.kind), plan, ZONE) == due


def test_the_days_looked_back_have_their_weeks_once_they_are_over() -> None:
    every = list(rules.spans(CHAPTER.reports, TODAY))
    days = [one.first_day for one in every if one.kind is Kind.DAY]
    assert (days[0], days[-1], len(days)) == (date(2026, 11, 6), TODAY, 15)
    weeks = [one.first_day for one in every if one.kind is Kind.WEEK]
    assert weeks == [date(2026, 11, 2), date(2026, 11, 9)]
    assert date(2026, 11, 16) in [one.first_day for one in rules.spans(CHAPTER.reports, date(2026, 11, 22))]


@pytest.mark.parametrize(
    ("span", "says"),
    [
        (Span(Kind.WEEK, date(2026, 11, 17)), "星期一"),
        (day(21), "还没有到"),
        (day(5), "不再补"),
        (day(6), None),
        (day(20), None),
        (Span(Kind.WEEK, date(2026, 11, 16)), None),
    ],
)
def test_a_report_is_neither_ahead_nor_too_late(span, says) -> None:
    if says is None:
        rules.check_span(span, CHAPTER.reports, TODAY)
    else:
        with pytest.raises(DomainError, match=says):
            rules.check_span(span, CHAPTER.reports, TODAY)


def test_what_lacks_is_named_and_blanks_are_nothing() -> None:
    form = CHAPTER.reports.day
    rules.check_whole(Draft(SAID), form)
    with pytest.raises(DomainError, match="今天的情况、明天的安排"):
        rules.check_whole(Draft(SAID | {"events": " \n", "next": ""}), form)


def test_only_who_led_the_department_then_writes() -> None:
    rules.check_leads([leading()], 3, day(19))
    for led, place in (([leading()], 4), ([], 3), ([leading(until=date(2026, 11, 1))], 3)):
        with pytest.raises(DomainError, match="不是这个部门的组长"):
            rules.check_leads(led, place, day(19))


# --- contests


def contest(measure: Measure = Measure.MEAN, *, more: bool = True, announced_by: int = 99, **changes):
    said = announcement(3, measure=measure, first_month=NOV, last_month=JAN, **changes)
    return ContestFacts(1, said, "售前", "服务明星", more, 1, announced_by, AT, None)


def table(**rows):
    """People by number: three months of text, ``-`` for nothing."""
    return {
        int(who[1:]): {
            month: None if text == "-" else Decimal(text)
            for month, text in zip((NOV, DEC, JAN), values.split(), strict=True)
        }
        for who, values in rows.items()
    }


def places(rows) -> list[tuple]:
    return [(one.person, one.rank, one.winner, one.why) for one in rows]


def test_ties_share_the_better_place_and_all_of_them_win() -> None:
    rows = rules.standings(
        contest(seats=2), table(p1="90 90 90", p2="95 95 95", p3="90 89 91", p4="80 80 80"), []
    )
    assert places(rows) == [(2, 1, True, ""), (1, 2, True, ""), (3, 2, True, ""), (4, 4, False, "")]


def test_fewer_may_be_better() -> None:
    rows = rules.standings(contest(more=False, seats=1), table(p1="3 2 1", p2="0 0 1"), [])
    assert places(rows)[0] == (2, 1, True, "") and rows[0].value == Decimal("0.3333")


@pytest.mark.parametrize(
    ("measure", "least", "values", "expected"),
    [
        (Measure.MEAN, 2, "90 - 80", (Decimal("85.0000"), "")),
        (Measure.MEAN, 3, "90 - 80", (None, "few")),
        (Measure.TOTAL, 1, "90 - 80", (None, "gap")),
        (Measure.TOTAL, 1, "90 1.5 80", (Decimal("171.5000"), "")),
        (Measure.GAIN, 1, "90 - 80", (Decimal("-10.0000"), "")),
        (Measure.GAIN, 1, "- 90 80", (None, "gap")),
        (Measure.MEAN, 1, "- - -", (None, "few")),
        (Measure.MEAN, 1, "1 1 2", (Decimal("1.3333"), "")),
    ],
)
def test_a_missing_month_is_unknown_never_nought(measure, least, values, expected) -> None:
    found = table(p1=values)[1]
    assert rules.contest_value(found, (NOV, DEC, JAN), measure, least) == expected


def test_the_announcer_and_who_left_take_no_part() -> None:
    rows = rules.standings(contest(announced_by=1), table(p1="99 99 99", p2="98 98 98", p3="1 1 1"), [2])
    assert places(rows) == [(3, 1, True, ""), (1, None, False, "runs"), (2, None, False, "left")]


_NUMBERS = st.one_of(st.none(), st.integers(0, 100).map(Decimal))
_TABLES = st.dictionaries(st.integers(1, 8), st.tuples(_NUMBERS, _NUMBERS, _NUMBERS), max_size=8).map(
    lambda rows: {who: dict(zip((NOV, DEC, JAN), each, strict=True)) for who, each in rows.items()}
)


@given(_TABLES, st.sampled_from(list(Measure)), st.integers(1, 3), st.booleans())
def test_standings_hold_together(rows, measure, seats, more) -> None:
    one = contest(measure, more=more, seats=seats)
    found = rules.standings(one, rows, [])
    assert found == rules.standings(one, dict(reversed(rows.items())), [])
    assert {row.person for row in found} == set(rows)
    ranked = [row for row in found if row.rank is not None]
    for row in ranked:
        better = [each for each in ranked if (each.value > row.value) is more and each.value != row.value]
        assert row.rank == len(better) + 1 and row.winner is (row.rank <= seats)
    assert all(row.value is None and row.why and not row.winner for row in found if row.rank is None)


@given(_TABLES, st.integers(1, 8))
def test_taking_a_month_away_never_makes_a_total_known(rows, who) -> None:
    one = contest(Measure.TOTAL)
    fewer = {person: {**each, DEC: None} if person == who else each for person, each in rows.items()}
    known = {row.person for row in rules.standings(one, rows, []) if row.rank is not None}
    assert {row.person for row in rules.standings(one, fewer, []) if row.rank is not None} <= known


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, None),
        ({"metric": "tickets"}, "指标"),
        ({"award": "excellent"}, "称号"),
        ({"first_month": NOV}, "开始以前"),
        ({"last_month": NOV}, "1到12个月"),
        ({"last_month": date(2027, 12, 1)}, "1到12个月"),
        ({"measure": Measure.GAIN}, "两个月"),
        ({"least_months": 2}, "最少月数"),
        ({"seats": 0}, "名额"),
        ({"seats": 11}, "名额"),
    ],
)
def test_an_announcement_comes_before_the_start_and_fits(changes, says) -> None:
    one = announcement(3, **changes)
    if says is None:
        rules.check_announcement(one, CHAPTER.contests, CHAPTER.titles, TODAY)
    else:
        with pytest.raises(DomainError, match=says):
            rules.check_announcement(one, CHAPTER.contests, CHAPTER.titles, TODAY)


def result(agreed: bool | None) -> ResultFacts:
    return ResultFacts(1, 1, (), "", "", 5, AT, 6 if agreed is not None else None, None, agreed, "")


@pytest.mark.parametrize(
    ("today", "closed", "agreed", "phase"),
    [
        (date(2026, 10, 31), False, "none", Phase.ANNOUNCED),
        (NOV, False, "none", Phase.RUNNING),
        (date(2027, 1, 31), True, "none", Phase.RUNNING),
        (date(2027, 2, 1), False, "none", Phase.COUNTING),
        (date(2027, 2, 1), True, "none", Phase.READY),
        (date(2027, 2, 1), True, None, Phase.PROPOSED),
        (date(2027, 2, 1), True, True, Phase.ENDED),
    ],
)
def test_where_a_contest_stands(today, closed, agreed, phase) -> None:
    from dataclasses import replace

    one = contest() if agreed == "none" else replace(contest(), result=result(agreed))
    assert rules.phase(one, today, closed=closed) is phase


def test_a_contest_is_closed_by_who_stands_outside() -> None:
    rows = rules.standings(contest(), table(p1="90 90 90"), [])
    rules.check_close(5, rows, Phase.READY)
    for phase, error in ((Phase.RUNNING, DomainError), (Phase.PROPOSED, ConflictError)):
        with pytest.raises(error):
            rules.check_close(5, rows, phase)
    with pytest.raises(ConflictError, match="已经结束"):
        rules.check_close(5, rows, Phase.ENDED)
    with pytest.raises(DomainError, match="参加了"):
        rules.check_close(1, rows, Phase.READY)
    with pytest.raises(DomainError, match="没有人有名次"):
        rules.check_close(5, rules.standings(contest(), table(p1="- - -"), []), Phase.READY)


def test_the_digest_tells_a_change() -> None:
    rows = rules.standings(contest(), table(p1="90 90 90", p2="91 91 91"), [])
    other = rules.standings(contest(), table(p1="90 90 90", p2="91 91 92"), [])
    assert rules.digest(rows) == rules.digest(list(rows)) != rules.digest(other)


# --- titles


@pytest.mark.parametrize(
    ("code", "month", "says"),
    [
        ("excellent_agent", date(2026, 10, 1), None),
        ("excellent_agent", date(2026, 8, 1), None),
        ("excellent_agent", date(2026, 7, 1), "3个月以前"),
        ("excellent_agent", NOV, "没有过完"),
        ("contest_winner", date(2026, 10, 1), "不由提名产生"),
        ("nothing", date(2026, 10, 1), "不由提名产生"),
    ],
)
def test_a_title_is_for_a_month_that_is_over(code, month, says) -> None:
    titles = CHAPTER.titles
    if says is None:
        assert rules.check_title(titles.kind(code), month, titles, TODAY).code == code
    else:
        with pytest.raises(DomainError, match=says):
            rules.check_title(titles.kind(code), month, titles, TODAY)


@pytest.mark.parametrize(("grade", "says"), [("S", None), ("A", None), ("B", "A级以上"), (None, "还不知道")])
def test_the_month_has_the_grade_the_title_asks(grade, says) -> None:
    star = CHAPTER.titles.kind("service_star")
    if says is None:
        rules.check_grade(star, grade)
    else:
        with pytest.raises(DomainError, match=says):
            rules.check_grade(star, grade)
    rules.check_grade(CHAPTER.titles.kind("contest_winner"), None)


def test_a_department_has_only_so_many_of_a_title() -> None:
    star = CHAPTER.titles.kind("service_star")
    rules.check_room(star, 0)
    with pytest.raises(DomainError, match="最多1人"):
        rules.check_room(star, 1)
    rules.check_room(CHAPTER.titles.kind("contest_winner"), 100)


def test_a_proposal_is_answered_once_by_a_third_person() -> None:
    from dataclasses import replace

    one = TitleFacts(1, 7, 3, "x", "x", NOV, NOV, None, "", 5, AT, None, None, None, "", None, standing=False)
    rules.check_answer(one, 6)
    for who in (7, 5):
        with pytest.raises(DomainError):
            rules.check_answer(one, who)
    with pytest.raises(ConflictError):
        rules.check_answer(replace(one, agreed=False), 6)


def test_the_chapter_refuses_unknown_metrics_and_sections_twice() -> None:
    with pytest.raises(ValidationError, match="没有smile这个指标"):
        Contests(least_months=1, most_months=3, most_seats=3, metrics={"smile": "more"})
    plain = CHAPTER.model_dump(mode="json")
    plain["reports"]["day"]["sections"] *= 2
    with pytest.raises(ValidationError, match="不能重复"):
        ActivityRules.model_validate(plain)
