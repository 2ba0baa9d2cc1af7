"""Fifty at once: one start, one submission, equal receipts, one lease holder; on each kind of database."""

from __future__ import annotations

import pytest

from cstrain.audit.models import AuditEntry
from cstrain.exams import queries, service
from cstrain.exams.models import Attempt, AttemptMoment, Sitting
from cstrain.extensions import session
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.racing import all_at_once

AT_ONCE = 50

pytestmark = pytest.mark.both_databases


@pytest.fixture
def attempt(app):
    with app.app_context():
        person = make_person()
        return person, make.make_attempt(person)


def test_fifty_submissions_are_one_with_equal_receipts(app, attempt) -> None:
    from cstrain.grading.models import Result

    person, number = attempt
    with app.app_context():
        make.answer_right(person, number)
    receipts = all_at_once(
        app,
        [lambda key=key: service.submit(person, number, f"key-{key}", START) for key in range(AT_ONCE)],
    )
    assert len(set(receipts)) == 1 and receipts[0].answered == 10
    with app.app_context():
        assert session().query(AttemptMoment).filter_by(attempt_id=number, kind="submit").count() == 1
        assert session().query(Result).filter_by(attempt_id=number).count() == 1


def test_fifty_starts_are_one_attempt(app) -> None:
    with app.app_context():
        make.make_bank()
        make.make_paper()
        person = make_person()
        sitting = make.make_sitting([person])
    found = all_at_once(
        app,
        [lambda tab=tab: service.start(person, sitting, START, f"tab-{tab}") for tab in range(AT_ONCE)],
    )
    assert len(set(found)) == 1
    with app.app_context():
        assert session().query(Attempt).count() == 1


def test_fifty_first_askings_for_a_quiz_are_one_sitting(app) -> None:
    with app.app_context():
        make.make_bank()
        make.make_paper("tiny-quiz", kind="quiz", release="auto")
        person, mate = make_person(), make_person()

    def ask(whose):
        window = {"opens_at": START, "closes_at": START + make.HOUR}
        return service.ensure_quiz(START, paper_ref="tiny-quiz", subject="s", person=whose, **window)

    found = all_at_once(app, [lambda: ask(person)] * (AT_ONCE - 1) + [lambda: ask(mate)])
    mine, other = set(found[:-1]), found[-1]
    assert len(mine) == 1 and other not in mine
    with app.app_context():
        assert session().query(Sitting).count() == 2
        assert list(queries.candidates_of(mine.pop())) == [person]
        asked = session().query(AuditEntry).filter_by(action="sitting.quiz").count()
        assert asked == 2


def test_of_fifty_that_take_over_each_has_an_epoch_of_its_own(app, attempt) -> None:
    person, number = attempt

    def take(tab: int):
        service.take_lease(person, number, START, f"tab-{tab}", force=True)
        return session().get_one(Attempt, number).lease_epoch

    epochs = all_at_once(app, [lambda tab=tab: take(tab) for tab in range(100, 100 + AT_ONCE)])
    assert sorted(epochs) == list(range(2, 2 + AT_ONCE))


def test_a_batch_that_a_proxy_doubles_is_stored_once(app, attempt) -> None:
    person, number = attempt
    events = [make.event(slot, '"0"', slot) for slot in range(1, 11)]
    outcomes = all_at_once(app, [lambda: service.save(person, number, START, 1, events)] * 10)
    assert {tuple(outcome.dispositions.values()) for outcome in outcomes} == {("accepted",) * 10}
    with app.app_context():
        assert queries.events_by_disposition([number]) == {"accepted": 10}


def test_saves_that_race_a_submission_are_counted_or_kept_aside_never_lost(app, attempt) -> None:
    person, number = attempt
    acts = [
        lambda seq=seq: service.save(person, number, START, 1, [make.event(1, f'"{seq % 4}"', seq)])
        for seq in range(1, 21)
    ]
    acts.insert(10, lambda: service.submit(person, number, "key", START))
    all_at_once(app, acts)
    with app.app_context():
        counts = queries.events_by_disposition([number])
        assert sum(counts.values()) == 20 and set(counts) <= {"accepted", "after_submit"}
        receipt = service.receipt(person, number)
        assert receipt == make.submit(person, number)
