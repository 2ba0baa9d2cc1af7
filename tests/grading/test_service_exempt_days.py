"""Who is exempt from a sitting is judged on the day of the sitting, whenever one looks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cstrain.exams import queries as exams
from cstrain.exams.rules import Stage, sat_at
from cstrain.grading.credentials import service
from cstrain.grading.credentials.rules import counts_on
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories import credentials as held
from tests.factories import exams as make

pytestmark = pytest.mark.usefixtures("context")
HOUR = timedelta(hours=1)
ASKED, UNTIL = date(2026, 11, 20), date(2027, 5, 20)


def on(year: int, month: int, day: int) -> datetime:
    """Nine in the morning of a day of the company."""
    return START + (date(year, month, day) - ASKED)


@pytest.fixture
def exempt(person, staff):
    """Exempt from GAP: asked for on 20 November, counts for sittings up to 20 May."""
    held.make_papers("gap-machine")
    held.make_outside(person, (staff[0], staff[1]))
    with unit_of_work():
        asked = service.ask_exemption(person, START, "gap-machine", "")
    with unit_of_work():
        service.decide_exemption(staff[0], START, asked, granted=True, reason="")
    return person


@pytest.mark.parametrize(
    ("opens", "closes", "seen", "stage"),
    [
        (on(2027, 5, 20), on(2027, 5, 20) + 2 * HOUR, START, Stage.EXEMPT),  # the last day it counts
        (on(2027, 5, 21), on(2027, 5, 21) + 2 * HOUR, START, Stage.LATER),  # though it counts today
        (on(2027, 5, 20), on(2027, 5, 20) + 2 * HOUR, on(2027, 12, 1), Stage.EXEMPT),  # though no more today
        (on(2026, 11, 21), on(2026, 11, 21) + 2 * HOUR, on(2026, 11, 21), Stage.EXEMPT),
        (on(2027, 5, 10), on(2027, 5, 30), START, Stage.EXEMPT),
        (on(2027, 5, 10), on(2027, 5, 30), on(2027, 5, 20), Stage.EXEMPT),
        (on(2027, 5, 10), on(2027, 5, 30), on(2027, 5, 21), Stage.OPEN),
        (on(2027, 5, 10), on(2027, 5, 30), on(2027, 6, 9), Stage.MISSED),
    ],
)
def test_a_sitting_is_judged_on_its_own_day(exempt, opens, closes, seen, stage) -> None:
    sitting = make.make_sitting([exempt], "gap-machine", opens_at=opens, closes_at=closes)
    (entry,) = exams.entries([exams.sitting_for(exempt, sitting)], exempt, seen)
    assert entry.stage is stage


def test_what_was_missed_before_the_application_stays_missed(person, staff, request) -> None:
    held.make_papers("gap-machine")
    sitting = make.make_sitting([person], "gap-machine", opens_at=START, closes_at=START + 2 * HOUR)
    later = START + timedelta(days=3)
    held.make_outside(person, (staff[0], staff[1]))
    with unit_of_work():
        asked = service.ask_exemption(person, later, "gap-machine", "")
    with unit_of_work():
        service.decide_exemption(staff[0], later, asked, granted=True, reason="")
    (entry,) = exams.entries([exams.sitting_for(person, sitting)], person, later)
    assert entry.stage is Stage.MISSED


def test_many_days_cost_as_many_statements_as_one(app, exempt) -> None:
    days = [on(2027, month, 4) for month in range(1, 8)]
    sittings = [
        make.make_sitting([exempt], "gap-machine", opens_at=day, closes_at=day + HOUR) for day in days
    ]
    facts = [exams.sitting_for(exempt, sitting) for sitting in sittings]
    with counted(app) as one:
        exams.entries(facts[:1], exempt, START)
    with counted(app) as many:
        found = exams.entries(facts, exempt, START)
    assert len(one) == len(many)
    assert [entry.stage for entry in found] == [Stage.EXEMPT] * 5 + [Stage.LATER] * 2


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (START - HOUR, START),
        (START, START),
        (START + HOUR, START + HOUR),
        (START + 2 * HOUR, START + 2 * HOUR - timedelta.resolution),
        (START + 99 * HOUR, START + 2 * HOUR - timedelta.resolution),
    ],
)
def test_the_day_of_a_sitting_is_the_moment_of_its_window_nearest_to_now(now, expected) -> None:
    assert sat_at(now, START, START + 2 * HOUR) == expected


@pytest.mark.parametrize(
    ("day", "counts"),
    [(date(2026, 11, 19), False), (ASKED, True), (UNTIL, True), (date(2027, 5, 21), False)],
)
def test_an_exemption_counts_from_its_application_to_its_last_day(day, counts) -> None:
    assert counts_on(ASKED, UNTIL, day) is counts
    assert not counts_on(ASKED, None, day)
