"""Rules of deductions and registers, and the file of opening sums: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cstrain.kernel.calendar import Week, WorkCalendar
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.performance.discipline import opening_file, rules, store
from cstrain.performance.discipline.facts import (
    Booking,
    ContestFacts,
    DeductionFacts,
    Entry,
    Kind,
    RegisterFacts,
    ReversalFacts,
    Severity,
    Standing,
    Withdrawal,
)
from cstrain.performance.discipline.policy import Rule, RuleSet, bare_label

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)


def shipped() -> RuleSet:
    found = store.rule_set("hotline", TODAY)
    assert found is not None
    return found


def booking(**changes) -> Booking:
    fields = {"day": TODAY, "rule_set": "hotline", "code": "language", "points": 10, "evidence": "x"}
    return Booking(**(fields | changes))


@pytest.mark.parametrize(
    ("code", "points", "fits"),
    [
        ("language", 4, False), ("language", 5, True), ("language", 20, True), ("language", 21, False),
        ("attitude", 9, False), ("attitude", 10, True), ("attitude", 30, True), ("attitude", 31, False),
        ("leaving", 19, False), ("leaving", 20, True), ("leaving", 21, False),
        ("together", 20, True), ("together", 40, False),
    ],
)  # fmt: skip
def test_points_must_lie_in_the_range_before_any_multiplier(code, points, fits) -> None:
    wanted = booking(code=code, points=points, times_code="complaint" if code == "together" else None)
    if fits:
        assert rules.check_rule(shipped(), wanted).code == code
    else:
        with pytest.raises(DomainError, match="加倍前"):
            rules.check_rule(shipped(), wanted)


def test_a_complaint_makes_forty_for_each_of_the_two() -> None:
    rule = rules.check_rule(shipped(), booking(code="together", points=20, times_code="complaint"))
    assert 20 * rules.factor(rule, "complaint") == 40
    assert rules.factor(rule, None) == 1


@pytest.mark.parametrize("code", ["language", "desk"])
def test_a_multiplier_counts_only_where_the_rule_names_it(code) -> None:
    with pytest.raises(DomainError, match="加倍情形"):
        rules.check_rule(shipped(), booking(code=code, times_code="complaint"))


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(DomainError, match="没有这一条"):
        rules.check_rule(shipped(), booking(code="parking"))


def test_the_more_specific_rule_wins_unless_the_booker_says_it_does_not_fit() -> None:
    with pytest.raises(DomainError, match="更具体"):
        rules.check_specific(shipped(), booking(code="desk"))
    assert rules.check_specific(shipped(), booking(code="desk", set_aside=frozenset({"together"}))) == (
        "together",
    )
    assert rules.check_specific(shipped(), booking(code="together")) == ()


def chapter(*given_rules: Rule) -> RuleSet:
    return RuleSet(
        ref="a", edition=1, effective_from=date(2026, 1, 1), title="规定", source="示例", contest_days=3,
        decide_days=5, book_within_days=31, rules=given_rules,
    )  # fmt: skip


def rule(code, specific_to=None, least=1, most=5) -> Rule:
    return Rule(code=code, text=code, least=least, most=most, specific_to=specific_to, clause="1")


def test_what_is_more_specific_through_another_rule_counts_too() -> None:
    found = rules.more_specific(chapter(rule("a"), rule("b", "a"), rule("c", "b")), "a")
    assert [one.code for one in found] == ["b", "c"]


@pytest.mark.parametrize(
    "wrong",
    [
        [rule("a"), rule("a")],
        [rule("a", "b")],
        [rule("a", "b"), rule("b", "a")],
        [rule("a", "a")],
    ],
)
def test_a_rule_set_that_contradicts_itself_is_refused(wrong) -> None:
    with pytest.raises(ValidationError):
        chapter(*wrong)


def test_a_range_upside_down_is_refused() -> None:
    with pytest.raises(ValidationError):
        rule("a", least=6, most=5)


def test_each_shipped_edition_is_there_once() -> None:
    keys = [(one.ref, one.edition) for one in store.editions()]
    assert len(keys) == len(set(keys))
    assert store.rule_sets(date(2025, 12, 31)) == []


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 10, 20), True),
        (date(2026, 10, 19), False),
    ],
)
def test_what_lies_ahead_or_too_far_back_is_refused(day, fits) -> None:
    if fits:
        rules.check_day(day, TODAY, 31)
    else:
        with pytest.raises(DomainError):
            rules.check_day(day, TODAY, 31)


def test_days_to_contest_are_working_days() -> None:
    calendar = WorkCalendar(Week.FIVE_DAYS, published_years=frozenset({2026}))
    assert rules.contest_until(calendar, date(2026, 11, 19), 3) == date(2026, 11, 24)


def deduction(**changes) -> DeductionFacts:
    fields = {
        "id": 1, "person": 1, "day": TODAY, "rule_set": "hotline", "edition": 1, "code": "language",
        "rule_text": "x", "points": 10, "times": 1, "times_code": None, "total": 10, "set_aside": (),
        "evidence": "x", "booked_by": 2, "booked_at": AT, "contest_until": TODAY, "contest": None,
        "reversal": None,
    }  # fmt: skip
    return DeductionFacts(**(fields | changes))


def contest(upheld=None) -> ContestFacts:
    return ContestFacts(
        1, "不是我", AT, None if upheld is None else 3, None if upheld is None else AT, upheld, ""
    )


BACK = ReversalFacts(2, 3, AT, "录错")


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        (deduction(), Standing.COUNTS),
        (deduction(contest=contest()), Standing.CONTESTED),
        (deduction(contest=contest(upheld=True)), Standing.UPHELD),
        (deduction(contest=contest(upheld=False), reversal=BACK), Standing.REVERSED),
        (deduction(reversal=BACK), Standing.REVERSED),
    ],
)
def test_where_a_deduction_stands(facts, standing) -> None:
    assert facts.standing is standing
    assert facts.may_be_contested(TODAY) is (standing is Standing.COUNTS)
    assert not facts.may_be_contested(date(2026, 11, 21))


@pytest.mark.parametrize(
    ("facts", "actor", "today", "error"),
    [
        (deduction(), 2, TODAY, DomainError),
        (deduction(contest=contest()), 1, TODAY, ConflictError),
        (deduction(reversal=BACK), 1, TODAY, ConflictError),
        (deduction(), 1, date(2026, 11, 21), DomainError),
    ],
)
def test_who_may_not_contest(facts, actor, today, error) -> None:
    with pytest.raises(error):
        rules.check_contest(facts, actor, today)
    rules.check_contest(deduction(), 1, TODAY)


@given(actor=st.integers(1, 5), person=st.integers(1, 5), booker=st.integers(1, 5))
def test_neither_the_person_nor_the_booker_judges(actor, person, booker) -> None:
    facts = deduction(person=person, booked_by=booker)
    if actor in (person, booker):
        with pytest.raises(DomainError):
            rules.check_judge(facts, actor)
    else:
        rules.check_judge(facts, actor)


def test_only_what_counts_and_waits_for_nobody_is_reversed() -> None:
    rules.check_reversal(deduction())
    rules.check_reversal(deduction(contest=contest(upheld=True)))
    for wrong in (deduction(reversal=BACK), deduction(contest=contest())):
        with pytest.raises(ConflictError):
            rules.check_reversal(wrong)


def entry(kind, **changes) -> Entry:
    return Entry(**({"kind": kind, "day": TODAY, "text": "x", "evidence": "x"} | changes))


GRAVE = Severity.SERIOUS


@pytest.mark.parametrize(
    ("given_entry", "fits"),
    [
        (entry(Kind.COMPLAINT, severity=GRAVE, vip=True, major=True), True),
        (entry(Kind.COMPLAINT), False),
        (entry(Kind.AWARD), True),
        (entry(Kind.AWARD, severity=GRAVE), False),
        (entry(Kind.VIOLATION, major=True), False),
        (entry(Kind.VIOLATION, vip=True), False),
        (entry(Kind.CONFLICT, other=3), True),
        (entry(Kind.CONFLICT), False),
        (entry(Kind.COVER, other=3), True),
        (entry(Kind.PROPOSAL, other=3), False),
        (entry(Kind.CONFLICT, other=1), False),
        (entry(Kind.CONFLICT, other=9), False),
        (entry(Kind.SUGGESTION, day=date(2026, 11, 21)), False),
    ],
)
def test_what_belongs_to_which_register(given_entry, fits) -> None:
    if fits:
        rules.check_entry(given_entry, 9, 1, TODAY)
    else:
        with pytest.raises(DomainError):
            rules.check_entry(given_entry, 9, 1, TODAY)


def test_nobody_enters_or_withdraws_what_concerns_them() -> None:
    with pytest.raises(DomainError):
        rules.check_entry(entry(Kind.AWARD), 1, 1, TODAY)
    facts = RegisterFacts(1, 1, 3, Kind.CONFLICT, TODAY, "x", "x", None, False, False, 9, AT, None)
    for side in (1, 3):
        with pytest.raises(DomainError):
            rules.check_withdrawal(facts, side)
    rules.check_withdrawal(facts, 9)
    gone = RegisterFacts(
        1, 1, None, Kind.AWARD, TODAY, "x", "x", None, False, False, 9, AT, Withdrawal(2, 9, AT, "错")
    )
    with pytest.raises(ConflictError):
        rules.check_withdrawal(gone, 9)


# --- the file of opening sums

STAFF = {"K0001": "林晓雯", "K0002": "周子昂"}
HEAD = ("工号", "姓名", "月份", "条数", "分数")


def checked(*rows, head=HEAD, own=None) -> opening_file.Checked:
    return opening_file.check([head, *rows], STAFF, TODAY, own)


def test_months_are_read_however_they_are_written() -> None:
    written = ("2025-11", "2025/12", "2026年1月", "2026-02-01", "2026.3")
    found = checked(*(("K0001", "", month, "2", "25") for month in written))
    assert [row.month for row in found.rows] == [
        "2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01",
    ]  # fmt: skip
    assert not found.faults


def test_synonyms_of_the_head_are_known_and_the_name_may_be_missing() -> None:
    found = checked(("k0001", "2025-11", "0", "0"), head=("员工编号", "统计月份", "次数", "扣分合计"))
    assert found.rows[0].staff_no == "K0001"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("K9999", "", "2025-11", "1", "5"), "工号"),
        (("K0001", "周子昂", "2025-11", "1", "5"), "姓名"),
        (("K0001", "", "2025-13", "1", "5"), "月份"),
        (("K0001", "", "十一月", "1", "5"), "月份"),
        (("K0001", "", "2026-11", "1", "5"), "月份"),
        (("K0001", "", "2025-11", "", "5"), "条数"),
        (("K0001", "", "2025-11", "1", "5.5"), "分数"),
        (("K0001", "", "2025-11", "3", "2"), "分数"),
        (("K0001", "", "2025-11", "0", "2"), "分数"),
        (("K0002", "", "2025-11", "1", "5"), "工号"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_taken(row, column) -> None:
    found = checked(("K0001", "", "2025-10", "1", "5"), row, own="K0002")
    assert [(fault.row, fault.column) for fault in found.faults] == [(3, column)]
    assert found.rows == ()


def test_the_same_month_twice_a_missing_column_and_an_empty_file_are_faults() -> None:
    line = ("K0001", "", "2025-11", "1", "5")
    assert checked(line, line).faults[0].values == {"row": 2}
    assert checked(("K0001", "1"), head=("工号", "条数")).faults[0].column == "月份"
    assert checked().faults[0].message.startswith("表头下面")
    assert checked(line, head=("甲", "乙", "丙", "丁", "戊")).faults[0].row == 1


@pytest.mark.parametrize(
    ("kind", "label", "bare"),
    [
        ("award", "奖励：优秀客服", ("优秀客服", False)),
        ("complaint", "重大投诉：误发", ("误发", True)),
        ("complaint", "投诉：重大投诉：原话", ("重大投诉：原话", False)),
        ("award", "优秀客服", ("优秀客服", False)),
    ],
)
def test_an_entry_is_listed_without_the_word_of_its_register(kind, label, bare) -> None:
    assert bare_label(kind, label) == bare
