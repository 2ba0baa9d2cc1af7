"""Operation tasks through the server: the end state never leaves before release, and saving tells nothing."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.exams.test_canaries import addresses, crawl, hits
from tests.factories.exams import CANARY
from tests.factories.operations import make_operation_attempt
from tests.factories.people import make_person

RIGHT = [[0, "set", "flag", "黄"], [1, "press", "save"]]
WRONG = [[0, "set", "flag", "红"], [1, "press", "save"]]


@pytest.fixture
def candidate(app, client):
    with app.app_context():
        person = make_person()
        attempt = make_operation_attempt(person, "tab-1")
    return client.log_in_as(person), attempt


def send(client, attempt: int, seq: int, steps: list[list[object]]):
    event = {
        "id": str(uuid.uuid4()),
        "slot": 2,
        "seq": seq,
        "client_at": "2026-11-20T01:00:00Z",
        "value": {"steps": steps},
    }
    return client.raw.post(
        f"/attempts/{attempt}/answers",
        json={"lease": 1, "events": [event]},
        headers={"X-CSRFToken": client.csrf()},
    )


def test_a_crawl_before_release_finds_nothing_of_the_end_state(candidate) -> None:
    client, attempt = candidate
    found = crawl(client, addresses(1, attempt))
    assert any(b"data-operation" in body for body, _ in found.values())
    assert hits(found) == []


def test_saving_right_and_wrong_steps_looks_the_same(candidate) -> None:
    client, attempt = candidate
    answers = [send(client, attempt, seq, steps) for seq, steps in ((1, RIGHT), (2, WRONG))]
    assert [answer.status_code for answer in answers] == [200, 200]
    first, second = (json.loads(answer.data) for answer in answers)
    assert set(first) == set(second)
    assert not any(CANARY.encode() in answer.data for answer in answers)
