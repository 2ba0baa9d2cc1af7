"""Reminders of moves: appeals near their last day, notices that are over."""

from __future__ import annotations

from datetime import date

import pytest

from cstrain.promotion.moves import service
from cstrain.promotion.moves.jobs import appeals_due, notices_over
from cstrain.unit_of_work import unit_of_work
from tests.factories import moves as make
from tests.factories.moves import at

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def cast():
    return make.make_cast()


def test_who_may_answer_an_appeal_is_reminded_before_its_last_day(cast) -> None:
    case = make.transfer(cast)
    make.take(cast, case, "supervisor", "release")
    make.take(cast, case, "deputy", "receive", agreed=False)
    with unit_of_work():
        service.appeal(cast["agent"], at(), case, "请重新考虑。")
    assert appeals_due(at(date(2026, 11, 29))) == []
    due = appeals_due(at(date(2026, 11, 30)))
    assert {one.person for one in due} == {cast[name] for name in ("manager", "office", "gm")}
    assert all(one.url == f"/moves/{case}" and one.values == {"day": date(2026, 12, 2)} for one in due)


def test_hr_is_reminded_of_a_notice_that_is_over(cast) -> None:
    found = make.shown(cast)
    assert notices_over(at(date(2026, 11, 26))) == []
    due = notices_over(at(date(2026, 11, 27)))
    assert {one.person for one in due} == {cast[name] for name in ("hr", "hr2", "manager")}
    assert due[0].url == f"/successions/{found}"
