"""The exam pages: who sees what, what the player gets, what invigilators may do; never a key."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

import pytest

from cstrain.exams import queries
from cstrain.kernel.ids import AttemptId
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person

MINUTE = timedelta(minutes=1)


@pytest.fixture
def people(app):
    with app.app_context():
        make.make_bank(each=8)
        make.make_paper()
        return {
            "person": make_person("林晓雯"),
            "mate": make_person("周子昂"),
            "hr": make_person("王敏", roles=["hr"]),
            "trainer": make_person("李老师", roles=["trainer"]),
            "watcher": make_person("监考甲", roles=["invigilator"]),
            "second": make_person("监考乙", roles=["invigilator"]),
        }


@pytest.fixture
def sitting(app, people):
    with app.app_context():
        return make.make_sitting([people["person"], people["mate"]])


@pytest.fixture
def attempt(app, people, sitting):
    with app.app_context():
        return make.make_attempt(people["person"], sitting)


def post_json(client, url: str, body, status: int = 200):
    response = client.raw.post(url, json=body, headers={"X-CSRFToken": client.csrf(), "Accept": "application/json"})
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
    "data", [b"", b"[]", b"nonsense", b'{"lease": NaN, "events": []}', b"[" * 100_000, b'{"lease":1,"events":[1]}']
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


def test_without_the_token_nothing_is_saved_and_a_new_one_is_for_the_same_person(app, client, people, attempt) -> None:
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


# --- arranging


def form(known, /, **fields):
    day = {"opens_at": "2026-11-23T14:00", "closes_at": "2026-11-23T15:30"}
    return {"paper": "tiny-exam", **day, "place": "三楼", "people": [known["person"]], **fields}


def test_hr_arranges_a_sitting_by_hand(app, client, people) -> None:
    client.log_in_as(people["hr"])
    assert "没有正在进行的考试" in client.get("/sittings")
    with app.app_context():
        from cstrain.people.queries import people as facts

        number = facts([people["mate"]], START.date())[people["mate"]].staff_no
    place = client.post("/sittings/new", form(people, staff_numbers=f" {number}，")).location
    page = client.get(place)
    assert "林晓雯" in page and "周子昂" in page and "14:00–15:30" in page
    assert "小试卷" in client.get("/sittings")
    client.log_in_as(people["person"])
    assert "小试卷" in client.get("/exams") and "小试卷" in client.get("/notices")


@pytest.mark.parametrize(
    "fields",
    [
        {"paper": ""},
        {"paper": "nowhere"},
        {"opens_at": "tomorrow"},
        {"closes_at": "2026-11-23T13:00"},
        {"opens_at": "2026-11-01T10:00", "closes_at": "2026-11-01T11:00"},
        {"people": []},
        {"staff_numbers": "X999"},
        {"people": ["x"]},
    ],
)
def test_a_sitting_that_makes_no_sense_is_refused_and_the_form_kept(client, people, fields) -> None:
    client.log_in_as(people["hr"])
    response = client.post("/sittings/new", form(people, **fields), status=422)
    assert 'value="三楼"' in response.text and "data-focus" in response.text


def test_nobody_arranges_for_themself(client, people) -> None:
    client.log_in_as(people["hr"])
    response = client.post("/sittings/new", form(people, people=[people["hr"]]), status=422)
    assert "不能给自己安排考试" in response.text


def test_a_bank_that_is_too_small_is_said_with_numbers(app, client, people) -> None:
    with app.app_context():
        make.make_paper("tiny-disjoint", title="转正卷", disjoint=True)
        for _ in range(4):
            made = make.make_attempt(people["person"], make.make_sitting([people["person"]], "tiny-disjoint"))
            make.submit(people["person"], made)
    client.log_in_as(people["hr"])
    page = client.get("/sittings/new?paper=tiny-disjoint&q=K")
    plain = re.sub(r"<[^>]+>", "", page)
    assert "题库不够一套新卷" in plain and "还够4套新卷" in plain
    response = client.post("/sittings/new", form(people, paper="tiny-disjoint"), status=422)
    assert "差10题" in re.sub(r"<[^>]+>", "", response.text)


def test_people_are_found_by_group(client, people) -> None:
    page = client.log_in_as(people["hr"]).get("/sittings/new?group=department-1")
    assert "林晓雯" in page and "周子昂" in page
    picks = page[page.index('id="people"') :]
    assert "王敏" not in picks  # nobody arranges for themself


def test_packages_above_add_their_groups(app, client, people) -> None:
    source = lambda on: [queries.PeopleGroup("cohort-1", "第12期", (people["mate"],))]  # noqa: E731
    queries.group_sources.append(source)
    try:
        page = client.log_in_as(people["hr"]).get("/sittings/new?group=cohort-1")
    finally:
        queries.group_sources.remove(source)
    picks = page[page.index('id="people"') :]
    assert "第12期" in page and "周子昂" in picks and "林晓雯" not in picks


def test_a_candidate_is_added_with_extra_minutes(app, client, people, sitting) -> None:
    client.log_in_as(people["hr"])
    url = f"/sittings/{sitting}/candidates"
    with app.app_context():
        newcomer = make_person("新考生", staff_no="N0001")
    client.post(url, {"staff_no": "n0001", "extra_minutes": "15"})
    assert "额外时间15分钟" in re.sub(r"<[^>]+>", "", client.get(f"/sittings/{sitting}/watch"))
    with app.app_context():
        assert queries.candidates_of(sitting)[newcomer] == 15
    client.post(url, {"staff_no": "nobody", "extra_minutes": "0"}, status=422)
    client.post(url, {"staff_no": "", "extra_minutes": "x"}, status=422)


def test_a_sitting_is_cancelled_with_a_reason(client, people, sitting) -> None:
    client.log_in_as(people["hr"])
    client.post(f"/sittings/{sitting}/cancel", {"reason": ""}, status=422)
    client.post(f"/sittings/{sitting}/cancel", {"reason": "停电"})
    assert "已取消" in client.get("/sittings")
    assert "已取消" in client.log_in_as(people["person"]).get(f"/sittings/{sitting}")


@pytest.mark.parametrize("path", ["/sittings", "/sittings/new", "/sittings/1/watch"])
def test_candidates_neither_arrange_nor_watch(client, people, sitting, path) -> None:
    client.log_in_as(people["person"]).get(path, status=403)


# --- watching


def test_an_invigilator_sees_who_is_in_and_never_an_answer(app, client, people, sitting, attempt) -> None:
    with app.app_context():
        make.answer_right(people["person"], attempt)
    page = client.log_in_as(people["watcher"]).get(f"/sittings/{sitting}/watch")
    plain = re.sub(r"<[^>]+>", "", page)
    assert "1人正在答题" in plain and "正在答题" in plain and "未开始" in plain and "数目相符" in plain
    assert "标准答案" not in page and make.CANARY not in page


def test_an_invigilator_who_sits_the_exam_does_not_watch_themself(app, client, people) -> None:
    with app.app_context():
        mixed = make.make_sitting([people["watcher"], people["mate"]])
        own = make.make_attempt(people["watcher"], mixed)
    client.log_in_as(people["watcher"])
    page = client.get(f"/sittings/{mixed}/watch")
    assert "周子昂" in page and f"/attempts/{own}/extend" not in page
    client.post(f"/attempts/{own}/extend", {"minutes": "5", "reason": "停电"}, status=404)
    client.post(f"/attempts/{own}/void", {"reason": "停电"}, status=404)


def test_ten_minutes_alone_and_more_with_a_second_person(app, client, people, sitting, attempt) -> None:
    client.log_in_as(people["watcher"])
    url = f"/attempts/{attempt}/extend"
    client.post(url, {"minutes": "ten", "reason": ""}, status=422)
    client.post(url, {"minutes": "5", "reason": "停电"})
    client.post(url, {"minutes": "20", "reason": "停电二十分钟"})
    client.post(url, {"minutes": "30", "reason": "再一次"}, status=422)
    with app.app_context():
        assert queries.attempt(attempt, START).deadline == START + 35 * MINUTE
        (proposal,) = queries.open_interventions()
    assert "要由另一位监考或人事来决定" in client.get(f"/sittings/{sitting}/watch")
    client.post(f"/interventions/{proposal.id}", {"agreed": "1"}, status=403)
    client.log_in_as(people["second"])
    assert "停电二十分钟" in client.get(f"/sittings/{sitting}/watch")
    assert "等第二个人决定" in client.get("/sittings")
    client.post(f"/interventions/{proposal.id}", {"agreed": "1"})
    with app.app_context():
        assert queries.attempt(attempt, START).deadline == START + 55 * MINUTE


def test_voiding_goes_through_a_second_person(app, client, people, sitting, attempt) -> None:
    client.log_in_as(people["watcher"])
    client.post(f"/attempts/{attempt}/void", {"reason": ""}, status=422)
    client.post(f"/attempts/{attempt}/void", {"reason": "替考"})
    with app.app_context():
        (proposal,) = queries.open_interventions(sitting)
    client.log_in_as(people["second"]).post(f"/interventions/{proposal.id}", {"agreed": "0"})
    with app.app_context():
        assert queries.attempt(AttemptId(attempt), START).state == "open"
    client.get("/interventions/1", status=405)
    client.post("/interventions/999", {"agreed": "1"}, status=404)


def test_a_sitting_without_anybody_to_watch_says_so(app, client, people) -> None:
    with app.app_context():
        own = make.make_sitting([people["watcher"]])
    assert "没有你可以看的考生" in client.log_in_as(people["watcher"]).get(f"/sittings/{own}/watch")
