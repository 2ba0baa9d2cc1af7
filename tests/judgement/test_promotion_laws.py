"""Laws of the criteria of promotion: better facts never hurt, missing ones never help, order is nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from cstrain.judgement.catalogue import AnyCriterion
from cstrain.judgement.facts import Comparison, Dossier, MonthRecord, PeerMonth, Standing
from cstrain.judgement.windows import back, month_end
from cstrain.kernel.finding import State
from cstrain.policies.yaml_source import parse, validate

MET, NOT, UNKNOWN = State.MET, State.NOT_MET, State.UNKNOWN
LAST, TODAY = date(2026, 9, 1), date(2026, 10, 23)
MONTHS = back(LAST, 5)
GRADES = "DCBAS"


class Chapter(BaseModel):
    criteria: tuple[AnyCriterion, ...]


TEXT = """
criteria:
  - {kind: grade_months, text: a, grade: A, months: 3}
  - {kind: grade_months, text: b, grade: B, months: 2, count: consecutive}
  - {kind: deductions_mean, text: c, most: 1, months: 3}
  - {kind: deductions_none, text: d, months: 2}
  - {kind: brand_rank, text: e, top: 2, months: 3, least_months: 2}
  - {kind: metric, text: f, metric: chats, least: 5, months: 3}
  - {kind: metric, text: g, metric: chats, least: 4, months: 3, how: each, window: quarter}
  - {kind: base_metric, text: h, metric: chats}
  - {kind: tenure, text: i, since: level, months: 4}
  - {kind: tenure, text: j, since: company, months: 5}
