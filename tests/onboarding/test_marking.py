"""Who mentors somebody, or has done so, does not mark their answers."""

from __future__ import annotations

import pytest

from cstrain.grading.written import queries
from tests.factories import onboarding
from tests.factories import written as make
from tests.factories.people import make_department, make_person, make_role


@pytest.mark.both_databases
def test_a_mentor_and_a_former_mentor_do_not_mark_their_trainee(app) -> None:
    with app.app_context():
        house = onboarding.make_house()
        trainee = onboarding.make_trainee(department=make_department("售后客服部"))
        onboarding.make_enrolment(house, trainee)
        make_role(house.mentor, "marker")
        other = make_person("同事", roles=["marker"])
        make.hand_in([trainee], make.make_written_paper())
        key = make.the_queue()
        assert queries.waiting_count(house.mentor, make.LATER) == 0
        assert make.take(house.mentor, key) is None
        assert queries.waiting_count(other, make.LATER) == 1
