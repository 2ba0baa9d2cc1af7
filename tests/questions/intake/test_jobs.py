"""The beat begins an import in a thread of its own; the jobs end those that nobody confirmed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cstrain.extensions import session
from cstrain.questions.intake import jobs, queries, service
from cstrain.questions.intake.facts import Upload
from cstrain.unit_of_work import unit_of_work
from tests.factories.imports import good, sheet

pytestmark = pytest.mark.usefixtures("context", "bank")


@pytest.fixture
def waiting(trainer, clock, bank) -> int:
    with unit_of_work():
        return service.upload(Upload("own", "", "a.xlsx", sheet(good(3))), trainer, "", clock.now()).id


def state(batch: int) -> str:
    session().rollback()
    session().expire_all()  # another thread wrote
    return queries.import_to_review(batch).line.state


def test_a_beat_begins_what_waits_and_nothing_else(app, clock, waiting, trainer) -> None:
    jobs.beat("run", clock.now())
    worker = app.extensions["cstrain.imports"]
    worker.join(timeout=30)
    assert not worker.is_alive() and state(waiting) == "checked"
    jobs.beat("run", clock.now())
    assert app.extensions["cstrain.imports"] is worker


def test_a_failure_of_the_worker_is_logged_and_tried_again(app, clock, waiting, monkeypatch, caplog) -> None:
    def broken(_clock):
        raise RuntimeError("no connection")

    monkeypatch.setattr(jobs, "work_through", broken)
    jobs.beat("run", clock.now())
    app.extensions["cstrain.imports"].join(timeout=30)
    assert "tried again" in caplog.text
    monkeypatch.undo()
    jobs.beat("run", clock.now())
    app.extensions["cstrain.imports"].join(timeout=30)
    assert state(waiting) == "checked"


def test_jobs_end_what_nobody_confirmed(clock, waiting) -> None:
    service.work_through(clock.now)
    clock.move(timedelta(days=31))
    jobs.run(clock.now())
    assert state(waiting) == "cancelled"
