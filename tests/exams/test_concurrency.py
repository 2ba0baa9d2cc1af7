"""Fifty at once: one start, one submission, equal receipts, one lease holder; on each kind of database."""

from __future__ import annotations

import threading

import pytest

from cstrain.exams import queries, service
from cstrain.exams.models import Attempt, AttemptMoment
from cstrain.extensions import db, session
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person

AT_ONCE = 50


def all_at_once(app, acts):
    """Run the acts in threads that begin together; return what they returned, in order."""
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act) -> None:
        with app.app_context():
            barrier.wait()
            try:
                with unit_of_work():
                    found[index] = act()
            except Exception as error:  # kept for the assertion
                found[index] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.fixture
def attempt(any_app):
    with any_app.app_context():
        person = make_person()
        return person, make.make_attempt(person)


def test_fifty_submissions_are_one_with_equal_receipts(any_app, attempt) -> None:
    from cstrain.grading.models import Result

    person, number = attempt
    with any_app.app_context():
        make.answer_right(person, number)
    receipts = all_at_once(
        any_app,
        [lambda key=key: service.submit(person, number, f"key-{key}", START) for key in range(AT_ONCE)],
    )
    assert len(set(receipts)) == 1 and receipts[0].answered == 10
    with any_app.app_context():
        assert session().query(AttemptMoment).filter_by(attempt_id=number, kind="submit").count() == 1
        assert session().query(Result).filter_by(attempt_id=number).count() == 1


def test_fifty_starts_are_one_attempt(any_app) -> None:
    with any_app.app_context():
        make.make_bank()
        make.make_paper()
        person = make_person()
        sitting = make.make_sitting([person])
    found = all_at_once(
        any_app,
        [lambda tab=tab: service.start(person, sitting, START, f"tab-{tab}") for tab in range(AT_ONCE)],
    )
    assert len(set(found)) == 1
    with any_app.app_context():
        assert session().query(Attempt).count() == 1


def test_of_fifty_that_take_over_each_has_an_epoch_of_its_own(any_app, attempt) -> None:
    person, number = attempt

    def take(tab: int):
        service.take_lease(person, number, START, f"tab-{tab}", force=True)
        return session().get_one(Attempt, number).lease_epoch

    epochs = all_at_once(any_app, [lambda tab=tab: take(tab) for tab in range(100, 100 + AT_ONCE)])
    assert sorted(epochs) == list(range(2, 2 + AT_ONCE))


def test_a_batch_that_a_proxy_doubles_is_stored_once(any_app, attempt) -> None:
    person, number = attempt
    events = [make.event(slot, '"0"', slot) for slot in range(1, 11)]
    outcomes = all_at_once(any_app, [lambda: service.save(person, number, START, 1, events)] * 10)
    assert {tuple(outcome.dispositions.values()) for outcome in outcomes} == {("accepted",) * 10}
    with any_app.app_context():
        assert queries.events_by_disposition([number]) == {"accepted": 10}


def test_saves_that_race_a_submission_are_counted_or_kept_aside_never_lost(any_app, attempt) -> None:
    person, number = attempt
    acts = [
        lambda seq=seq: service.save(person, number, START, 1, [make.event(1, f'"{seq % 4}"', seq)])
        for seq in range(1, 21)
    ]
    acts.insert(10, lambda: service.submit(person, number, "key", START))
    all_at_once(any_app, acts)
    with any_app.app_context():
        counts = queries.events_by_disposition([number])
        assert sum(counts.values()) == 20 and set(counts) <= {"accepted", "after_submit"}
        receipt = service.receipt(person, number)
        assert receipt == make.submit(person, number)
