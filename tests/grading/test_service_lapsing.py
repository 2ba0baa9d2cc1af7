"""Reminders before a pass lapses and once after it: who hears what on which day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cstrain.exams.models import Attempt
from cstrain.grading.credentials.jobs import passes_that_lapse
from cstrain.notifications import queries as notices
from cstrain.notifications.service import run_reminders
from cstrain.people import service as people
from cstrain.people.facts import Status
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories import credentials as held
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("context")
DAY = timedelta(days=1)
LAST = (date(2028, 11, 20) - date(2026, 11, 20)).days  # two years after START, a leap day between them


@pytest.fixture
def two(staff):
    return staff[0], staff[1]


@pytest.fixture
def supervisor(context):
    return make_person("主管", roles=["supervisor"])


def told(days_left: int):
    """Who is due to be told what so many days before the last day, with the step in the key."""
    found = passes_that_lapse(START + (LAST - days_left) * DAY)
    return [(due.person, due.key.split(":")[3], due.values["day"]) for due in found]


def test_who_hears_what_on_which_day(person, two, supervisor) -> None:
    held.make_pass(person, two)
    end = date(2028, 11, 20)
    assert told(31) == []
    assert told(30) == told(8) == [(person, "30", end)]
    assert told(7) == told(0) == [(person, "7", end), (supervisor, "7", end)]
    assert told(-1) == told(-30) == [(person, "over", end), (supervisor, "over", end)]
    assert told(-31) == []


def test_each_step_is_told_once_however_often_the_job_runs(person, two, supervisor) -> None:
    held.make_pass(person, two)
    for days_left in (31, 30, 29, 7, 7, 3, -1, -2, -40):
        run_reminders(START + (LAST - days_left) * DAY)
    mine = [one for one in notices.notices(person).notices if one.url == "/credentials"]
    assert len(mine) == 3 and "已经失效" in mine[0].message
    theirs = [one for one in notices.notices(supervisor).notices if "%(paper)s" in one.message]
    assert len(theirs) == 2 and theirs[0].url == f"/credentials/people/{person}"


def test_a_newer_pass_of_the_paper_replaces_the_old_one(person, two) -> None:
    held.make_pass(person, two)
    held.make_pass(person, two, at=START + (LAST - 20) * DAY)
    assert told(7) == told(-1) == []


def test_a_fail_replaces_nothing(person, two) -> None:
    held.make_pass(person, two)
    held.make_pass(person, two, right=3, at=START + (LAST - 20) * DAY)
    assert [line[1] for line in told(7)] == ["7"]


def test_what_never_lapses_what_was_voided_and_who_has_left_are_not_told(person, two, staff) -> None:
    held.make_papers("conversion-product")
    held.make_pass(person, two, "conversion-product")
    voided = held.make_pass(person, two)
    with unit_of_work() as db:
        db.get_one(Attempt, voided).voided_at = START
    held.make_pass(staff[2], two)
    with unit_of_work():
        people.change_state(
            None, START, staff[2], date(2028, 11, 1), status=Status.LEFT, reason="辞职", source="x"
        )
    assert told(7) == told(-1) == []


def test_the_number_of_statements_does_not_grow_with_the_people(app, person, two, staff) -> None:
    at = START + (LAST - 30) * DAY
    held.make_pass(person, two)
    with counted(app) as one:
        assert len(passes_that_lapse(at)) == 1
    held.make_pass(staff[2], two)
    held.make_pass(staff[3], two)
    with counted(app) as three:
        assert len(passes_that_lapse(at)) == 3
    assert len(three) == len(one)
