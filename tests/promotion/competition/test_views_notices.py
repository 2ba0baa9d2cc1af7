"""Pages of the public notice about who was chosen."""

from __future__ import annotations

import pytest

from tests.factories import competitions as make
from tests.factories.competitions import CLOSES, PUBLISHED, RATING, at


@pytest.fixture
def cast(app, clock):
    clock.set(RATING)
    with app.app_context():
        return make.on_trial()


@pytest.fixture
def walk(client, clock):
    def step(person, when):
        clock.set(when)
        return client.log_in_as(person)

    return step


def test_the_notice_by_pages(walk, cast):
    person = cast.applications[cast.candidates[0]]
    hr, first = cast.people["hr"], at(PUBLISHED)
    client = walk(hr, first)
    assert "竞聘入选的人等公示" in client.get("/")
    assert f"/candidates/{person}/notice" in client.get("/competitions/1")
    client.get(f"/competitions/candidates/{person}/notice")
    client.get(f"/competitions/candidates/{cast.applications[cast.candidates[1]]}/notice", 404)
    client.post(f"/competitions/candidates/{person}/notice", {"record": ""}, 422)
    client.post(f"/competitions/candidates/{person}/notice", {"record": "带过三位新人。"})
    assert "第二天可以结束" in client.get("/competitions/1")

    client = walk(cast.colleagues[0], first)
    assert "周敏" in client.get("/public-notices")
    page = client.get("/competitions/notices/1")
    assert "带过三位新人。" in page and "98.00" not in page
    assert client.download("/competitions/notices/1/notice.pdf")[:4] == b"%PDF"
    client.get("/competitions/notices/1/objection")
    client.post("/competitions/notices/1/objection", {"text": ""}, 422)
    client.post("/competitions/notices/1/objection", {"text": "业绩要核实"})
    client.get("/competitions/notices/1/objections", 403)
    walk(cast.candidates[0], first).get("/competitions/notices/1/objection", 404)

    client = walk(cast.people["hr2"], at(CLOSES))
    assert "没有答复" in client.get("/competitions/1")
    client.post("/competitions/notices/1/close", status=409)
    assert "丁晓峰" in client.get("/competitions/notices/1/objections")
    client.post("/competitions/objections/1/start")
    client.get("/competitions/objections/1/answer")
    client.post("/competitions/objections/1/answer", {"outcome": "dismissed", "reason": ""}, 422)
    client.post("/competitions/objections/1/answer", {"outcome": "dismissed", "reason": "已核实"})
    assert "异议不成立" in client.get("/competitions/notices/1/objections")
    client.post("/competitions/notices/1/close")
    assert "没有成立的异议" in client.get("/competitions/1")
    assert "没有成立的异议" in walk(cast.candidates[0], at(CLOSES)).get("/competitions/notices/1")
    client = walk(cast.colleagues[0], at(CLOSES))
    client.get("/competitions/notices/1", 404)
    client.get("/competitions/notices/1/notice.pdf", 404)
    client.post("/competitions/notices/1/objection", {"text": "晚了"}, 404)
    client.get("/competitions/notices/9", 404)
