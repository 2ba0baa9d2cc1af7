"""Who watches a sitting: ten minutes alone, more and voiding with a second person, counts that add up."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from cstrain.exams import queries, service
from cstrain.exams.models import Intervention
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.notifications.models import Notice
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("context")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def attempt(person):
    return make.make_attempt(person)


@pytest.fixture
def invigilators():
    return make_person("监考甲", roles=["invigilator"]), make_person("监考乙", roles=["invigilator"])


def extend(actor, attempt, minutes, reason="停电", at=START) -> None:
    with unit_of_work():
        service.extend(actor, at, attempt, minutes, reason)


def test_one_person_gives_ten_minutes_in_all_and_no_more(attempt, invigilators) -> None:
    first, second = invigilators
    extend(first, attempt, 6)
    with pytest.raises(DomainError, match="累计最多加10分钟"):
        extend(second, attempt, 5)
    extend(first, attempt, 4)
    assert queries.attempt(attempt, START).deadline == START + 40 * MINUTE
    assert queries.minutes_given([attempt]) == {attempt: 10}


@pytest.mark.parametrize(("minutes", "reason"), [(0, "停电"), (-5, "停电"), (121, "停电"), (5, "  ")])
def test_an_extension_needs_sense_and_a_reason(attempt, invigilators, minutes, reason) -> None:
    with pytest.raises(DomainError):
        extend(invigilators[0], attempt, minutes, reason)


def test_nobody_extends_their_own(person, attempt) -> None:
    with pytest.raises(ForbiddenError):
        extend(person, attempt, 5)


def test_a_long_extension_takes_effect_when_a_second_person_agrees(person, attempt, invigilators) -> None:
    first, second = invigilators
    with unit_of_work():
        proposal = service.propose_extension(first, START, attempt, 20, "停电二十分钟")
    assert queries.attempt(attempt, START).deadline == START + 30 * MINUTE
    for nobody in (first, person):
        with pytest.raises(ForbiddenError), unit_of_work():
            service.decide_intervention(nobody, START, proposal, agreed=True)
    with pytest.raises(ConflictError), unit_of_work():
        service.propose_extension(second, START, attempt, 15, "又一次")
    with unit_of_work():
        service.decide_intervention(second, START, proposal, agreed=True)
    assert queries.attempt(attempt, START).deadline == START + 50 * MINUTE
    with pytest.raises(ConflictError), unit_of_work():
        service.decide_intervention(second, START, proposal, agreed=True)


def test_a_proposal_turned_down_changes_nothing(attempt, invigilators) -> None:
    first, second = invigilators
    with unit_of_work():
        proposal = service.propose_void(first, START, attempt, "替考")
    with unit_of_work():
        service.decide_intervention(second, START, proposal, agreed=False)
    assert queries.attempt(attempt, START).state == "open"
    assert queries.open_interventions() == []


def test_voiding_needs_two_and_ends_the_attempt(person, attempt, invigilators) -> None:
    first, second = invigilators
    with pytest.raises(ForbiddenError), unit_of_work():
        service.propose_void(person, START, attempt, "替考")
    with unit_of_work():
        proposal = service.propose_void(first, START, attempt, "替考")
    with unit_of_work():
        service.decide_intervention(second, START, proposal, agreed=True)
    assert queries.attempt(attempt, START).state == "voided"
    outcome = make.save(person, attempt, [make.event(1, '"0"', 1)])
    assert list(outcome.dispositions.values()) == ["after_submit"] and outcome.over
    with pytest.raises(ConflictError):
        make.submit(person, attempt)


def test_the_database_itself_refuses_one_person_in_both_places(attempt, invigilators) -> None:
    with pytest.raises(sa.exc.IntegrityError), unit_of_work() as db:
        db.add(
            Intervention(
                attempt_id=attempt, kind="void", minutes=0, reason="x", proposed_by=invigilators[0],
                proposed_at=START, decided_by=invigilators[0], decided_at=START, agreed=True,
            )
        )  # fmt: skip


def test_a_sitting_is_cancelled_before_anybody_starts_and_all_are_told(person) -> None:
    make.make_bank()
    make.make_paper()
    sitting = make.make_sitting([person])
    hr = make_person("人事", roles=["hr"])
    with unit_of_work():
        service.cancel(hr, START, sitting, "停电")
    assert queries.sitting(sitting).cancelled and queries.sittings_of(person) == []
    assert session().query(Notice).filter_by(person_id=person).count() == 2
    with pytest.raises(ConflictError), unit_of_work():
        service.start(person, sitting, START, "tab")
    with pytest.raises(ConflictError), unit_of_work():
        service.add_candidate(hr, START, sitting, make_person("迟来的"), 0)


def test_a_started_sitting_is_not_cancelled(attempt) -> None:
    sitting = queries.attempt(attempt, START).sitting_id
    with pytest.raises(ConflictError), unit_of_work():
        service.cancel(make_person("人事"), START, sitting, "停电")


def test_extra_minutes_are_set_before_the_start_only(person) -> None:
    make.make_bank()
    make.make_paper()
    sitting = make.make_sitting([person], closes_at=START + 20 * MINUTE)
    hr = make_person("人事", roles=["hr"])
    with unit_of_work():
        service.add_candidate(hr, START, sitting, person, 15, "手部受伤")
    attempt = make.make_attempt(person, sitting)
    assert queries.attempt(attempt, START).deadline == START + 35 * MINUTE
    with pytest.raises(ConflictError), unit_of_work():
        service.add_candidate(hr, START, sitting, person, 30, "手部受伤")
    with pytest.raises(ForbiddenError), unit_of_work():
        service.add_candidate(hr, START, sitting, hr, 30)


def test_the_counts_of_a_sitting_add_up(person, attempt) -> None:
    sitting = queries.attempt(attempt, START).sitting_id
    other = make_person("考生乙")
    with unit_of_work():
        service.add_candidate(make_person("人事"), START, sitting, other, 0)
    make.submit(other, make.make_attempt(other, sitting))
    make.save(person, attempt, [make.event(1, '"0"', 1), make.event(77, '"0"', 2)])
    for at, expected in [(START, (2, 2, 1, 1, 0)), (START + make.HOUR, (2, 2, 1, 0, 1))]:
        counts = queries.reconciliation(2, queries.attempts_at(sitting, at))
        assert counts.adds_up
        found = (counts.candidates, counts.started, counts.submitted, counts.open, counts.expired)
        assert found == expected
        assert counts.events == {"accepted": 1, "unparsable": 1}
