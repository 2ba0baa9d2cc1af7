"""Keys never leave before release: canaries in keys, explanations and sources; everything crawled (S4)."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest

from cstrain.exams import queries
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person


def crawl(client, starts: list[str]) -> dict[str, tuple[bytes, str]]:
    """Fetch everything that can be reached from ``starts``: body and headers by address."""
    found: dict[str, tuple[bytes, str]] = {}
    waiting = list(starts)
    while waiting:
        url = waiting.pop()
        if url in found:
            continue
        response = client.raw.get(url, follow_redirects=True)
        found[url] = (response.data, str(response.headers) + response.request.path)
        if response.mimetype not in ("text/html", "text/css", "text/javascript"):
            continue
        links = re.findall(r'(?:href|src|action)="([^"#]+)|from "(\./[^"]+)"', response.text)
        for link in (one or other for one, other in links):
            target = urlsplit(urljoin(url, link.replace("&amp;", "&")))
            if not target.netloc and target.path.startswith("/"):
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    return found


@pytest.fixture
def candidate(app, client):
    with app.app_context():
        make.make_bank()
        make.make_paper(release="two_persons")
        person = make_person()
        sitting = make.make_sitting([person])
        attempt = make.make_attempt(person, sitting)
        make.answer_right(person, attempt, range(1, 4))
    return client.log_in_as(person), person, sitting, attempt


def addresses(sitting, attempt) -> list[str]:
    own = ["", "/state", "/receipt", "/receipt.json", "/held", "/timeline.json"]
    return [
        "/",
        "/exams",
        "/scores",
        "/notices",
        "/attempts/token",
        f"/sittings/{sitting}",
        f"/results/{attempt}",
        *(f"/attempts/{attempt}{path}" for path in own),
    ]


def hits(found: dict[str, tuple[bytes, str]]) -> list[str]:
    canary = make.CANARY
    return [
        url
        for url, (body, head) in found.items()
        if canary.encode() in body or canary in head or canary in url
    ]


def test_a_crawl_before_release_finds_no_canary(app, candidate) -> None:
    client, _, sitting, attempt = candidate
    during = crawl(client, addresses(sitting, attempt))
    assert len(during) > 25 and hits(during) == []
    token = {"X-CSRFToken": client.csrf()}
    for path, body in [
        ("answers", {"lease": 1, "events": [make_json(1, "0")]}),
        ("answers", {"lease": 7, "events": [make_json(2, "0")]}),
        ("answers", {"lease": 1, "events": [make_json(77, "0")]}),
        ("lease", {"holder": "x", "force": True}),
        ("submit", {"key": "k"}),
    ]:
        response = client.raw.post(f"/attempts/{attempt}/{path}", json=body, headers=token)
        assert make.CANARY not in response.text
    after = crawl(client, addresses(sitting, attempt))
    assert hits(after) == []


def make_json(slot, value):
    number = f"{slot:012x}"
    return {"id": f"00000000-0000-4000-8000-{number}", "slot": slot, "seq": slot + 100, "value": value}


def test_after_release_the_explanations_are_there(app, candidate) -> None:
    """The crawl finds them then: it can see what it looks for."""
    from cstrain.grading import service
    from cstrain.unit_of_work import unit_of_work

    client, person, sitting, attempt = candidate
    with app.app_context():
        make.submit(person, attempt)
        for act, name in ((service.propose_release, "甲"), (service.confirm_release, "乙")):
            actor = make_person(name, roles=["hr"])
            with unit_of_work():
                act(actor, START, [attempt])
    assert hits(crawl(client, addresses(sitting, attempt))) == [f"/results/{attempt}"]


def test_no_query_of_the_taking_path_touches_the_keys(app, candidate) -> None:
    import sqlalchemy as sa

    from cstrain.extensions import db

    client, _, sitting, attempt = candidate
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

        def note(_connection, _cursor, statement, *_rest) -> None:
            seen.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        for path in addresses(sitting, attempt)[4:]:
            client.raw.get(path)
        token = {"X-CSRFToken": client.csrf()}
        client.raw.post(
            f"/attempts/{attempt}/answers", json={"lease": 1, "events": [make_json(1, "0")]}, headers=token
        )
        sa.event.remove(engine, "before_cursor_execute", note)
    assert seen and not [one for one in seen if "question_key" in one or "explanation" in one]


@pytest.mark.slow
def test_option_ids_and_places_tell_nothing_about_the_key(context) -> None:
    """An option's id is its place in the attempt; the right one stands in every place equally often."""
    make.make_bank(each=20)
    cells = [{"topics": ["basics"], "types": ["single_choice"], "count": 20}]
    make.make_paper(sections=[{"title": "一", "marks": 5, "cells": cells}])
    places: Counter[str] = Counter()
    for _ in range(25):
        person = make_person("考生")
        attempt = make.make_attempt(person, make.make_sitting([person]))
        for slot in queries.taking_view(person, attempt, START).slots:
            assert [option["id"] for option in slot.content["options"]] == ["0", "1", "2", "3"]
        places.update(make.right_answers(attempt).values())
    total, expected = sum(places.values()), 125
    assert total == 500 and set(places) == {'"0"', '"1"', '"2"', '"3"'}
    assert (
        sum((count - expected) ** 2 / expected for count in places.values()) < 30.7
    )  # chi-square, p 0.000001: the seeds are secret
