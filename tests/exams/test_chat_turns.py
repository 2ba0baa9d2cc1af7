"""The turn of a chat over HTTP: what was earned, to whom it belongs, while the attempt runs; canaries."""

from __future__ import annotations

import json
from datetime import timedelta
from fractions import Fraction

import pytest

from cstrain.grading.rules import mark
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.chats import make_chat_attempt
from tests.factories.people import make_person


@pytest.fixture
def chatting(app, client):
    """A candidate who sits a chat, signed in."""
    with app.app_context():
        person = make_person("林晓雯")
        attempt = make_chat_attempt(person)
    return client.log_in_as(person), person, attempt


def turn(client, attempt, slot: int = 1):
    return client.raw.get(f"/attempts/{attempt}/slots/{slot}/turn")


def say(client, attempt, told: list[dict], way: str, number: int):
    """Send one line more, the way with this label; return the answer of the saving."""
    now = turn(client, attempt).get_json()
    reply = next(each for each in now["replies"] if each["label"] == way)
    told.append({"seen": 0, "ms": 4000, "reply": reply["id"], "text": reply["text"]})
    event = {
        "id": f"00000000-0000-4000-8000-{number:012x}",
        "slot": 1,
        "seq": number,
        "value": {"lines": told},
    }
    return client.raw.post(
        f"/attempts/{attempt}/answers",
        json={"lease": 1, "events": [event]},
        headers={"X-CSRFToken": client.csrf()},
    )


def test_a_chat_is_told_turn_by_turn_and_marked(app, chatting) -> None:
    client, person, attempt = chatting
    told: list[dict] = []
    first = turn(client, attempt).get_json()
    assert first["heard"] == [["顾客的话t1", "第二句"]] and not first["ended"]
    for number in range(1, 7):
        assert say(client, attempt, told, "好办法", number).status_code == 200
    last = turn(client, attempt).get_json()
    assert last["ended"] and last["heard"][-1] == ["谢谢"] and len(last["heard"]) == 7
    with app.app_context():
        from cstrain.exams import queries
        from cstrain.questions.queries import keyed_versions

        make.submit(person, attempt)
        slots = queries.markable_slots(attempt)
        marked = mark(slots, keyed_versions([slots[0].version_id]), partial=False)
    assert marked.slots[0].exact == 100 * Fraction(26, 28)
    assert marked.slots[0].measures["mean_reply"] == "4"


def test_another_way_is_not_told(chatting) -> None:
    client, _person, attempt = chatting
    told: list[dict] = []
    say(client, attempt, told, "好办法", 1)
    body = turn(client, attempt).get_data(as_text=True)
    assert "t2b" not in body and "credit" not in body and "t3" not in json.dumps(json.loads(body)["heard"])


def test_nothing_is_told_to_others_after_the_end_or_of_other_slots(app, chatting, clock) -> None:
    client, person, attempt = chatting
    assert turn(client, attempt, 2).status_code == 404
    assert turn(client, attempt + 1).status_code == 404
    with app.app_context():
        stranger = make_person("周明")
    client.log_in_as(stranger)
    refused = turn(client, attempt)
    assert refused.status_code == 404 and "顾客的话" not in refused.text
    client.log_in_as(person)
    clock.set(START + timedelta(minutes=31))
    refused = turn(client, attempt)
    assert refused.status_code == 409 and "顾客的话" not in refused.text


def test_after_handing_in_the_customer_is_silent(app, chatting) -> None:
    client, person, attempt = chatting
    with app.app_context():
        make.submit(person, attempt)
    refused = turn(client, attempt)
    assert refused.status_code == 409 and "顾客的话" not in refused.text


def test_nothing_of_the_script_leaves_before_it_is_earned(chatting) -> None:
    """Everything but the first words of the customer carries a canary."""
    client, _person, attempt = chatting
    page = client.raw.get(f"/attempts/{attempt}").text
    state = client.raw.get(f"/attempts/{attempt}/state").text
    told: list[dict] = []
    saved = say(client, attempt, told, "好办法", 1).text
    for body in (page, state, saved, client.raw.get(f"/attempts/{attempt}/held").text):
        assert make.CANARY not in body
        assert "顾客的话" not in body and "好办法" not in body and "otherwise" not in body
    assert "青石板" in page
    assert make.CANARY not in turn(client, attempt).get_json()["replies"][0]["label"]
