"""Two people act on one conversion at the same moment: one effect, and a refusal in words."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from cstrain.approvals import queries as approvals
from cstrain.exams import queries as exams
from cstrain.extensions import session
from cstrain.grading import service as grading
from cstrain.onboarding.conversion import queries, service
from cstrain.onboarding.conversion.facts import Outcome
from cstrain.onboarding.conversion.models import (
    ArchivedDocument,
    ConversionCase,
    ConversionDecision,
    Elimination,
)
from cstrain.onboarding.conversion.rules.elimination import EliminationInput
from cstrain.people import queries as people
from cstrain.people.facts import Status
from cstrain.unit_of_work import unit_of_work
from tests.factories import conversion as road
from tests.factories import people as make
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
EXAM, HIRED, at = road.EXAM, road.HIRED, road.at
NOW = at(EXAM, 18)
EARLY = at(date(2026, 10, 29))


@pytest.fixture
def office():
    return road.make_office()


@pytest.fixture
def passed(office):
    """A case in which all three papers are passed and no violation is on record."""
    road.arrange(office)
    road.take_exam(office)
    road.state_no_violation(office, NOW)
    return office


@pytest.fixture
def proposed(passed):
    """A case whose decision waits for the second person."""
    with unit_of_work():
        service.propose_decision(passed.hr, NOW, passed.case, Outcome.NEXT_DAY, "三卷都及格")
    road.give_all(passed, NOW)
    return passed


def count(model, *where) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model).where(*where))


def entry(**more) -> EliminationInput:
    values = {
        "condition": "rc-conversion-papers",
        "acknowledged_on": HIRED,
        "evidence": "OA首考与补考成绩",
        "union_notice": "无工会",
        "reasons": "OA两次考试都没有及格。",
        "last_day": date(2026, 10, 30),
    }
    return EliminationInput(**(values | more))


def test_two_who_arrange_the_papers_set_three_not_six(app, office):
    won, refused = race(
        app,
        *(
            lambda one=one: service.schedule_conversion(one, at(HIRED), office.enrolment, EXAM)
            for one in (office.hr, office.hr_manager)
        ),
    )
    assert [len(one) for one in won] == [3] and "已经安排过" in str(refused[0])
    assert count(ConversionCase) == 1
    assert len(exams.sittings_of(office.trainee, kinds=("conversion",))) == 3


def test_two_who_propose_a_decision_make_one(app, passed):
    won, refused = race(
        app,
        *(
            lambda one=one: service.propose_decision(one, NOW, passed.case, Outcome.NEXT_DAY, "三卷都及格")
            for one in (passed.hr, passed.hr_manager)
        ),
    )
    assert len(won) == 1 and "已经有人提出" in str(refused[0])
    assert len(approvals.open_chains()) == 1


def test_a_conversion_is_decided_or_an_elimination_proposed_not_both(app, passed):
    won, refused = race(
        app,
        lambda: service.propose_decision(passed.hr, NOW, passed.case, Outcome.NEXT_DAY, "三卷都及格"),
        lambda: service.propose_elimination(
            passed.hr_manager, NOW, passed.enrolment, entry(last_day=date(2026, 11, 30))
        ),
    )
    assert len(won) == len(refused) == 1
    assert len(approvals.open_chains()) == 1


def test_two_who_confirm_a_decision_seal_it_once(app, proposed):
    other = make.make_person("孙丽", roles=["hr_manager"])
    won, refused = race(
        app,
        *(
            lambda one=one: service.confirm_decision(one, NOW, proposed.case)
            for one in (proposed.hr_manager, other)
        ),
    )
    assert len(won) == 1 and "已经办结" in str(refused[0])
    assert (count(ConversionDecision), count(ArchivedDocument)) == (1, 1)
    states = [one.status for one in people.history_of(proposed.trainee)]
    assert states.count(Status.CONVERTED) == 1


def test_a_decision_is_confirmed_or_sent_back_not_both(app, proposed):
    won, refused = race(
        app,
        lambda: service.confirm_decision(proposed.hr_manager, NOW, proposed.case),
        lambda: service.refuse_decision(proposed.gm, NOW, proposed.case, "请补材料"),
    )
    assert len(won) == len(refused) == 1
    decided = queries.case(proposed.case).outcome is not None
    assert count(ConversionDecision) == int(decided)


def test_results_released_at_the_same_moment_are_all_seen_by_the_case(app, office):
    road.arrange(office)
    attempts = [
        road.sit(office, f"conversion-{bank}", right=bank != "oa") for bank in ("product", "rules", "oa")
    ]
    with unit_of_work():
        grading.propose_release(office.hr, NOW, attempts)
    won, refused = race(
        app,
        lambda: grading.confirm_release(office.hr_manager, NOW, attempts[:1]),
        lambda: grading.confirm_release(office.supervisor, NOW, attempts[1:]),
    )
    assert (sorted(won), refused) == ([1, 2], [])
    resits = exams.sittings_of(office.trainee, kinds=("resit",))
    assert [one.paper.ref for one in resits] == ["conversion-oa"]


def test_eliminations_at_the_same_moment_have_letters_of_their_own(app, office):
    other = road.make_office(name="周子昂")
    won, refused = race(
        app,
        *(
            lambda one=one: service.propose_elimination(one.hr, EARLY, one.enrolment, entry())
            for one in (office, other)
        ),
    )
    assert len(won) == 2 and not refused
    letters = set(session().scalars(sa.select(Elimination.letter_no)))
    assert letters == {"BYZZ-2026-001", "BYZZ-2026-002"}


def test_two_who_propose_one_elimination_make_one(app, office):
    won, refused = race(
        app,
        *(
            lambda one=one: service.propose_elimination(one, EARLY, office.enrolment, entry())
            for one in (office.hr, office.hr_manager)
        ),
    )
    assert len(won) == 1 and "已经有人提出" in str(refused[0])
    assert count(Elimination) == 1


def test_two_who_confirm_an_elimination_end_the_employment_once(app, office):
    with unit_of_work():
        number = service.propose_elimination(office.hr, EARLY, office.enrolment, entry())
    won, refused = race(
        app,
        *(
            lambda one=one: service.confirm_elimination(one, EARLY, number)
            for one in (office.hr_manager, office.gm)
        ),
    )
    assert len(won) == 1 and "已经办结" in str(refused[0])
    states = [one.status for one in people.history_of(office.trainee)]
    assert states.count(Status.LEFT) == 1
