"""Pure rules of applications: states, panels, seals, means, windows."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.kernel.calendar import Week, WorkCalendar
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.policies.loader import load
from cstrain.promotion.applications.facts import Seat, State
from cstrain.promotion.applications.policy import PanelsChapter
from cstrain.promotion.applications.rules import panel as rules
from cstrain.promotion.applications.rules import windows
from cstrain.promotion.applications.rules.states import CLOSED, MOVES, REOPENS, move

CHAPTER = load(PanelsChapter, "panels.yaml")
PANEL = CHAPTER.panels[0]


@pytest.mark.parametrize("kind", sorted(MOVES))
@pytest.mark.parametrize("state", list(State))
def test_an_event_happens_only_where_the_table_allows_it(kind, state):
    allowed, after = MOVES[kind]
    if state in allowed:
        assert move(state, kind) is after
    else:
        with pytest.raises(ConflictError):
            move(state, kind)


def test_what_has_ended_goes_on_by_an_upheld_appeal_or_by_leaving_alone():
    for kind, (allowed, _after) in MOVES.items():
        if allowed & CLOSED:
            assert kind in {*REOPENS.values(), "leave"}


@pytest.mark.parametrize(
    ("answers", "seat"),
    [
        ([], Seat.SILENT),
        (["tied"], Seat.SILENT),
        (["none"], Seat.IN),
        (["tied", "none"], Seat.IN),
        (["unsure"], Seat.UNSURE),
        (["unsure", "cleared"], Seat.IN),
        (["unsure", "none"], Seat.IN),
        (["none", "unsure"], Seat.UNSURE),
        (["recuse"], Seat.OUT),
        (["recuse", "none"], Seat.OUT),
        (["excluded", "cleared", "none"], Seat.OUT),
    ],
)
def test_how_a_juror_stands(answers, seat):
    assert rules.seat_of(answers) is seat


@pytest.mark.parametrize(
    ("seats", "sealed", "opens"),
    [
        ({1: Seat.IN, 2: Seat.IN, 3: Seat.IN}, [1, 2, 3], True),
        ({1: Seat.IN, 2: Seat.IN, 3: Seat.IN}, [1, 2], False),
        ({1: Seat.IN, 2: Seat.IN, 3: Seat.OUT}, [1, 2], False),
        ({1: Seat.IN, 2: Seat.IN, 3: Seat.IN, 4: Seat.OUT}, [1, 2, 3], True),
        ({1: Seat.IN, 2: Seat.IN, 3: Seat.IN, 4: Seat.SILENT}, [1, 2, 3], False),
        ({1: Seat.IN, 2: Seat.IN, 3: Seat.IN, 4: Seat.UNSURE}, [1, 2, 3], False),
        ({}, [], False),
    ],
)
def test_when_sheets_open(seats, sealed, opens):
    assert rules.opens(seats, sealed, 3) is opens


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ([80, 90], 85),
        ([60, 80, 90, 100], Fraction(330, 4)),
        ([10, 80, 85, 90, 100], 85),
        ([80, 80, 80, 80, 0], 80),
        ([0, 0, 50, 100, 100, 100], Fraction(250, 4)),
    ],
)
def test_the_mean_leaves_extremes_out_from_five_on(totals, expected):
    assert rules.mean([Fraction(one) for one in totals], 5) == expected


def test_no_score_is_no_mean():
    with pytest.raises(ValueError, match="no totals"):
        rules.mean([], 5)


_TOTALS = st.lists(st.integers(0, 10000).map(lambda one: Fraction(one, 100)), min_size=1, max_size=9)


@given(_TOTALS, st.randoms())
def test_the_mean_lies_within_and_no_order_matters(totals, chance):
    found = rules.mean(totals, 5)
    mixed = list(totals)
    chance.shuffle(mixed)
    assert min(totals) <= found <= max(totals)
    assert rules.mean(mixed, 5) == found


@given(_TOTALS, st.integers(0, 8), st.integers(1, 1000))
def test_a_better_sheet_never_lowers_the_mean(totals, place, more):
    better = list(totals)
    better[place % len(totals)] += Fraction(more, 100)
    assert rules.mean(better, 5) >= rules.mean(totals, 5)


@given(st.integers(), st.sets(st.integers(1, 10**6), min_size=1, max_size=12))
def test_a_draw_is_fair_game_for_everybody_and_can_be_drawn_again(seed, applications):
    found = rules.draw(PANEL, applications, seed)
    assert found == rules.draw(PANEL, sorted(applications, reverse=True), seed)
    assert {one.application for one in found} == applications
    assert [one.position for one in found] == list(range(1, len(applications) + 1))
    assert all(
        len(set(one.questions)) == PANEL.questions and set(one.questions) <= set(PANEL.pool) for one in found
    )


def test_a_mark_is_shown_rounded_down():
    assert rules.shown(Fraction(74999, 1000)) == Decimal("74.99")
    assert rules.shown(Fraction(75)) == Decimal(75)


@pytest.mark.parametrize("bad", ["100.5", "-0.5", "80.25", "NaN", "Infinity"])
def test_points_lie_between_0_and_100_in_steps(bad):
    with pytest.raises(DomainError):
        rules.check_points(PANEL, {"case": Decimal(bad)}, whole=False)


def test_an_unknown_element_and_a_gap_are_refused():
    with pytest.raises(DomainError, match="没有这一项"):
        rules.check_points(PANEL, {"looks": Decimal(1)}, whole=False)
    rules.check_points(PANEL, {"case": Decimal("99.5")}, whole=False)
    with pytest.raises(DomainError, match="没有密封"):
        rules.check_points(PANEL, {"case": Decimal("99.5")}, whole=True)


def test_offices_of_a_panel():
    held = {1: frozenset({"juror"}), 2: frozenset({"hr", "juror"}), 3: frozenset({"gm"})}
    assert rules.check_panel(PANEL, held) == {1: "juror", 2: "juror", 3: "gm"}
    with pytest.raises(DomainError, match="资格"):
        rules.check_panel(PANEL, {**held, 4: frozenset({"employee"})})
    strict = PANEL.model_copy(update={"required": ("hr_manager",)})
    with pytest.raises(DomainError, match="补选"):
        rules.check_panel(strict, held)


def test_ties():
    assert rules.ties(7, mentors={7}, superiors=[6, 7]) == ("mentor", "superior")
    assert rules.ties(7, mentors={8}, superiors=[]) == ()
    assert not rules.stays(PANEL, frozenset({"supervisor"}))
    assert rules.stays(PANEL.model_copy(update={"tied_may_sit": ("supervisor",)}), frozenset({"supervisor"}))


CALENDAR = WorkCalendar(Week.FIVE_DAYS, holidays=frozenset({date(2026, 11, 26)}))


@pytest.mark.parametrize(
    ("published", "days", "last"),
    [
        (date(2026, 11, 25), 1, date(2026, 11, 27)),
        (date(2026, 11, 25), 2, date(2026, 11, 30)),
        (date(2026, 11, 28), 5, date(2026, 12, 4)),
    ],
)
def test_a_notice_counts_working_days_after_the_day_it_is_published(published, days, last):
    assert windows.notice_window(CALENDAR, published, days) == (published, last)


def test_the_clock_of_an_investigation():
    found = windows.investigation(CALENDAR, date(2026, 11, 25), 3, 10)
    assert found == (date(2026, 12, 1), date(2026, 12, 10))


def test_a_notice_closes_the_day_after_its_last_with_nothing_waiting():
    windows.check_close(date(2026, 12, 1), date(2026, 12, 2), 0)
    for today, waiting in ((date(2026, 12, 1), 0), (date(2026, 12, 2), 1)):
        with pytest.raises(ConflictError):
            windows.check_close(date(2026, 12, 1), today, waiting)
    windows.check_effect(date(2026, 12, 2), date(2026, 12, 1))
    windows.check_effect(date(2026, 1, 1), None)
    with pytest.raises(ConflictError):
        windows.check_effect(date(2026, 12, 1), date(2026, 12, 1))


def test_a_panel_that_cannot_be_is_refused_when_it_is_read():
    good = CHAPTER.model_dump()
    for change in (
        {"most": 1},
        {"elements": [{"id": "a", "title": "a", "weight": 90}]},
        {"questions": 9},
        {"required": ["nobody"]},
    ):
        with pytest.raises(ValueError, match=r".+"):
            PanelsChapter.model_validate({**good, "panels": [{**good["panels"][0], **change}]})
    with pytest.raises(ValueError, match="ref"):
        PanelsChapter.model_validate({**good, "panels": [good["panels"][0]] * 2})


def test_every_panel_that_a_shipped_ladder_names_is_there():
    from cstrain.promotion import ladders

    named = {
        step.panel for one in ladders.ladders(date(2026, 12, 1)) for step in one.steps
        if step.road == "application" and step.panel
    }  # fmt: skip
    assert named <= {one.ref for one in CHAPTER.panels}
