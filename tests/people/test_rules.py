"""Rules about persons, pure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import DomainError
from cstrain.people import rules
from cstrain.people.facts import Level, Status
from cstrain.people.rules import DatedState, State

DAY = date(2026, 11, 20)


def state(**change):
    base = {"status": Status.PROBATION, "level": None, "track": None, "department_id": 1, "post": "客服"}
    return State(**{**base, **change})


@pytest.mark.parametrize(
    ("typed", "kept"), [("k0312", "K0312"), (" Ｋ０３１２ ", "K0312"), ("a-1.b_2", "A-1.B_2")]
)
def test_a_staff_number_has_one_spelling(typed, kept):
    assert rules.normal_staff_no(typed) == kept


@pytest.mark.parametrize("typed", ["", "  ", "工号1", "a b", "=1+1", "x" * 33, "-5", "../1"])
def test_other_staff_numbers_are_refused(typed):
    with pytest.raises(DomainError):
        rules.normal_staff_no(typed)


def test_names_keep_every_script_and_lose_control_characters():
    assert rules.normal_name(" 阿依古丽·买买提\u200b ") == "阿依古丽·买买提"
    for name in (
        "\ue863慧",
        "\U0002ebf0明",
        "జ్ఞ\u200cా",
        "👩\u200d👦",
    ):  # private, newer than Python knows, joined
        assert rules.normal_name(name) == name
    assert rules.normal_name("张\u3000\u202e三\u2028") == "张三"
    with pytest.raises(DomainError):
        rules.normal_name(" \u0000 ")


def test_phones_may_carry_a_country_code_and_mails_must_be_whole():
    assert rules.normal_phone("＋86 138 0000 0000") == "+86 138 0000 0000"
    assert rules.normal_phone(" ") is None
    assert rules.normal_email("li.na@mail.example.com") == "li.na@mail.example.com"
    for wrong in ("li@", "li na@example.com", "li@example", "a@b.c\r\nBcc: x@y.z"):
        with pytest.raises(DomainError):
            rules.normal_email(wrong)


def test_pinyin_and_initials_are_for_searching():
    assert rules.pinyin_of("林晓雯") == ("linxiaowen", "lxw")
    assert rules.pinyin_of("欧阳") == ("ouyang", "oy")


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (Status.PROBATION, Status.CONVERTED, True),
        (Status.PROBATION, Status.LEFT, True),
        (Status.CONVERTED, Status.LEFT, True),
        (Status.CONVERTED, Status.PROBATION, False),
        (Status.LEFT, Status.PROBATION, False),
        (Status.LEFT, Status.CONVERTED, True),
    ],
)
def test_nobody_goes_back_to_probation(before, after, allowed):
    if allowed:
        rules.check_transition(before, after)
    else:
        with pytest.raises(DomainError, match="只能有一次试用期"):
            rules.check_transition(before, after)


def test_a_transfer_today_survives_a_conversion_recorded_for_tomorrow():
    history = [
        DatedState(DAY - timedelta(days=30), state()),
        DatedState(DAY + timedelta(days=1), state(status=Status.CONVERTED, level=Level.JUNIOR)),
    ]
    added = rules.ripple(history, DAY, {"department_id": 2})
    assert added == [
        DatedState(DAY, state(department_id=2)),
        DatedState(
            DAY + timedelta(days=1), state(status=Status.CONVERTED, level=Level.JUNIOR, department_id=2)
        ),
    ]


def test_a_later_change_of_the_same_thing_stays():
    history = [
        DatedState(DAY - timedelta(days=30), state()),
        DatedState(DAY + timedelta(days=5), state(department_id=3)),
        DatedState(DAY + timedelta(days=9), state(department_id=3, level=Level.JUNIOR)),
    ]
    added = rules.ripple(history, DAY, {"department_id": 2})
    assert added == [DatedState(DAY, state(department_id=2))]


def test_before_the_first_state_nothing_can_change():
    with pytest.raises(LookupError):
        rules.ripple([DatedState(DAY, state())], DAY - timedelta(days=1), {"post": "组长"})


changes = st.tuples(
    st.integers(0, 20),
    st.dictionaries(st.sampled_from(["department_id", "post"]), st.integers(1, 4), min_size=1),
)


@given(st.lists(changes, max_size=6))
def test_each_day_shows_the_last_recorded_word_on_each_thing(recorded):
    """Compare with a plain model: for each thing, the latest day not after the one asked for; on one day the
    last recorded."""
    start = DAY - timedelta(days=1)
    rows = [DatedState(start, state(post="0"))]
    plain = {"department_id": {start: 1}, "post": {start: "0"}}
    for offset, change in recorded:
        on = DAY + timedelta(days=offset)
        change = {key: str(value) if key == "post" else value for key, value in change.items()}
        standing = {row.effective_from: row for row in rows}
        history = [standing[day] for day in sorted(standing)]
        unchanged_later = all(on >= day for key in change for day in plain[key])
        if not unchanged_later:
            continue
        rows += rules.ripple(history, on, change)
        for key, value in change.items():
            plain[key][on] = value
    standing = {row.effective_from: row.state for row in rows}
    for offset in range(25):
        day = DAY + timedelta(days=offset)
        shown = standing[max(one for one in standing if one <= day)]
        for key, words in plain.items():
            assert getattr(shown, key) == words[max(one for one in words if one <= day)]


@pytest.mark.parametrize(
    ("role", "department", "held", "says"),
    [
        ("employee", None, [], "不是可以授予"),
        ("boss", None, [], "不是可以授予"),
        ("supervisor", None, [], "负责哪个部门"),
        ("auditor", None, ["hr"], "不能与"),
        ("mentor", None, ["auditor"], "不能与"),
    ],
)
def test_roles_that_cannot_be_granted(role, department, held, says):
    with pytest.raises(DomainError, match=says):
        rules.check_role(role, department, held)


def test_an_ordinary_role_is_granted_beside_others():
    rules.check_role("mentor", None, ["trainer", "employee"])
    rules.check_role("supervisor", 3, ["mentor"])


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 1, 5), date(2029, 1, 4), 36),
        (date(2026, 1, 5), date(2029, 1, 3), 35),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 1), date(2026, 3, 31), 3),
        (date(2026, 1, 1), date(2026, 1, 30), 0),
        (date(2026, 1, 1), None, None),
    ],
)
def test_a_contract_term_counts_whole_months_with_its_last_day(first, last, months):
    assert rules.term_months(first, last) == months


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(1, 120))
def test_a_term_of_n_months_has_n_months(first, months):
    assert rules.term_months(first, add_months(first, months) - timedelta(days=1)) == months


def test_contract_dates_that_contradict_each_other_are_refused():
    with pytest.raises(DomainError, match="早于开始日"):
        rules.check_contract(DAY, DAY - timedelta(days=1), None, fixed=True)
    with pytest.raises(DomainError, match="不在合同期内"):
        rules.check_contract(DAY, DAY + timedelta(days=30), DAY + timedelta(days=31), fixed=True)
    rules.check_contract(DAY, None, DAY + timedelta(days=90), fixed=False)


def test_a_span_has_both_ends_and_a_limit():
    rules.check_span(DAY, DAY, 1)
    with pytest.raises(DomainError):
        rules.check_span(DAY, DAY - timedelta(days=1), 10)
    with pytest.raises(DomainError):
        rules.check_span(DAY, DAY + timedelta(days=10), 10)
    assert len(rules.month_days(date(2028, 2, 17))) == 29
