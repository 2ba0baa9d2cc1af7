"""What a quarter comes to: up, stay, down, unknown, outside; laws of the rule; who may act when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.judgement.facts import Comparison, Dossier, MonthRecord, PeerMonth, Standing
from cstrain.kernel.errors import DomainError
from cstrain.kernel.finding import State
from cstrain.promotion import ladders
from cstrain.promotion.rating import rules
from cstrain.promotion.rating.facts import Outcome, Quarter, Why

Q3 = Quarter(date(2026, 7, 1))
LADDER = ladders.ladder("basic", date(2026, 9, 30))
GOOD = {"csat": 95, "first_response_seconds": 20, "resolution": 98, "chats": 1000}
FAIR = {"csat": 91, "first_response_seconds": 40, "resolution": 92, "chats": 1000}
POOR = {"csat": 80, "first_response_seconds": 90, "resolution": 60, "chats": 1000}


def facts(level: str | None, *months: dict | None, **kept) -> Dossier:
    """A dossier of a quarter; ``None`` for a month nobody entered. A colleague has 1,000 chats a month."""
    records, peers = [], []
    for first, values in zip(Q3.months, months, strict=True):
        peers.append(peer(2, first, {"chats": 1000}))
        if values is None:
            continue
        away, probation = values.get("away", False), values.get("probation", False)
        figures = {key: Decimal(value) for key, value in values.items() if key not in FLAGS}
        points = values.get("points", 0)
        records.append(
            MonthRecord(first, f"{first:%m}", level, "B", None, 0, points, figures, away, probation)
        )
        peers.append(peer(1, first, figures, away=away, probation=probation))
    standing = Standing(date(2025, 1, 1), date(2025, 1, 1), level, date(2025, 6, 1), "客服专员", **kept)
    return Dossier(
        on=date(2026, 11, 20),
        person=1,
        standing=standing,
        months=tuple(records),
        closed=Q3.months,
        comparison=Comparison(1, Q3.months, tuple(peers)),
    )


FLAGS = {"away", "probation", "points"}


def peer(person: int, month: date, values, *, away: bool = False, probation: bool = False) -> PeerMonth:
    figures = {key: Decimal(value) for key, value in values.items()}
    return PeerMonth(person, month, "junior", "客服专员", None, figures, away, probation)


def rated(level, *months, **kept):
    return rules.rate(LADDER, facts(level, *months, **kept), Q3)


@pytest.mark.parametrize(
    ("level", "months", "outcome", "goal"),
    [
        ("junior", [GOOD] * 3, "up", "intermediate"),
        ("junior", [POOR] * 3, "stay", "junior"),  # the lowest level cannot fall
        ("intermediate", [GOOD] * 3, "up", "senior"),
        ("intermediate", [FAIR] * 3, "stay", "intermediate"),
        ("intermediate", [POOR] * 3, "down", "junior"),
        ("senior", [GOOD] * 3, "stay", "senior"),  # the top cannot rise
        ("senior", [FAIR] * 3, "down", "intermediate"),  # one level, not two
        ("senior", [POOR] * 3, "down", "intermediate"),
        ("junior", [GOOD, None, GOOD], "unknown", "junior"),
        ("intermediate", [FAIR, None, FAIR], "unknown", "intermediate"),
        ("senior", [{**GOOD, "chats": 900}, None, GOOD], "down", "intermediate"),  # what is known decides
        ("intermediate", [GOOD, GOOD, {**GOOD, "chats": 999}], "down", "junior"),  # base of one month
        ("intermediate", [FAIR, FAIR, {**FAIR, "points": 31}], "down", "junior"),
        ("intermediate", [FAIR, FAIR, {**FAIR, "points": 30}], "stay", "intermediate"),
        ("intermediate", [GOOD, GOOD, {**POOR, "away": True}], "up", "senior"),  # leave is not tested
        ("junior", [{**POOR, "probation": True}, GOOD, GOOD], "up", "intermediate"),
    ],
)
def test_the_figures_of_a_quarter_decide(level, months, outcome, goal) -> None:
    found = rated(level, *months)
    assert (str(found.outcome), found.goal) == (outcome, goal)
    assert rules.reasons(found)


def test_exactly_at_the_threshold_is_met() -> None:
    edge = {"csat": 90, "first_response_seconds": 45, "resolution": 90, "chats": 1000, "points": 30}
    assert rated("junior", edge, edge, edge).outcome is Outcome.UP
    for name, value in (("csat", "89.99"), ("first_response_seconds", "45.01"), ("chats", "999")):
        assert rated("intermediate", edge, edge, edge).outcome is Outcome.STAY
        found = rated("intermediate", *[{**edge, name: value}] * 3)
        assert found.outcome is Outcome.DOWN, name


@pytest.mark.parametrize(
    ("level", "months", "kept", "why"),
    [
        (None, [None, None, POOR], {"converted": False}, Why.PROBATION),
        (None, [None, None, GOOD], {}, Why.UNPLACED),
        ("principal", [GOOD] * 3, {}, Why.ELSEWHERE),
        ("senior", [{**POOR, "away": True}] * 3, {}, Why.AWAY),
    ],
)
def test_who_is_outside_is_told_why(level, months, kept, why) -> None:
    found = rated(level, *months, **kept)
    assert (found.outcome, found.why, found.goal) == (Outcome.OUTSIDE, why, level)


def test_a_newcomer_is_held_against_the_standard_of_probation() -> None:
    assert rated(None, None, None, POOR, converted=False).below is False  # 80 is enough
    assert rated(None, None, None, {**POOR, "csat": "79.99"}, converted=False).below is True
    assert rated(None, None, None, None, converted=False).below is None


@pytest.mark.parametrize("rise", list(State))
@pytest.mark.parametrize("keep", list(State))
def test_what_two_levels_come_to_together(rise, keep) -> None:
    found = rules.decide(rise, keep)
    assert (found is Outcome.DOWN) == (keep is State.NOT_MET and rise is not State.MET)
    assert (found is Outcome.UP) == (rise is State.MET and keep is State.MET)
    assert (found is Outcome.STAY) == (rise is State.NOT_MET and keep is State.MET)


FIGURES = st.fixed_dictionaries(
    {
        "csat": st.integers(70, 100),
        "first_response_seconds": st.integers(10, 90),
        "resolution": st.integers(60, 100),
        "chats": st.integers(700, 1300),
        "points": st.integers(0, 40),
    }
)
MONTH = st.one_of(st.none(), FIGURES)
WORTH = {Outcome.DOWN: 0, Outcome.STAY: 1, Outcome.UP: 2}


@given(st.sampled_from(LADDER.levels), st.tuples(FIGURES, FIGURES, FIGURES), st.integers(0, 2))
def test_without_a_month_nothing_turns_round(level, months, gone) -> None:
    whole = rated(level, *months).outcome
    less = rated(level, *[None if place == gone else one for place, one in enumerate(months)]).outcome
    assert less in {whole, Outcome.UNKNOWN}


@given(st.sampled_from(LADDER.levels), st.tuples(FIGURES, FIGURES, FIGURES), st.integers(0, 5))
def test_better_figures_never_make_it_worse(level, months, more) -> None:
    better = [
        {
            **one,
            "csat": min(100, one["csat"] + more),
            "first_response_seconds": max(1, one["first_response_seconds"] - more),
            "points": max(0, one["points"] - more),
        }
        for one in months
    ]
    before, after = rated(level, *months).outcome, rated(level, *better).outcome
    assert WORTH[after] >= WORTH[before]


@given(st.sampled_from(LADDER.levels), st.tuples(MONTH, MONTH, MONTH))
def test_a_step_is_one_level_and_the_ends_hold(level, months) -> None:
    found = rated(level, *months)
    apart = LADDER.levels.index(found.goal) - LADDER.levels.index(level)
    assert apart == {Outcome.UP: 1, Outcome.DOWN: -1}.get(found.outcome, 0)


def test_months_closed_later_and_other_departments_do_not_count() -> None:
    held = facts("junior", GOOD, GOOD, GOOD)
    october = date(2026, 10, 1)
    later = MonthRecord(october, "10", "junior", "D", None, 0, 90, {"csat": Decimal(1)})
    longer = replace(
        held,
        months=(*held.months, later),
        closed=(*Q3.months, october),
        comparison=Comparison(1, (*Q3.months, october), held.comparison.people),
    )
    assert rules.rate(LADDER, rules.cut(longer, Q3), Q3).outcome is Outcome.UP


@pytest.mark.parametrize(
    ("text", "code"),
    [("2026Q3", "2026Q3"), ("2026-3", "2026Q3"), ("2026 q1", "2026Q1"), ("2026Q5", None), ("x", None)],
)
def test_a_quarter_is_read_as_people_write_it(text, code) -> None:
    found = rules.read_quarter(text)
    assert (found.code if found else None) == code


def test_quarters_by_day() -> None:
    assert rules.quarter_of(date(2026, 9, 30)) == Q3 and Q3.end == date(2026, 9, 30)
    assert [one.code for one in rules.past_quarters(date(2026, 1, 1), 2)] == ["2025Q4", "2025Q3"]


@pytest.mark.parametrize(
    ("proposed", "again", "after"),
    [("down", "down", "stay"), ("down", "up", "up"), ("down", "unknown", "stay"), ("stay", "up", "up")],
)
def test_an_upheld_contest_never_makes_it_worse(proposed, again, after) -> None:
    assert rules.after_contest(Outcome(proposed), Outcome(again)) is Outcome(after)


@pytest.mark.parametrize(("proposed", "again"), [("stay", "stay"), ("up", "stay"), ("unknown", "unknown")])
def test_nothing_is_upheld_without_a_gain(proposed, again) -> None:
    with pytest.raises(DomainError):
        rules.after_contest(Outcome(proposed), Outcome(again))
