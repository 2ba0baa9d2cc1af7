"""Jobs run one after another; one that fails is told and stops nothing."""

from __future__ import annotations

import threading

import pytest

from cstrain.operations import job_runner
from tests.conftest import START


@pytest.fixture
def jobs(app, monkeypatch):
    ran: list[object] = []

    def breaks(_now):
        raise RuntimeError("out of order")

    monkeypatch.setitem(app.extensions, "cstrain.jobs", {"broken": breaks, "whole": ran.append})
    return ran


def test_a_job_that_fails_is_told_and_the_next_one_runs(app, jobs):
    assert job_runner.run_all(app) == {"broken": "RuntimeError: out of order"}
    assert jobs == [START]


def test_the_runner_works_until_it_is_told_to_stop(app, jobs, monkeypatch):
    monkeypatch.setattr(job_runner, "EVERY_SECONDS", 0.01)
    stop = threading.Event()
    runner = job_runner.JobRunner(app, stop)
    runner.start()
    for _ in range(200):
        if len(jobs) > 2:
            break
        stop.wait(0.02)
    stop.set()
    runner.join(timeout=5)
    assert not runner.is_alive()
    assert len(jobs) > 2


def test_the_packages_jobs_are_found(app):
    assert {"exams", "notifications"} <= set(job_runner.jobs_of(app))