"""
CRITERIA = validate(Chapter, parse(TEXT, "laws.yaml")).criteria
EVERY = pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: f"{one.kind}-{one.text}")

number = st.integers(0, 9).map(Decimal)
maybe = st.one_of(st.none(), number)


@st.composite
def people(draw):
    """A department of up to five people with months present or absent, figures known or not."""
    rows, own = [], []
    joined = draw(st.dates(date(2026, 3, 1), date(2026, 8, 1)))
    for person in range(1, draw(st.integers(1, 5)) + 1):
        for month in MONTHS:
            if draw(st.integers(0, 9)) == 0 or (person == 1 and month_end(month) < joined):
                continue
            values = {"chats": value} if (value := draw(maybe)) is not None else {}
            points, away = draw(maybe), draw(st.integers(0, 7)) == 0
            rows.append(PeerMonth(person, month, "junior", "客服", points, values, away, False))
            if person == 1:
                grade = draw(st.sampled_from([None, *GRADES]))
                count = draw(st.sampled_from([None, 0, 0, 1, 2, 4]))
                own.append(
                    MonthRecord(month, f"{month}", "junior", grade, points, count, count, values, away)
                )
    level = draw(st.dates(joined, date(2026, 9, 30)))
    return Dossier(
        on=TODAY,
        person=1,
        standing=Standing(joined, joined, "junior", level),
        months=tuple(own),
        closed=MONTHS,
        comparison=Comparison(1, MONTHS, tuple(rows)),
    )


def without(facts, month, part):
    """Take away what is known of one month of the person: all of it, or one figure."""
    if part == "all":
        months = tuple(one for one in facts.months if one.month != month)
        rows = tuple(row for row in facts.comparison.people if (row.person, row.month) != (1, month))
        return replace(facts, months=months, comparison=Comparison(1, MONTHS, rows))
    changes = {"values": {}} if part == "values" else {part: None}
    on_row = part in ("values", "brand_points")
    months = tuple(replace(one, **changes) if one.month == month else one for one in facts.months)
    rows = tuple(
        replace(row, **changes) if on_row and (row.person, row.month) == (1, month) else row
        for row in facts.comparison.people
    )
    return replace(facts, months=months, comparison=Comparison(1, MONTHS, rows))


PARTS = st.sampled_from(["all", "grade", "brand_points", "deductions", "values"])


@EVERY
@settings(max_examples=150, deadline=None)
@given(people(), st.sampled_from(MONTHS), PARTS)
def test_what_is_taken_away_leaves_the_answer_or_makes_it_unknown(criterion, facts, month, part):
    before = criterion.check(facts).state
    after = criterion.check(without(facts, month, part)).state
    assert after in (before, UNKNOWN)


@EVERY
@settings(max_examples=100, deadline=None)
@given(people(), st.sampled_from(["hired_on", "department_since", "level_since"]))
def test_an_unknown_date_leaves_the_answer_or_makes_it_unknown(criterion, facts, name):
    before = criterion.check(facts).state
    after = criterion.check(replace(facts, standing=replace(facts.standing, **{name: None}))).state
    assert after in (before, UNKNOWN)


@EVERY
@settings(max_examples=100, deadline=None)
@given(people(), st.data())
def test_a_colleagues_missing_figure_never_decides(criterion, facts, data):
    rows = list(facts.comparison.people)
    others = [place for place, row in enumerate(rows) if row.person != 1]
    before = criterion.check(facts).state
    for place in data.draw(st.lists(st.sampled_from(others), max_size=3)) if others else []:
        rows[place] = replace(rows[place], brand_points=None, values={})
    after = criterion.check(replace(facts, comparison=Comparison(1, MONTHS, tuple(rows)))).state
    assert after in (before, UNKNOWN)


@EVERY
@settings(max_examples=100, deadline=None)
@given(people(), st.randoms(use_true_random=False))
def test_the_order_of_people_and_months_is_nothing(criterion, facts, chance):
    rows = list(facts.comparison.people)
    chance.shuffle(rows)
    other = replace(facts, comparison=Comparison(1, MONTHS, tuple(rows)))
    assert criterion.check(other) == criterion.check(facts)


def _better(one: MonthRecord, up: int) -> MonthRecord:
    grade = None if one.grade is None else GRADES[min(GRADES.index(one.grade) + up, 4)]
    fewer = None if one.deductions is None else max(one.deductions - up, 0)
    points = None if one.brand_points is None else one.brand_points + up
    values = {name: value + up for name, value in one.values.items()}
    return replace(one, grade=grade, deductions=fewer, points=fewer, brand_points=points, values=values)


@EVERY
@settings(max_examples=150, deadline=None)
@given(people(), st.sampled_from(MONTHS), st.integers(1, 4))
def test_a_better_month_never_turns_met_into_anything_else(criterion, facts, month, up):
    months = tuple(_better(one, up) if one.month == month else one for one in facts.months)
    by_month = {one.month: one for one in months}
    rows = tuple(
        replace(row, brand_points=by_month[row.month].brand_points, values=by_month[row.month].values)
        if row.person == 1
        else row
        for row in facts.comparison.people
    )
    better = replace(facts, months=months, comparison=Comparison(1, MONTHS, rows))
    if criterion.check(facts).state is MET:
        assert criterion.check(better).state is MET


@EVERY
def test_every_finding_speaks_one_sentence_and_names_its_clause(criterion):
    records = tuple(
        MonthRecord(at, "1", "junior", "A", Decimal(5), 0, 0, {"chats": Decimal(5)}) for at in MONTHS
    )
    rows = tuple(
        PeerMonth(1, at, "junior", "", Decimal(5), {"chats": Decimal(5)}, False, False) for at in MONTHS
    )
    held = Standing(date(2026, 1, 1), date(2026, 1, 1), "junior", date(2026, 1, 1))
    known = Dossier(
        on=TODAY,
        person=1,
        standing=held,
        months=records,
        closed=MONTHS,
        comparison=Comparison(1, MONTHS, rows),
    )
    for facts in (known, Dossier()):
        found = criterion.check(facts)
        assert found.says.endswith("。")
        assert found.needs
        assert (found.state is UNKNOWN) == (facts is not known)
