"""The earliest day is the first on which the engine says met when time is moved forward."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstrain.judgement.assess import assess
from cstrain.judgement.earliest import at, earliest
from cstrain.judgement.facts import (
    Comparison,
    Dossier,
    MonthRecord,
    PeerMonth,
    RegisterRecord,
    Standing,
    Violation,
)
from cstrain.judgement.ladder import Step
from cstrain.judgement.windows import back
from cstrain.kernel.finding import State
from cstrain.policies.yaml_source import parse, validate

ON, LAST = date(2026, 11, 23), date(2026, 10, 1)
HEAD = "to: intermediate\nfrom: junior\nclause: 第一条\nroad: application\ncriteria:\n"


def step(*lines):
    return validate(Step, parse(HEAD + "".join(f"  - {line}\n" for line in lines), "test.yaml"))


def records(grades, deductions):
    return tuple(
        MonthRecord(month, "1", "junior", grade, Decimal(50), number, number, {"chats": Decimal(9)})
        for month, grade, number in zip(back(LAST, len(grades)), grades, deductions, strict=True)
    )


def dossier(grades=("A",) * 4, deductions=(0, 0, 0, 0), **changes):
    months = records(grades, deductions)
    rows = tuple(
        PeerMonth(person, one.month, "junior", "", Decimal(points), one.values, False, False)
        for person, points in ((1, 50), (2, 40), (3, 60))
        for one in months
    )
    known = {
        "on": ON,
        "person": 1,
        "standing": Standing(date(2026, 1, 5), date(2026, 1, 5), "junior", date(2026, 7, 20)),
        "months": months,
        "closed": tuple(one.month for one in months),
        "comparison": Comparison(1, tuple(one.month for one in months), rows),
        "violations": (),
        "registers": (),
    }
    return Dossier(**{**known, **changes})


TENURE = "{kind: tenure, text: a, clause: a, since: level, months: 6}"
GRADE = "{kind: grade_months, text: b, clause: b, grade: A, months: 6}"
CLEAN = "{kind: deductions_none, text: c, clause: c, months: 3}"
RANK = "{kind: brand_rank, text: d, clause: d, top: 2}"
QUARTER = "{kind: base_metric, text: e, clause: e, metric: chats}"
REGISTER = "{kind: register, text: f, clause: f, of: conflict, most: 0, months: 6}"
VIOLATION = "{kind: no_violation, text: g, clause: g, months: 3}"
RATED = "{kind: endorsement, text: h, clause: h, topic: t}"


def test_a_step_that_is_met_today_is_met_today():
    assert earliest(step(CLEAN, RANK), dossier()) == ON


def test_tenure_runs_to_its_day_and_months_to_their_close():
    assert earliest(step(TENURE), dossier()) == date(2027, 1, 20)
    assert earliest(step(GRADE), dossier()) == date(2027, 1, 22)
    assert earliest(step(TENURE, GRADE), dossier()) == date(2027, 1, 22)


def test_a_bad_month_leaves_the_window_but_a_bad_latest_month_is_repeated():
    assert earliest(step(CLEAN), dossier(deductions=(0, 2, 0, 0))) == ON + timedelta(days=29)
    assert earliest(step(CLEAN), dossier(deductions=(0, 0, 0, 1))) is None


def test_a_close_that_is_late_today_is_expected_tomorrow():
    late = dossier(deductions=(1, 0, 0, 0), on=date(2026, 12, 24))
    assert earliest(step("{kind: deductions_none, text: c, clause: c, months: 4}"), late) == date(
        2026, 12, 25
    )


def test_what_people_must_say_has_no_day():
    assert earliest(step(TENURE, RATED), dossier()) is None


def test_no_day_is_promised_beyond_the_horizon_and_without_a_day_of_judging_there_is_none():
    assert earliest(step(GRADE), dossier(), until_months=1) is None
    with pytest.raises(ValueError, match="day"):
        earliest(step(GRADE), Dossier())


def test_moving_a_dossier_to_its_own_day_changes_nothing():
    facts = dossier()
    assert at(facts, ON) == facts
    assert at(facts, date(2026, 12, 21)) == replace(facts, on=date(2026, 12, 21))
    assert at(facts, date(2026, 12, 22)).closed[-1] == date(2026, 11, 1)


def test_a_latest_month_that_nobody_entered_is_not_repeated():
    facts = dossier()
    moved = at(replace(facts, months=facts.months[:-1]), date(2027, 1, 31))
    assert [one.month for one in moved.months] == [one.month for one in facts.months[:-1]]


POOL = [TENURE, GRADE, CLEAN, RANK, QUARTER, REGISTER, VIOLATION]
EITHER = "{kind: any_of, text: i, clause: i, of: [" + ", ".join((CLEAN, TENURE)) + "]}"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([*POOL, EITHER]), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from("SAB"), min_size=4, max_size=4),
    st.lists(st.sampled_from([0, 0, 1]), min_size=4, max_size=4),
    st.dates(date(2026, 5, 1), ON),
    st.dates(date(2026, 10, 23), date(2026, 12, 30)),
)
def test_it_is_the_first_day_the_engine_says_met(lines, grades, deductions, happened, on):
    asked = step(*lines)
    facts = dossier(
        grades,
        deductions,
        on=on,
        registers=(RegisterRecord("conflict", "1", happened, "x"),),
        violations=(Violation("1", "x", happened),),
    )
    days = (on + timedelta(days=ahead) for ahead in range(400))
    met = (day for day in days if assess(asked.criteria, at(facts, day)).state is State.MET)
    first = next(met, None)
    assert earliest(asked, facts, until_months=13) == first
