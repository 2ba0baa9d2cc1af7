"""The exam pages: who sees what, what the player gets, what invigilators may do; never a key."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

import pytest

from cstrain.exams import queries
from tests.conftest import START
from tests.factories import exams as make

MINUTE = timedelta(minutes=1)


def post_json(client, url: str, body, status: int = 200):
    response = client.raw.post(
        url, json=body, headers={"X-CSRFToken": client.csrf(), "Accept": "application/json"}
    )
    assert response.status_code == status, response.text
    return response.get_json()


def events(*pairs, first: int = 1):
    return [
        {"id": f"00000000-0000-4000-8000-{first + n:012x}", "slot": slot, "seq": first + n, "value": value}
        for n, (slot, value) in enumerate(pairs)
    ]


# --- the candidate


def test_an_empty_list_says_what_the_place_holds(client, people) -> None:
    assert "现在没有要参加的考试" in client.log_in_as(people["person"]).get("/exams")


def test_the_list_says_what_comes_next(app, client, people, clock) -> None:
    with app.app_context():
        make.make_sitting([people["person"]], opens_at=START + 60 * MINUTE, closes_at=START + 120 * MINUTE)
    client.log_in_as(people["person"])
    assert "下一场：小试卷" in client.get("/exams")
    clock.move(60 * MINUTE)
    assert "现在可以开始：小试卷" in client.get("/exams")
    clock.move(60 * MINUTE)
    assert "没有参加" in client.get("/exams")


def test_a_sitting_shows_its_rules_and_when_it_may_begin(app, client, people, clock) -> None:
    with app.app_context():
        later = make.make_sitting([people["person"]], opens_at=START + MINUTE, closes_at=START + 60 * MINUTE)
    page = client.log_in_as(people["person"]).get(f"/sittings/{later}")
    assert 'aria-disabled="true"' in page and "才能开始" in page and f"/sittings/{later}/start" not in page
    client.post(f"/sittings/{later}/start", status=409)
    clock.move(MINUTE)
    assert f"/sittings/{later}/start" in client.get(f"/sittings/{later}")


def test_starting_leads_to_the_player_and_again_to_the_same(client, people, sitting) -> None:
    client.log_in_as(people["person"])
    first = client.post(f"/sittings/{sitting}/start").location
    assert client.post(f"/sittings/{sitting}/start", audited=False).location == first
    page = client.get(first)
    assert page.count('class="q-panel"') == 10 and "player-config" in page
    assert "正在进行" in client.get(f"/sittings/{sitting}")
    assert "请继续答题" in client.get("/exams")


def test_the_player_gets_durations_and_its_own_answers(client, people, attempt, clock) -> None:
    client.log_in_as(people["person"])
    post_json(client, f"/attempts/{attempt}/answers", {"lease": 1, "events": events((1, "2"))})
    clock.move(10 * MINUTE)
    page = client.get(f"/attempts/{attempt}")
    found = re.search(r'id="player-config">(.*?)</script>', page, re.S)
    config = json.loads(found.group(1))
    assert config["state"]["remaining_ms"] == 20 * 60 * 1000
    assert config["state"]["answers"]["1"]["value"] == "2" and config["state"]["seq"] == 1
    assert config["person"] == people["person"]
    assert "version" not in json.dumps(config) and "seed" not in page


def test_saving_answers_by_its_fate(client, people, attempt, clock) -> None:
    client.log_in_as(people["person"])
    url = f"/attempts/{attempt}/answers"
    body = post_json(client, url, {"lease": 1, "events": events((1, "2"), (2, ["0"]))})
    assert set(body["dispositions"].values()) == {"accepted"} and body["answers"] is None
    taken = post_json(client, f"/attempts/{attempt}/lease", {"holder": "other", "force": True})
    assert taken["mine"] and taken["lease"] == 2 and taken["seq"] == 2
    stale = post_json(client, url, {"lease": 1, "events": events((1, "3"), first=3)}, 409)
    assert stale["stale"] and stale["answers"]["1"]["value"] == "2"
    clock.move(30 * MINUTE + timedelta(seconds=2))
    grace = post_json(client, url, {"lease": 1, "events": events((1, "3"), first=4)}, 409)
    assert set(grace["dispositions"].values()) == {"superseded"}
    clock.move(MINUTE)
    late = post_json(client, url, {"lease": 2, "events": events((1, "3"), first=5)})
    assert set(late["dispositions"].values()) == {"late"} and late["over"]


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"nonsense", b'{"lease": NaN, "events": []}', b"[" * 100_000, b'{"lease":1,"events":[1]}'],
)
def test_what_is_no_batch_is_refused_and_writes_nothing(app, client, people, attempt, data) -> None:
    client.log_in_as(people["person"])
    headers = {"X-CSRFToken": client.csrf(), "Content-Type": "application/json"}
    response = client.raw.post(f"/attempts/{attempt}/answers", data=data, headers=headers)
    assert response.status_code == 422
    with app.app_context():
        assert queries.events_by_disposition([attempt]) == {}


@pytest.mark.parametrize("value", ["\ud800", "a\x00b", "x" * 1_000_000, {"deep": [[[]]]}, 1e308])
def test_strange_values_are_kept_and_break_no_page(client, people, attempt, value) -> None:
    client.log_in_as(people["person"])
    body = {"lease": 1, "events": events((1, value))}
    post_json(client, f"/attempts/{attempt}/answers", body)
    client.get(f"/attempts/{attempt}")
    client.get(f"/attempts/{attempt}/held")
    post_json(client, f"/attempts/{attempt}/submit", {"key": "k"})
    client.get(f"/attempts/{attempt}/receipt")
    client.download(f"/attempts/{attempt}/receipt.json")


def test_a_strange_holder_or_key_is_no_fault(client, people, attempt) -> None:
    client.log_in_as(people["person"])
    for holder in ("\ud800", 5, None, "x" * 500, "a\x00"):
        post_json(client, f"/attempts/{attempt}/lease", {"holder": holder, "force": True})
    post_json(client, f"/attempts/{attempt}/submit", {"key": "\ud800"})


def test_without_the_token_nothing_is_saved_and_a_new_one_is_for_the_same_person(
    app, client, people, attempt
) -> None:
    client.log_in_as(people["person"])
    url = f"/attempts/{attempt}/answers"
    body = {"lease": 1, "events": events((1, "2"))}
    assert client.raw.post(url, json=body, headers={"X-CSRFToken": "old"}).status_code == 400
    fresh = client.raw.get("/attempts/token").get_json()
    assert fresh["person"] == people["person"]
    assert client.raw.post(url, json=body, headers={"X-CSRFToken": fresh["token"]}).status_code == 200
    with app.app_context():
        assert queries.events_by_disposition([attempt]) == {"accepted": 1}


def test_a_visitor_is_sent_to_log_in(client, attempt) -> None:
    for path in ("token", f"{attempt}", f"{attempt}/state"):
        assert client.raw.get(f"/attempts/{path}").status_code in (302, 401)


@pytest.mark.parametrize("path", ["", "/state", "/receipt", "/receipt.json", "/held", "/timeline.json"])
@pytest.mark.parametrize("who", ["mate", "hr", "trainer", "watcher"])
def test_a_foreign_attempt_is_not_found(client, people, attempt, path, who) -> None:
    client.log_in_as(people[who]).raw.get(f"/attempts/{attempt}{path}")
    client.get(f"/attempts/{attempt}{path}", status=404)
    client.get(f"/attempts/99999{path}", status=404)


@pytest.mark.parametrize("path", ["answers", "lease", "submit"])
def test_nobody_writes_into_a_foreign_attempt(app, client, people, attempt, path) -> None:
    client.log_in_as(people["mate"])
    body = {"lease": 1, "events": events((1, "2")), "holder": "x", "force": True, "key": "k"}
    post_json(client, f"/attempts/{attempt}/{path}", body, 404)
    with app.app_context():
        assert queries.attempt(attempt, START).state == "open"
        assert queries.events_by_disposition([attempt]) == {}


def test_a_foreign_sitting_is_not_found(app, client, people) -> None:
    with app.app_context():
        foreign = make.make_sitting([people["mate"]])
    client.log_in_as(people["person"]).get(f"/sittings/{foreign}", status=404)
    client.post(f"/sittings/{foreign}/start", status=404)


def test_the_receipt_verifies_without_the_system(client, people, attempt) -> None:
    client.log_in_as(people["person"])
    answers = events((1, "2"), (3, ["0", "1"]), (7, ["甲，“乙”"]), (9, "42"))
    post_json(client, f"/attempts/{attempt}/answers", {"lease": 1, "events": answers})
    first = post_json(client, f"/attempts/{attempt}/submit", {"key": "k"})
    assert post_json(client, f"/attempts/{attempt}/submit", {"key": "other"}) == first
    page = client.get(f"/attempts/{attempt}/receipt")
    assert first["receipt"] in page and "4题，共10题" in re.sub(r"<[^>]+>", "", page)
    kept = json.loads(client.download(f"/attempts/{attempt}/receipt.json"))
    body = {key: kept[key] for key in ("answers", "attempt", "submitted_at")}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == kept["receipt"] == first["receipt"]
    assert client.raw.get(f"/attempts/{attempt}").location.endswith(f"/attempts/{attempt}/receipt")


def test_the_receipt_of_an_open_attempt_leads_back_to_it(client, people, attempt) -> None:
    client.log_in_as(people["person"])
    assert client.raw.get(f"/attempts/{attempt}/receipt").location.endswith(f"/attempts/{attempt}")
    client.get(f"/attempts/{attempt}/receipt.json", status=409)


def test_what_the_server_holds_is_shown_at_any_time(client, people, attempt, clock) -> None:
    client.log_in_as(people["person"])
    post_json(client, f"/attempts/{attempt}/answers", {"lease": 1, "events": events((1, "2"))})
    page = re.sub(r"<[^>]+>", "", client.get(f"/attempts/{attempt}/held"))
    assert "服务器上有你的1题答案，共10题" in page and "开始答题" in page and "应该怎样处理" in page
    timeline = json.loads(client.download(f"/attempts/{attempt}/timeline.json"))
    assert [one["kind"] for one in timeline["moments"]] == ["start", "saves"]
    post_json(client, f"/attempts/{attempt}/submit", {"key": "k"})
    assert "应该怎样处理" not in client.get(f"/attempts/{attempt}/held")  # the paper is not read out again


def test_a_voided_attempt_leads_to_its_sitting(app, client, people, sitting, attempt) -> None:
    from cstrain.exams.models import Attempt
    from cstrain.unit_of_work import unit_of_work

    with app.app_context(), unit_of_work() as db:
        db.get_one(Attempt, attempt).voided_at = START
    client.log_in_as(people["person"])
    assert client.raw.get(f"/attempts/{attempt}").location.endswith(f"/sittings/{sitting}")
    assert "已作废" in client.get(f"/sittings/{sitting}")
