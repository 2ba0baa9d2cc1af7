"""Validity, exemption and re-sits by tables, to the day; codes of certificates; a limit on look-ups."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.exams.service.papers import shipped_papers
from cstrain.grading.credentials import codes, rules
from cstrain.grading.credentials.facts import Basis, Standing
from cstrain.grading.credentials.limiter import Limiter
from cstrain.grading.credentials.policy import CredentialRules, ExemptionPolicy, PaperCredential
from cstrain.grading.credentials.rules import LAPSED_STEP, Marking, TooSoon
from cstrain.kernel.calendar import add_months
from cstrain.kernel.finding import State
from cstrain.policies.loader import load

CHAPTER = load(CredentialRules, "credentials.yaml")
GAP = CHAPTER.of("gap-machine").exemption
DAY = timedelta(days=1)
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
MET, NOT, UNKNOWN = State.MET, State.NOT_MET, State.UNKNOWN


def basis(mark: str = "85", day: date = date(2026, 9, 1), *, former: bool | None = True, settled=True, ref=1):
    return Basis("outside", ref, Decimal(mark), day, "谷歌客服一部", former, settled)


# the shipped chapter


def test_gap_is_exempted_above_eighty_within_six_months_and_soso_never() -> None:
    assert ExemptionPolicy(above=Decimal(80), months=6, counts_months=6) == GAP
    assert CHAPTER.of("soso-upgrade").exemption is None
    assert CHAPTER.of("a-paper-nobody-names") == PaperCredential()


def test_every_paper_the_chapter_names_is_shipped() -> None:
    shipped = {spec.ref: spec for spec in shipped_papers()}
    assert set(CHAPTER.papers) <= set(shipped)
    assert {paper for award in CHAPTER.awards.values() for paper in award.papers} <= set(CHAPTER.papers)
    assert CHAPTER.awards["search-promotion"].papers == ("soso-upgrade", "gap-machine")


def test_an_award_for_a_paper_nobody_names_is_a_fault() -> None:
    fields = CHAPTER.model_dump() | {
        "awards": {"x": {"title": "x", "words": "x", "papers": ["no-such-paper"]}}
    }
    with pytest.raises(ValueError, match="no-such-paper"):
        CredentialRules.model_validate(fields)


# reminders


@pytest.mark.parametrize(
    ("until", "step"),
    [
        (date(2026, 12, 21), None), (date(2026, 12, 20), 30), (date(2026, 11, 28), 30),
        (date(2026, 11, 27), 7), (date(2026, 11, 20), 7), (date(2026, 11, 19), LAPSED_STEP),
        (date(2026, 10, 21), LAPSED_STEP), (date(2026, 10, 20), None),
    ],
)  # fmt: skip
def test_a_reminder_is_due_by_the_nearest_step_and_once_after_the_last_day(until, step) -> None:
    assert rules.reminder_step(CHAPTER.reminders, AT.date(), until) == step


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(1, 36), st.integers(-40, 40))
def test_every_pass_a_reminder_is_due_of_lies_in_the_days_that_are_looked_at(exam_on, months, off) -> None:
    until = add_months(exam_on, months)
    today = until + timedelta(days=off)
    first, last = rules.exam_days_to_remind(CHAPTER.reminders, today, months)
    if rules.reminder_step(CHAPTER.reminders, today, until) is not None:
        assert first <= exam_on <= last


# exemption


@pytest.mark.parametrize(
    ("applied", "first"),
    [
        (date(2026, 8, 31), date(2026, 2, 28)),  # no leap year
        (date(2024, 8, 31), date(2024, 2, 29)),  # a leap year
        (date(2024, 8, 29), date(2024, 2, 29)),
        (date(2026, 8, 29), date(2026, 2, 28)),
        (date(2026, 8, 28), date(2026, 2, 28)),
        (date(2026, 10, 31), date(2026, 4, 30)),
        (date(2026, 12, 31), date(2026, 6, 30)),
        (date(2026, 2, 28), date(2025, 8, 28)),
        (date(2024, 2, 29), date(2023, 8, 29)),
        (date(2026, 5, 31), date(2025, 11, 30)),
        (date(2026, 1, 1), date(2025, 7, 1)),
        (date(2026, 6, 30), date(2025, 12, 30)),
        (date(2100, 8, 31), date(2100, 2, 28)),  # 2100 is no leap year
    ],
)
def test_half_a_year_back_is_six_calendar_months_clamped_to_the_months_end(applied, first) -> None:
    assert rules.earliest_exam_day(applied, 6) == first
    for day, state in (
        (first - DAY, NOT),
        (first, MET),
        (first + DAY, MET),
        (applied, MET),
        (applied + DAY, NOT),
    ):
        assert rules.judge_exemption(GAP, applied, [basis(day=day)]).state is state, day


@pytest.mark.parametrize(
    ("mark", "state"),
    [
        ("79.999", NOT),
        ("80", NOT),
        ("80.0", NOT),
        ("80.000", NOT),
        ("80.001", MET),
        ("80.1", MET),
        ("100", MET),
    ],
)
def test_eighty_itself_is_not_above_eighty(mark, state) -> None:
    assert rules.judge_exemption(GAP, date(2026, 11, 20), [basis(mark)]).state is state


def test_a_paper_without_exemption_is_never_exempted_whatever_the_result() -> None:
    found = rules.judge_exemption(None, date(2026, 11, 20), [basis("100", date(2026, 11, 19))])
    assert (found.state, found.checks[0].kind, found.basis) == (NOT, "paper", None)


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (basis(former=False), NOT),
        (basis(former=None), UNKNOWN),
        (basis(settled=False), UNKNOWN),
        (basis("70", settled=False), NOT),
        (basis("70", former=None), NOT),
    ],
)
def test_a_missing_fact_is_unknown_and_only_a_known_one_says_no(one, state) -> None:
    assert rules.judge_exemption(GAP, date(2026, 11, 20), [one]).state is state


def test_without_any_result_nothing_is_known() -> None:
    found = rules.judge_exemption(GAP, date(2026, 11, 20), [])
    assert found.state is UNKNOWN and found.basis is None
    assert {check.state for check in found.checks} == {UNKNOWN}
    assert (found.first_day, found.last_day) == (date(2026, 5, 20), date(2026, 11, 20))


def test_of_several_results_the_one_that_speaks_most_for_the_person_counts() -> None:
    bad, unsure, good = basis("60", ref=1), basis(settled=False, ref=2), basis("81", date(2026, 6, 1), ref=3)
    newer = basis("90", date(2026, 10, 1), ref=4)

    def chosen(*results: Basis) -> int:
        return rules.judge_exemption(GAP, date(2026, 11, 20), results).basis.ref

    assert chosen(bad, unsure) == 2 and chosen(good, unsure, bad) == 3 and chosen(newer, good, bad) == 4


def test_an_exemption_counts_for_sittings_up_to_half_a_year_after_the_application() -> None:
    assert rules.exempt_until(date(2026, 8, 31), GAP) == date(2027, 2, 28)


# validity


@pytest.mark.parametrize(
    ("exam_on", "months", "until"),
    [
        (date(2026, 11, 20), 24, date(2028, 11, 20)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 1, 1), None, None),
    ],
)
def test_validity_ends_the_same_day_so_many_months_later(exam_on, months, until) -> None:
    assert rules.valid_until(exam_on, months) == until


def test_a_credential_lapses_after_its_last_day_and_revoked_goes_before_lapsed() -> None:
    last = date(2028, 11, 20)
    assert rules.standing(last, last, stands=True) is Standing.VALID
    assert rules.standing(last + DAY, last, stands=True) is Standing.LAPSED
    assert rules.standing(last + DAY, last, stands=False) is Standing.REVOKED
    assert rules.standing(date(2099, 1, 1), None, stands=True) is Standing.VALID


def markings(*marks: str) -> list[Marking]:
    return [Marking(Decimal(mark), AT + number * DAY) for number, mark in enumerate(marks)]


@pytest.mark.parametrize(
    ("marks", "released_day", "was"),
    [
        (["85"], 0, True),
        (["79.999"], 0, False),
        (["85", "70"], 0, True),  # shown as a pass for a day
        (["85", "70"], 1, False),  # corrected before anybody saw it
        (["85", "70"], 2, False),
        (["70", "85", "60"], 0, True),
        (["70", "60"], 0, False),
    ],
)
def test_a_pass_was_one_only_if_the_candidate_was_shown_it(marks, released_day, was) -> None:
    assert rules.was_pass(markings(*marks), AT + released_day * DAY, Decimal(80)) is was


# sitting again

NEXT_PAUSE, NEXT_YEAR = date(2026, 11, 29), date(2027, 2, 1)
TWICE = PaperCredential(resit_after_days=14, most_attempts_a_year=2)


@pytest.mark.parametrize(
    ("days", "on", "says"),
    [
        ([], date(2026, 11, 20), None),
        ([date(2026, 11, 6)], date(2026, 11, 19), TooSoon("pause", 14, date(2026, 11, 20))),
        ([date(2026, 11, 6)], date(2026, 11, 20), None),
        ([date(2026, 11, 6)], date(2026, 11, 6), TooSoon("pause", 14, date(2026, 11, 20))),
        ([date(2026, 12, 6)], date(2026, 11, 20), None),  # a later one does not count backwards
        ([date(2025, 11, 20), date(2026, 3, 1)], date(2026, 11, 19), TooSoon("year", 2, date(2026, 11, 20))),
        ([date(2025, 11, 20), date(2026, 3, 1)], date(2026, 11, 20), None),
        ([date(2024, 2, 29), date(2024, 3, 1)], date(2025, 2, 27), TooSoon("year", 2, date(2025, 2, 28))),
        ([date(2024, 2, 29), date(2024, 3, 1)], date(2025, 2, 28), None),
        ([date(2026, 1, 5), date(2026, 11, 15)], date(2026, 11, 20), TooSoon("year", 2, date(2027, 1, 5))),
        ([date(2025, 11, 25), date(2026, 11, 15)], date(2026, 11, 20), TooSoon("year", 2, NEXT_PAUSE)),
        ([date(2026, month, 1) for month in (1, 2, 3)], date(2026, 6, 1), TooSoon("year", 3, NEXT_YEAR)),
    ],
)  # fmt: skip
def test_again_after_a_pause_and_so_often_in_twelve_months(days, on, says) -> None:
    assert rules.too_soon(TWICE, days, on) == says


@given(
    st.lists(st.dates(date(2023, 1, 1), date(2027, 12, 31)), max_size=8),
    st.dates(date(2023, 1, 1), date(2027, 12, 31)),
    st.integers(0, 90),
    st.none() | st.integers(1, 4),
)
def test_the_first_day_said_is_the_first_day_allowed(days, on, pause, most) -> None:
    policy = PaperCredential(resit_after_days=pause, most_attempts_a_year=most)
    found = rules.too_soon(policy, days, on)
    if found is None:
        return
    assert found.first_day > on
    before = [day for day in days if day <= on]  # nothing more is sat until then
    assert rules.too_soon(policy, before, found.first_day) is None
    assert rules.too_soon(policy, before, found.first_day - DAY) is not None


def test_without_rules_one_may_sit_it_every_day() -> None:
    assert rules.too_soon(PaperCredential(), [date(2026, 11, 20)] * 5, date(2026, 11, 20)) is None


# names and codes


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张小明", "张*明"), ("张明", "张*"), ("欧阳晓雯", "欧**雯"), ("张", "*"), ("", "*"), (" 张明 ", "张*"),
     ("阿依古丽·买买提", "阿***提"), ("Anna Smith", "A***h")],
)  # fmt: skip
def test_the_middle_of_a_name_is_hidden(name, shown) -> None:
    assert rules.masked(name) == shown


def random_code(seed: int) -> str:
    return codes.make_code(random.Random(seed).getrandbits(codes.BITS))


def test_a_code_has_sixteen_signs_without_look_alikes() -> None:
    assert not set("ILOU") & set(codes.ALPHABET) and len(set(codes.ALPHABET)) == 32
    made = {random_code(seed) for seed in range(500)}
    assert len(made) == 500 and {len(code) for code in made} == {16}
    assert codes.BITS >= 75


@given(st.integers(0, 2**codes.BITS - 1), st.integers(0, 15), st.integers(1, 31))
def test_any_one_wrong_sign_is_noticed(bits, place, by) -> None:
    code = codes.make_code(bits)
    assert codes.read_code(code) == code
    other = codes.ALPHABET[(codes.ALPHABET.index(code[place]) + by) % 32]
    assert codes.read_code(code[:place] + other + code[place + 1 :]) is None


@given(st.integers(0, 2**codes.BITS - 1), st.integers(0, 15), st.integers(0, 15))
def test_any_two_exchanged_signs_are_noticed(bits, one, two) -> None:
    signs = list(codes.make_code(bits))
    same = signs[one] == signs[two]
    signs[one], signs[two] = signs[two], signs[one]
    assert (codes.read_code("".join(signs)) is not None) is same


def test_a_code_is_read_however_it_is_written() -> None:
    code = random_code(7)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    alike = code.replace("0", "o").replace("1", "l")
    for typed in (
        codes.spaced(code),
        code.lower(),
        f" {code[:8]} {code[8:]} ",
        wide,
        alike,
        code.replace("1", "I"),
    ):
        assert codes.read_code(typed) == code, typed
    for typed in ("", "x", code[:15], code + "0", "U" * 16, "证" * 16, "0" * 10_000, code[:-1] + "U"):
        assert codes.read_code(typed) is None, typed


# looking up


def test_an_address_may_look_up_so_often_in_a_window_and_again_when_it_has_passed() -> None:
    limiter, minute = Limiter(), timedelta(minutes=1)
    assert [limiter.allows("a", AT, 3, 10 * minute) for _ in range(5)] == [True, True, True, False, False]
    assert limiter.allows("b", AT, 3, 10 * minute)
    assert not limiter.allows("a", AT + 9 * minute, 3, 10 * minute)
    assert limiter.allows("a", AT + 10 * minute, 3, 10 * minute)


def test_the_memory_of_addresses_is_bounded() -> None:
    limiter = Limiter()
    for number in range(10_050):
        limiter.allows(str(number), AT, 1, DAY)
    assert len(limiter._seen) == 10_000
    assert not limiter.allows("10049", AT, 1, DAY) and limiter.allows("0", AT, 1, DAY)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_going_back_and_forth_by_months_never_gains_a_day(day, months) -> None:
    assert add_months(add_months(day, -months), months) <= day
