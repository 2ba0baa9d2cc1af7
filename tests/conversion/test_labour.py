"""Labour law as tables: every refusal names its article."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import DomainError, ForbiddenError
from cstrain.onboarding.conversion.facts import Consent
from cstrain.onboarding.conversion.policy import LabourLaw
from cstrain.onboarding.conversion.rules import elimination, labour
from cstrain.people.facts import ContractFacts, ContractKind, Status
from cstrain.people.rules import term_months
from cstrain.policies.loader import load

LAW = load(LabourLaw, "labour_law.yaml")
START = date(2026, 3, 1)
FIXED = ContractKind.FIXED_TERM


def contract(months=36, kind=FIXED, probation_end=None, start=START):
    ends = None if months is None else add_months(start, months) - timedelta(days=1)
    return ContractFacts(kind, start, ends, probation_end, term_months(start, ends))


@pytest.mark.parametrize(
    ("kind", "months", "longest"),
    [
        (FIXED, 1, None),
        (FIXED, 2, None),
        (FIXED, 3, date(2026, 3, 31)),
        (FIXED, 11, date(2026, 3, 31)),
        (FIXED, 12, date(2026, 4, 30)),
        (FIXED, 35, date(2026, 4, 30)),
        (FIXED, 36, date(2026, 8, 31)),
        (FIXED, 60, date(2026, 8, 31)),
        (ContractKind.OPEN_ENDED, None, date(2026, 8, 31)),
        (ContractKind.TASK_BASED, None, None),
        (ContractKind.TASK_BASED, 24, None),
        (ContractKind.PART_TIME, None, None),
        (ContractKind.PART_TIME, 36, None),
    ],
)
def test_the_longest_probation_by_kind_and_term(kind, months, longest):
    assert labour.latest_end(LAW, contract(months, kind)) == longest


@pytest.mark.parametrize(
    ("kind", "months", "end", "clause"),
    [
        (FIXED, 2, date(2026, 3, 10), "第十九条第三款"),
        (ContractKind.TASK_BASED, None, date(2026, 3, 10), "第十九条第三款"),
        (ContractKind.PART_TIME, None, date(2026, 3, 10), "第七十条"),
        (FIXED, 6, date(2026, 4, 1), "第十九条第一款"),
        (FIXED, 24, date(2026, 5, 1), "第十九条第一款"),
        (FIXED, 36, date(2026, 9, 1), "第十九条第一款"),
    ],
)
def test_a_probation_beyond_the_law_is_refused_with_its_article(kind, months, end, clause):
    with pytest.raises(DomainError) as error:
        labour.check_probation(LAW, contract(months, kind, end))
    assert error.value.values["clause"] == clause


@pytest.mark.parametrize(
    ("months", "end"), [(6, date(2026, 3, 31)), (24, date(2026, 4, 30)), (36, date(2026, 8, 31))]
)
def test_the_last_lawful_day_is_allowed(months, end):
    labour.check_probation(LAW, contract(months, probation_end=end))


def test_a_contract_without_probation_is_allowed_everywhere():
    for kind in ContractKind:
        labour.check_probation(LAW, contract(24, kind))


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(3, 120))
def test_a_lawful_probation_never_passes_its_months_nor_the_contract(start, months):
    facts = contract(months, start=start)
    end = labour.latest_end(LAW, facts)
    allowed = 1 if months < 12 else 2 if months < 36 else 6
    assert end is not None
    assert start <= end < add_months(start, allowed)
    assert facts.ends_on is not None
    assert end <= facts.ends_on


@pytest.mark.parametrize(
    ("start", "refused"),
    [(START, False), (date(2026, 3, 5), False), (date(2026, 4, 30), False), (date(2027, 1, 4), True)],
)
def test_one_probation_per_person_and_employer(start, refused):
    earlier = contract(36, probation_end=date(2026, 4, 30))
    new = contract(36, probation_end=start + timedelta(days=30), start=start)
    if refused:
        with pytest.raises(DomainError, match="第十九条第二款"):
            labour.check_one_probation(LAW, new, [earlier])
    else:
        labour.check_one_probation(LAW, new, [earlier])
    labour.check_one_probation(LAW, contract(36, start=start), [earlier])
    labour.check_one_probation(LAW, new, [contract(36)])


END = date(2026, 4, 30)
HELD = contract(36, probation_end=END)
TODAY = date(2026, 4, 20)


def consent(until, on=date(2026, 4, 19)):
    return Consent(until, on, "纸质同意书", 1, None)


@pytest.mark.parametrize(
    ("until", "given", "today", "words"),
    [
        (date(2026, 6, 30), None, TODAY, "书面记录"),
        (date(2026, 6, 30), consent(date(2026, 6, 29)), TODAY, "书面记录"),
        (date(2026, 6, 30), consent(date(2026, 6, 30), END), END, "不早于试用期截止日"),
        (date(2026, 6, 30), consent(date(2026, 6, 30), END + timedelta(days=1)), END, "还没有到"),
        (date(2026, 9, 1), consent(date(2026, 9, 1)), TODAY, "超过了法定上限"),
        (END, consent(END), TODAY, "不晚于现在"),
        (date(2026, 6, 30), consent(date(2026, 6, 30)), END + timedelta(days=1), "视为转正"),
    ],
)
def test_an_extension_needs_timely_consent_and_stays_inside_the_law(until, given, today, words):
    with pytest.raises(DomainError, match=words):
        labour.check_extension(LAW, HELD, until, given, today)


def test_a_consented_extension_inside_the_law_is_allowed():
    labour.check_extension(LAW, HELD, date(2026, 8, 31), consent(date(2026, 8, 31)), TODAY)


def test_an_agreed_end_must_be_on_record():
    with pytest.raises(DomainError, match="试用期截止日"):
        labour.agreed_end(None)
    with pytest.raises(DomainError, match="试用期截止日"):
        labour.agreed_end(contract(36))


@pytest.mark.parametrize(("today", "lapsed"), [(END, None), (END + timedelta(days=1), date(2026, 5, 1))])
def test_a_probation_lapses_on_the_day_after_its_end(today, lapsed):
    assert labour.lapsed_on(HELD, today) == lapsed
    assert labour.lapsed_on(None, today) is None


FULL = elimination.EliminationInput(
    "第3天快捷短语考核达到80分", date(2026, 3, 1), "考核表", "无工会", "快捷短语考核61.0分，未达到80分", TODAY
)


@pytest.mark.parametrize(
    "gap", ["condition", "acknowledged_on", "evidence", "union_notice", "reasons", "last_day"]
)
def test_an_elimination_lacks_nothing_the_law_asks_for(gap):
    blank = None if gap in {"acknowledged_on", "last_day"} else "  "
    values = {field: getattr(FULL, field) for field in FULL.__slots__} | {gap: blank}
    with pytest.raises(DomainError) as error:
        elimination.check_entry(LAW, elimination.EliminationInput(**values), START, TODAY)
    assert "第三十九条第一项" in str(error.value)
    assert str(error.value.values["gaps"])


def test_a_full_elimination_within_probation_is_allowed_and_after_it_refused():
    elimination.check_entry(LAW, FULL, START, TODAY)
    elimination.check_within(LAW, Status.PROBATION, END, END)
    with pytest.raises(DomainError, match="视为转正"):
        elimination.check_within(LAW, Status.PROBATION, END, END + timedelta(days=1))
    with pytest.raises(DomainError):
        elimination.check_within(LAW, Status.CONVERTED, END, TODAY)


def test_an_elimination_is_decided_by_a_second_person_and_never_by_oneself():
    elimination.check_second_person(1, 2, 3)
    with pytest.raises(ForbiddenError):
        elimination.check_second_person(1, 1, 3)
    with pytest.raises(ForbiddenError):
        elimination.check_second_person(1, 3, 3)
