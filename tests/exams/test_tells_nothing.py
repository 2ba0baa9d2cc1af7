"""Every address a candidate can try, and every answer to a save: none tells of a key (S4)."""

from __future__ import annotations

import itertools
import json
import uuid
from typing import Any

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter

from cstrain.exams import service
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories import exams as make
from tests.factories.aloud import make_aloud_attempt
from tests.factories.chats import make_chat_attempt
from tests.factories.operations import make_operation_attempt
from tests.factories.people import make_person
from tests.factories.written import hand_in, make_written_paper
from tests.web.page_client import PageClient

IDS = (1, 2, 3, 7)
NAMES = ("tiny", "tiny-exam", "written", "chats", "machine")


@pytest.fixture
def candidate(app) -> tuple[PageClient, int, int]:
    """Somebody with attempts at every kind of question: some handed in, none released."""
    with app.app_context():
        person = make_person("林晓雯")
        attempt = make.make_attempt(person)
        make.answer_right(person, attempt, range(1, 6))
        make_chat_attempt(person)
        make_operation_attempt(person, "tab-1")
        make.submit(person, make_aloud_attempt(person))
        hand_in([person], make_written_paper())
    return PageClient(app).log_in_as(person), person, attempt


def _choices(kind: Any) -> tuple[Any, ...]:
    """Return what to put into a place of an address."""
    if isinstance(kind, AnyConverter):
        return tuple(kind.items)
    return IDS if isinstance(kind, IntegerConverter) else NAMES


def addresses(app) -> list[str]:
    """Return every address that can be fetched, with numbers and names of things that are there."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.endswith("static"):
            continue
        kinds = [rule._converters[name] for name in sorted(rule.arguments)]
        choices = [_choices(kind) for kind in kinds]
        adapter = app.url_map.bind("localhost")
        for values in itertools.product(*choices):
            named = dict(zip(sorted(rule.arguments), values, strict=True))
            found.append(adapter.build(rule.endpoint, named))
    return sorted(set(found))


def test_no_address_there_is_shows_a_candidate_a_canary_before_release(app, candidate) -> None:
    """New pages are in by themselves: the addresses come from the application's own map."""
    client, _, _ = candidate
    every = addresses(app)
    assert len(every) > 150
    shown, told = 0, []
    for url in every:
        response = client.raw.get(url)
        assert response.status_code < 500, (url, response.status_code)
        shown += response.status_code == 200
        if make.CANARY in response.get_data(as_text=True) or make.CANARY in str(response.headers):
            told.append(url)
    assert told == [] and shown > 25


def save(client: PageClient, attempt: int, token: str, seq: int, slot: int, value: Any) -> Any:
    event = {"id": str(uuid.UUID(int=seq, version=4)), "slot": slot, "seq": seq, "value": value, "mono": seq}
    return client.raw.post(
        f"/attempts/{attempt}/answers",
        json={"lease": 1, "events": [event]},
        headers={"X-CSRFToken": token},
    )


def right_and_wrong(attempt: int) -> dict[int, tuple[Any, Any]]:
    """Return for each slot its right answer and a wrong one that is just as long."""
    found = {}
    for slot, text in make.right_answers(attempt).items():
        right = json.loads(text)
        if right is True:
            wrong: Any = False
        elif isinstance(right, list) and not right[0].isdecimal():
            wrong = ["标准答錯"]
        elif isinstance(right, list):
            wrong = [str((int(each) + 1) % 4) for each in right]
        else:
            wrong = "77" if len(right) == 2 else str((int(right) + 1) % 4)
        found[slot] = (right, wrong)
    return found


@pytest.mark.both_databases
def test_a_save_answers_alike_in_size_shape_and_work_whether_right_or_wrong(app, candidate) -> None:
    client, _, attempt = candidate
    token = client.csrf()
    with app.app_context():
        pairs = right_and_wrong(attempt)
    save(client, attempt, token, 1, 1, "0")  # the session learns its roles
    sizes, shapes, works = set(), set(), set()
    for number, (slot, pair) in enumerate(sorted(pairs.items())):
        for at, value in enumerate(pair):
            with counted(app) as statements:
                response = save(client, attempt, token, 1000 + 2 * number + at, slot, value)
            body = response.get_json()
            assert list(body["dispositions"].values()) == ["accepted"]
            sizes.add((len(response.data), len(str(response.headers))))
            shapes.add(tuple(sorted(body)))
            works.add(len(statements))
    assert len(sizes) == len(shapes) == len(works) == 1, (sizes, shapes, works)


def test_what_a_chat_tells_of_a_good_and_a_bad_reply_has_the_same_shape(app) -> None:
    with app.app_context():
        people = [make_person(name) for name in ("林晓雯", "周子昂")]
        attempts = [make_chat_attempt(people[0])]
        sitting = make.make_sitting([people[1]], "chats", subject="again")
        with unit_of_work():
            attempts.append(service.start(people[1], sitting, START, "tab-1"))
    bodies = []
    for person, attempt, label in zip(people, attempts, ("好办法", "差办法"), strict=True):
        client = PageClient(app).log_in_as(person)
        save(client, attempt, client.csrf(), 1, 1, {"lines": [{"text": label, "at": 1000}]})
        told = client.raw.get(f"/attempts/{attempt}/slots/1/turn").get_json()
        bodies.append(told)
        assert "credit" not in json.dumps(told) and "hears" not in json.dumps(told)
    assert sorted(bodies[0]) == sorted(bodies[1])
