"""Pure rules of the Eaglet plan: days, phases, the sheet, ranks, complaints, results."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.kernel.calendar import Week, WorkCalendar
from cstrain.kernel.finding import Finding, State
from cstrain.kernel.ids import PersonId
from cstrain.promotion.eaglet import rules, store
from cstrain.promotion.eaglet.facts import (
    AGAIN,
    LEFT_OPEN,
    Entry,
    Interviewed,
    Notice,
    PaperResult,
    Phase,
    RemovalState,
)

CHAPTER = store.chapter()
SIX = WorkCalendar(Week.SIX_DAYS, holidays=frozenset({date(2026, 10, day) for day in range(1, 8)}))
SEATS = {"soso": 2, "one": 1, "two": 1}
OFFICES = ("gm", "deputy_gm", "hr_manager")
NOTICE = Notice(
    1, 1, "", SEATS, date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 24), date(2026, 11, 27),
    date(2026, 11, 30), PersonId(1), datetime(2026, 11, 20, tzinfo=UTC),
)  # fmt: skip


def gate(state: State = State.MET) -> Finding:
    return Finding("tenure", state, "说明", "三（3）1")


def entry(number: int = 1, place: str = "soso", **changes) -> Entry:
    base = Entry(number, place, (gate(),), 1, Fraction(90), Decimal("1.5"), "senior", date(2020, 1, 6))
    return replace(base, **changes)


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2026, 11, 20), 2, date(2026, 11, 23)),  # a Sunday moves on
        (date(2026, 11, 21), 2, date(2026, 11, 23)),
        (date(2026, 9, 29), 2, date(2026, 10, 8)),  # National Day
        (date(2026, 11, 22), 5, date(2026, 11, 27)),
        (date(2026, 11, 22), 7, date(2026, 11, 30)),
    ],
)
def test_days_are_calendar_days_and_a_rest_day_moves_on(day: date, days: int, expected: date) -> None:
    assert rules.deadline(day, days, SIX) == expected


@pytest.mark.parametrize(
    ("approvals", "notice", "happened", "unfilled", "today", "expected"),
    [
        ({}, None, (), {}, 20, Phase.PROPOSED),
        (dict.fromkeys(OFFICES[:2], True), None, (), {}, 20, Phase.PROPOSED),
        ({"gm": False}, None, (), {}, 20, Phase.REFUSED),
        (dict.fromkeys(OFFICES, True), None, (), {}, 20, Phase.APPROVED),
        (dict.fromkeys(OFFICES, True), NOTICE, (), {}, 19, Phase.ANNOUNCED),
        (dict.fromkeys(OFFICES, True), NOTICE, (), {}, 22, Phase.OPEN),
        (dict.fromkeys(OFFICES, True), NOTICE, (), {}, 23, Phase.SCREENING),
        (dict.fromkeys(OFFICES, True), NOTICE, ("screened",), {}, 27, Phase.INTERVIEWS),
        (dict.fromkeys(OFFICES, True), NOTICE, ("screened", "opened"), {}, 27, Phase.DECIDING),
        (dict.fromkeys(OFFICES, True), NOTICE, ("grouped",), {"two": AGAIN}, 27, Phase.AGAIN),
        (dict.fromkeys(OFFICES, True), NOTICE, ("grouped",), {"two": LEFT_OPEN}, 27, Phase.STUDYING),
        (dict.fromkeys(OFFICES, True), NOTICE, ("grouped", "closed"), {}, 27, Phase.CLOSED),
        (dict.fromkeys(OFFICES, True), NOTICE, ("ended",), {}, 27, Phase.ENDED),
    ],
)
def test_phases(approvals, notice, happened, unfilled, today, expected) -> None:
    day = date(2026, 11, today)
    assert rules.phase_of(OFFICES, approvals, notice, happened, unfilled, day) is expected


# the sheet


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        ({}, Fraction(86)),  # 10 + 36 + 20 + 20
        ({"awards": 0}, Fraction(76)),
        ({"awards": 5}, Fraction(96)),  # awards stop at 20
        ({"conversion": Fraction(255, 3)}, Fraction(84)),
        ({"months": Decimal(1)}, Fraction(86)),  # the ends are included
        ({"months": Decimal(2)}, Fraction(86)),
        ({"months": Decimal("2.1")}, Fraction(66)),
        ({"level": "junior"}, Fraction(71)),
        ({"conversion": None, "held": False}, Fraction(5000, 60)),  # the others scaled: 50 of 60
    ],
)
def test_points_of_the_sheet(changes, total) -> None:
    (line,) = rules.screened([entry(**changes)], SEATS, CHAPTER)
    assert line.total == total and line.rank == 1 and line.invited


@pytest.mark.parametrize(
    ("changes", "unknown"),
    [
        ({"conversion": None}, ("conversion",)),
        ({"level": None}, ("level",)),
        ({"awards": None}, ("awards",)),
        ({"gates": (gate(State.UNKNOWN),)}, ("tenure",)),
    ],
)
def test_unknown_is_named_and_ranks_nobody_of_that_place(changes, unknown) -> None:
    lines = rules.screened([entry(1), entry(2, **changes), entry(3, "one")], SEATS, CHAPTER)
    by_id = {line.application: line for line in lines}
    assert by_id[2].unknown == unknown and by_id[2].total is None
    assert by_id[1].rank is None and by_id[3].rank == 1


def test_who_misses_a_condition_is_not_ranked_and_holds_nobody_up() -> None:
    missed = entry(2, gates=(gate(State.NOT_MET),), conversion=None)
    lines = {line.application: line for line in rules.screened([entry(1), missed], SEATS, CHAPTER)}
    assert lines[1].rank == 1 and lines[2].rank is None and not lines[2].unknown


def test_the_first_two_for_each_seat_are_invited_with_all_who_share_the_rank() -> None:
    people = [
        entry(1, "one"),
        entry(2, "one", awards=0),
        entry(3, "one", awards=0),
        entry(4, "one", awards=0),
    ]
    lines = rules.screened(people, SEATS, CHAPTER)
    assert [(line.rank, line.invited) for line in lines] == [(1, True), (2, True), (2, True), (2, True)]
    lines = rules.screened([*people, entry(5, "one", awards=2)], SEATS, CHAPTER)
    assert [line.application for line in lines if line.invited] == [5, 1]


@given(st.permutations([entry(n, awards=n % 3, months=Decimal(n)) for n in range(1, 7)]))
def test_the_order_of_arrival_at_the_rule_changes_nothing(people) -> None:
    lines = rules.screened(people, SEATS, CHAPTER)
    assert lines == rules.screened(sorted(people, key=lambda one: one.application), SEATS, CHAPTER)


# interviews


def talked(number: int, *sheets: int, place: str = "soso", screening: int = 80, since: int = 2020):
    given_ = tuple(Fraction(sheet) for sheet in sheets)
    return Interviewed(number, place, given_, Fraction(screening), date(since, 1, 1), number)


def test_the_mean_decides_then_screening_service_and_arrival() -> None:
    people = [
        talked(1, 80, 90),
        talked(2, 85, 85),  # same mean, later
        talked(3, 85, 85, since=2019),  # earlier in service
        talked(4, 85, 85, screening=90),
        talked(5, 70, 70, place="one"),
    ]
    found = rules.heard(people, SEATS, CHAPTER)
    assert [(one.application, one.rank, one.accepted) for one in found] == [
        (4, 1, True),
        (3, 2, True),
        (1, 3, False),
        (2, 4, False),
        (5, 1, True),
    ]
    assert [one.by for one in found] == ["", "screening", "service", "arrival", ""]


def test_nobody_below_the_least_mark_is_accepted_and_the_place_is_left_over() -> None:
    found = rules.heard([talked(1, 59, 60, place="one"), talked(2, 60, 60)], SEATS, CHAPTER)
    assert [one.accepted for one in found] == [False, True]
    assert rules.left_over(SEATS, found) == {"soso": 1, "one": 1, "two": 1}


# the group


@pytest.mark.parametrize(
    ("proper", "others", "changed"),
    [
        ((), 3, False),
        ((1,), 3, False),
        ((1, 2), 3, True),
        ((1, 1), 3, False),
        ((1,), 2, True),
        ((), 0, False),
    ],
)
def test_half_or_more_of_the_others_change_the_leader(proper, others, changed) -> None:
    assert rules.must_change(proper, others) is changed


@pytest.mark.parametrize(
    ("removed", "appealed", "upheld", "expected"),
    [
        (None, False, None, RemovalState.ASKED),
        (False, False, None, RemovalState.KEPT),
        (True, False, None, RemovalState.WINDOW),
        (True, True, None, RemovalState.APPEALED),
        (True, True, True, RemovalState.REINSTATED),
        (True, True, False, RemovalState.REMOVED),
    ],
)
def test_removals(removed, appealed, upheld, expected) -> None:
    last = date(2026, 12, 1)
    assert rules.removal_state(removed, appealed, upheld, last, last) is expected
    if expected is RemovalState.WINDOW:
        after = date(2026, 12, 2)
        assert rules.removal_state(removed, appealed, upheld, last, after) is RemovalState.REMOVED


@pytest.mark.parametrize(
    ("states", "passes"),
    [
        (("passed", "passed"), True),
        (("passed", "exempt"), True),
        (("passed", "failed"), False),
        (("absent", "exempt"), False),
        (("passed", "waiting"), None),
        (("waiting", "failed"), False),
    ],
)
def test_both_papers_or_none(states, passes) -> None:
    papers = [PaperResult(str(n), state) for n, state in enumerate(states)]
    assert rules.outcome(PersonId(1), papers).passes is passes
