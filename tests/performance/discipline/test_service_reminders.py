"""Who may decide a contest is reminded on its last day, and once more when that has gone by."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cstrain.performance.discipline import jobs, queries, service
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.discipline import make_deduction
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("context")


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=ZoneInfo("Asia/Shanghai"))


def test_contests_that_wait_remind_only_who_may_decide_them() -> None:
    person, booker = make_person(), make_person("质检员", roles=["qc"])
    manager = make_person("质检经理", roles=["qc_manager"])
    deduction = make_deduction(booker, person)
    with unit_of_work():
        service.contest(person, START, deduction, "当时在开会")
    (waiting,) = queries.contested_until()
    assert jobs.contests_due(at(waiting.until - timedelta(days=1))) == []
    due = jobs.contests_due(at(waiting.until))
    assert manager in {one.person for one in due}
    assert not {person, booker} & {one.person for one in due}
    late = jobs.contests_due(at(waiting.until + timedelta(days=1)))
    assert {one.key for one in late}.isdisjoint({one.key for one in due})
    assert all("过了期限" in one.message and one.due_on == waiting.until for one in late)
    with unit_of_work():
        service.decide(manager, START, deduction, upheld=True, answer="记录属实")
    assert queries.contested_until() == [] and jobs.contests_due(at(waiting.until)) == []
