"""A conversion decision sent from two tabs at the same moment: one effect, and a page that says so."""

from __future__ import annotations

import pytest

from cstrain.approvals import queries as approvals
from cstrain.onboarding.conversion import queries
from cstrain.onboarding.conversion.facts import Outcome
from tests.factories import conversion as road
from tests.racing import post_twice

pytestmark = pytest.mark.both_databases
NOW = road.at(road.EXAM, 18)


def test_a_decision_sent_twice_is_proposed_and_confirmed_once(app, clock):
    clock.set(NOW)
    with app.app_context():
        office = road.make_office()
        road.arrange(office)
        road.take_exam(office)
        road.state_no_violation(office, NOW)
    case = f"/conversions/{office.case}"
    form = {"outcome": "convert_next_day", "reason": "三卷都及格"}
    statuses, page = post_twice(app, office.hr, f"{case}/decision", **form)
    assert statuses in ([302, 409], [302, 422]) and "已经有人提出" in page
    with app.app_context():
        assert len(approvals.open_chains()) == 1
        road.give_all(office, NOW)
    statuses, page = post_twice(app, office.hr_manager, f"{case}/confirm")
    assert statuses == [302, 409] and "已经办结" in page
    with app.app_context():
        assert queries.case(office.case).outcome is Outcome.NEXT_DAY
        assert len(queries.documents_of(f"conversion:{office.case}")) == 1
