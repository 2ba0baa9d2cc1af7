"""The deadline to the millisecond, through the player's own call: 42 cases on each database (R8).

Whatever the time of year, the zone of the machine or the minutes somebody has been given: what arrives at the
deadline and its grace counts, what arrives a millisecond later is kept aside, and the page is told so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cstrain.exams import queries, service
from cstrain.exams.invigilation import service as invigilation
from cstrain.exams.models import Attempt
from cstrain.unit_of_work import unit_of_work
from tests.conftest import SECRET
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.web.page_client import PageClient

MINUTE, MS = timedelta(minutes=1), timedelta(milliseconds=1)
GRACE = timedelta(seconds=3)
ZONES = ["UTC", "America/New_York", "Pacific/Kiritimati"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """When somebody started, what they were given, and how many minutes that makes from the start."""

    words: str
    expected: int
    start: datetime = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    minutes: int = 30
    window: int = 120
    extra: int = 0
    extensions: tuple[int, ...] = ()
    pauses: tuple[int, ...] = ()


CASES = [
    Case("the limit", 30),
    Case("the window ends first", 20, window=20),
    Case("limit and window end together", 30, window=30),
    Case("extra minutes go beyond the window", 30, window=20, extra=10),
    Case("extra minutes", 45, extra=15),
    Case("extended while it runs", 35, extensions=(5,)),
    Case("extended twice, beyond the window", 30, window=20, extensions=(4, 6)),
    Case("extended by two persons", 60, extensions=(30,)),
    Case("paused", 37, pauses=(7,)),
    Case("paused twice and extended, with extra minutes", 60, extra=10, extensions=(10,), pauses=(4, 6)),
    Case("over midnight and the end of a leap February", 30, start=at("2028-02-29T15:50:00")),
    Case("over the end of a year", 30, start=at("2026-12-31T23:45:00")),
    Case("while New York's clock goes forward", 30, start=at("2026-03-08T06:45:00")),
    Case("while New York's clock goes back", 30, start=at("2026-11-01T05:45:00")),
]
STEPS = [(-MS, "accepted"), (timedelta(0), "accepted"), (MS, "late")]


@pytest.mark.both_databases
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.words)
def test_what_arrives_at_the_deadline_counts_and_a_millisecond_later_does_not(app, clock, case) -> None:
    person, attempt = seat(app, clock, case)
    ends = case.start + case.expected * MINUTE
    with app.app_context():
        assert queries.attempt(attempt, case.start).deadline == ends
    client = PageClient(app).log_in_as(person)
    token = {"X-CSRFToken": client.csrf()}
    for slot, (step, fate) in enumerate(STEPS, start=1):
        clock.set(ends + GRACE + step)
        event = {
            "id": f"00000000-0000-4000-8000-{slot:012x}",
            "slot": slot,
            "seq": slot,
            "value": "0",
            "mono": 1,
        }
        told = client.raw.post(
            f"/attempts/{attempt}/answers", json={"lease": 1, "events": [event]}, headers=token
        ).get_json()
        assert told["dispositions"] == {event["id"]: fate}, step
        assert told["over"] and told["remaining_ms"] == 0
    clock.set(ends - MS)
    state = client.raw.get(f"/attempts/{attempt}/state").get_json()
    assert state["remaining_ms"] == 1 and not state["over"]


def seat(app, clock, case: Case) -> tuple[int, int]:
    """Start the case's attempt and give what it gives."""
    clock.set(case.start - MINUTE)
    with app.app_context():
        make.make_bank(each=2)
        cells = [{"topics": ["basics"], "types": [kind], "count": 1} for kind in make.KINDS]
        make.make_paper(minutes=case.minutes, sections=[{"title": "一", "marks": 20, "cells": cells}])
        person, *staff = (make_person(name) for name in ("林晓雯", "监考甲", "监考乙"))
        sitting = make.make_sitting(
            [person], opens_at=case.start, closes_at=case.start + case.window * MINUTE
        )
        if case.extra:
            give_extra(staff[0], sitting, person, case)
        clock.set(case.start)
        attempt = make.make_attempt(person, sitting, case.start)
        for minutes in case.extensions:
            with unit_of_work():
                second = staff[1] if minutes > 10 else None
                service.extend(staff[0], case.start, attempt, minutes, "停电", second)
        begun = case.start
        for minutes in case.pauses:
            with unit_of_work():
                invigilation.pause(staff[0], begun + MINUTE, attempt, "停电")
            with unit_of_work():
                invigilation.resume(staff[0], begun + MINUTE + minutes * MINUTE, attempt)
            begun += MINUTE + minutes * MINUTE
    return person, attempt


def give_extra(actor, sitting, person, case: Case) -> None:
    from cstrain.exams.models import Candidate
    from cstrain.extensions import session

    with unit_of_work():
        candidate = session().query(Candidate).filter_by(sitting_id=sitting, person_id=person).one()
        candidate.extra_minutes = case.extra


@pytest.mark.both_databases
def test_the_window_shortened_while_somebody_sits_takes_no_time_from_them(app, clock) -> None:
    from cstrain.exams.models import Sitting
    from cstrain.extensions import session

    case = Case("as it was at the start", 30)
    _, attempt = seat(app, clock, case)
    with app.app_context():
        with unit_of_work():
            row = session().get_one(Attempt, attempt)
            session().get_one(Sitting, row.sitting_id).closes_at = case.start + 5 * MINUTE
        assert queries.attempt(attempt, case.start).deadline == case.start + 30 * MINUTE


WHOLE_PROCESS = """
    import json, sys, time
    from datetime import timedelta
    from cstrain.app import create_app
    from cstrain.extensions import db
    from cstrain.kernel.clock import SettableClock
    from tests.conftest import START, settings_for
    from tests.exams.test_deadlines import CASES, GRACE, MINUTE, MS, seat
    from tests.web.page_client import PageClient

    found = []
    for number, case in enumerate(CASES[-2:]):
        clock = SettableClock(START)
        app = create_app(settings_for(f"sqlite:///{sys.argv[1]}/{number}.db"), clock)
        with app.app_context():
            db.create_all()
        person, attempt = seat(app, clock, case)
        client = PageClient(app).log_in_as(person)
        clock.set(case.start + case.expected * MINUTE + GRACE + MS * (number % 2))
        event = {"id": "00000000-0000-4000-8000-000000000001", "slot": 1, "seq": 1, "value": "0", "mono": 1}
        told = client.raw.post(f"/attempts/{attempt}/answers", json={"lease": 1, "events": [event]},
                               headers={"X-CSRFToken": client.csrf()}).get_json()
        state = client.raw.get(f"/attempts/{attempt}/state").get_json()
        found.append([told["dispositions"], state["remaining_ms"], state["over"], state["at"]])
    print(json.dumps([time.tzname[0], time.localtime(0).tm_hour, found]))
"""


@pytest.mark.slow
def test_the_zone_of_the_whole_process_changes_no_decision(tmp_path) -> None:
    told = []
    for zone in ZONES:
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(WHOLE_PROCESS), str(folder)],
            env=os.environ | {"TZ": zone, "CSTRAIN_SECRET_KEY": SECRET},
            cwd=Path(__file__).parent.parent.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        told.append(json.loads(done.stdout.splitlines()[-1]))
    assert len({hour for _, hour, _ in told}) == len(ZONES)  # the processes did run in different zones
    assert all(each[2] == told[0][2] for each in told)
    fates = [next(iter(each[0].values())) for each in told[0][2]]
    assert fates == ["accepted", "late"]
