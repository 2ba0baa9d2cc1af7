"""Outcomes and their dates, pure."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.kernel.calendar import Week, WorkCalendar, add_months
from cstrain.onboarding.conversion.facts import Outcome, Situation, Taken
from cstrain.onboarding.conversion.rules import outcome as rules
from cstrain.people.facts import WorkPlan

PAPERS = ("product", "rules", "oa")
HIRED, EXAM, END = date(2026, 10, 26), date(2026, 11, 19), date(2026, 12, 25)
RESIT = date(2026, 11, 21)


def taken(ref, raw, on=EXAM, *, resit=False, number=1):
    return Taken(ref, number, ref, Decimal(raw), Decimal(80), on, on, resit)


def situation(*attempts, papers=PAPERS, end=END, latest=date(2027, 4, 25), extended=None):
    return Situation(papers, HIRED, end, latest, attempts, extended)


def test_all_three_passed_converts_on_the_day_after_the_exam_whenever_signatures_come():
    found = rules.propose(situation(*(taken(ref, 80) for ref in PAPERS)))
    assert (found.outcome, found.effective_on) == (Outcome.NEXT_DAY, EXAM + timedelta(days=1))


def test_a_mark_just_below_the_line_is_not_rounded_into_a_pass():
    found = rules.propose(situation(taken("product", 90), taken("rules", 90), taken("oa", "79.999")))
    assert found.outcome is Outcome.TRAIN_AND_RESIT
    assert found.failed == ("oa",)
    assert "79.9" in found.says


def test_nothing_is_proposed_while_a_paper_has_no_result():
    found = rules.propose(situation(taken("product", 90), taken("oa", 10)))
    assert (found.outcome, found.waiting, found.failed) == (None, ("rules",), ("oa",))


@pytest.mark.parametrize(
    ("resit_on", "effective"),
    [
        (RESIT, date(2026, 11, 26)),  # hired 26 October: one month later
        (date(2026, 11, 25), date(2026, 11, 26)),
        (date(2026, 11, 26), date(2026, 11, 27)),  # the day after the resit is later
        (END, END),  # never after the agreed end
    ],
)
def test_a_passed_resit_converts_after_one_month_or_the_day_after(resit_on, effective):
    found = rules.propose(
        situation(
            taken("product", 90), taken("rules", 90), taken("oa", 50), taken("oa", 80, resit_on, resit=True)
        )
    )
    assert (found.outcome, found.effective_on) == (Outcome.AFTER_MONTH, effective)


def test_hired_on_the_31st_one_month_ends_with_the_month():
    assert rules.effective_after_month(date(2026, 1, 31), date(2026, 2, 20), date(2026, 7, 30)) == date(
        2026, 2, 28
    )


def test_a_failed_resit_proposes_an_extension_inside_the_law_else_elimination():
    attempts = (taken("product", 90), taken("rules", 90), taken("oa", 50), taken("oa", 60, RESIT, resit=True))
    extend = rules.propose(situation(*attempts))
    assert (extend.outcome, extend.until) == (Outcome.EXTEND, date(2027, 4, 25))
    assert rules.propose(situation(*attempts, latest=END)).outcome is Outcome.ELIMINATE
    assert rules.propose(situation(*attempts, latest=None)).outcome is Outcome.ELIMINATE


def test_two_failed_papers_wait_for_both_resits():
    attempts = (
        taken("product", 90),
        taken("rules", 40),
        taken("oa", 50),
        taken("oa", 85, RESIT, resit=True),
    )
    found = rules.propose(situation(*attempts))
    assert (found.outcome, found.failed) == (Outcome.TRAIN_AND_RESIT, ("rules",))


def test_an_extension_allows_one_more_resit_and_no_second_extension():
    attempts = (taken("product", 90), taken("rules", 90), taken("oa", 50), taken("oa", 60, RESIT, resit=True))
    extended = RESIT + timedelta(days=5)
    waiting = rules.propose(situation(*attempts, extended=extended))
    assert waiting.outcome is Outcome.TRAIN_AND_RESIT
    again = (*attempts, taken("oa", 70, extended + timedelta(days=9), resit=True))
    assert rules.propose(situation(*again, extended=extended)).outcome is Outcome.ELIMINATE
    passed = (*attempts, taken("oa", 80, extended + timedelta(days=9), resit=True))
    assert rules.propose(situation(*passed, extended=extended)).outcome is Outcome.AFTER_MONTH


def test_an_appeal_that_turns_the_first_attempt_into_a_pass_makes_the_failed_resit_moot():
    attempts = (taken("product", 90), taken("rules", 90), taken("oa", 80), taken("oa", 60, RESIT, resit=True))
    found = rules.propose(situation(*attempts))
    assert (found.outcome, found.effective_on) == (Outcome.NEXT_DAY, EXAM + timedelta(days=1))


def test_a_programme_without_papers_proposes_nothing():
    assert rules.propose(situation(papers=())).outcome is None


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        (date(2026, 11, 19), date(2026, 11, 21)),  # Thursday -> Saturday on a six-day week
        (date(2026, 11, 20), date(2026, 11, 23)),  # Friday -> Saturday, Monday
        (date(2026, 11, 21), date(2026, 11, 24)),
        (date(2026, 11, 22), date(2026, 11, 24)),  # released on a Sunday
    ],
)
def test_the_resit_is_on_the_second_rostered_day_after_the_release(released, expected):
    plan = WorkPlan(WorkCalendar(Week.SIX_DAYS))
    assert rules.resit_day(released, plan.is_rostered) == expected


def test_leave_and_roster_move_the_resit():
    plan = WorkPlan(WorkCalendar(Week.SIX_DAYS), frozenset({date(2026, 11, 20)}), {date(2026, 11, 22): True})
    assert rules.resit_day(date(2026, 11, 19), plan.is_rostered) == date(2026, 11, 22)


def test_a_roster_without_days_is_an_error_not_an_endless_search():
    with pytest.raises(LookupError):
        rules.resit_day(EXAM, lambda day: False)


days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(days, st.integers(1, 200), st.integers(0, 200))
def test_a_conversion_never_passes_the_agreed_end_and_never_precedes_the_exam(hired, until_exam, left):
    exam = hired + timedelta(days=until_exam)
    end = exam + timedelta(days=left)
    found = rules.effective_next_day(exam, end)
    assert exam <= found <= end
    assert found == exam + timedelta(days=1) or left == 0


@given(days, st.integers(1, 200), st.integers(0, 200), st.integers(0, 200))
def test_after_one_month_is_the_later_day_clamped_to_the_agreed_end(hired, until_exam, until_resit, left):
    resit = hired + timedelta(days=until_exam + until_resit)
    end = resit + timedelta(days=left)
    found = rules.effective_after_month(hired, resit, end)
    assert resit <= found <= end
    month = add_months(hired, 1)
    if found < end:
        assert found >= month
        assert found > resit
        assert found in (month, resit + timedelta(days=1))


@given(
    st.lists(st.tuples(st.sampled_from(PAPERS), st.decimals(0, 100, places=3), st.booleans()), max_size=9),
    st.integers(0, 60),
    st.booleans(),
)
def test_whatever_the_results_the_proposal_fits_them(attempts, left, lawful):
    end = EXAM + timedelta(days=10 + left)
    released = tuple(
        taken(ref, raw, EXAM + timedelta(days=index), resit=resit)
        for index, (ref, raw, resit) in enumerate(attempts)
    )
    found = rules.propose(situation(*released, end=end, latest=end + timedelta(days=30) if lawful else end))
    passed = {one.paper_ref for one in released if one.raw >= 80}
    seen = {one.paper_ref for one in released}
    converting = found.outcome in (Outcome.NEXT_DAY, Outcome.AFTER_MONTH)
    assert converting == (passed == set(PAPERS))
    assert set(found.waiting) == set(PAPERS) - seen
    if converting:
        assert found.effective_on is not None
        assert found.effective_on <= end
        assert found.effective_on >= min(EXAM, end)
    if found.outcome is Outcome.EXTEND:
        assert lawful
    assert set(found.failed).isdisjoint(passed)
