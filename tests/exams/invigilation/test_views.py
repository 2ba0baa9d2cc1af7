"""The invigilator's pages and the player's signals call: who may what, what is kept, what stays hidden."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cstrain.exams import jobs, queries
from cstrain.exams.invigilation import queries as seen
from tests.conftest import START
from tests.counting import counted
from tests.exams.test_views import post_json
from tests.factories import exams as make
from tests.factories.people import make_person

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def signal(kind: str, n: int, ago: int = 5000, lasted: int = 2000, **more):
    return {"id": f"00000000-0000-4000-8000-{n:012x}", "kind": kind, "ago": ago, "lasted": lasted, **more}


@pytest.fixture
def outage(app, attempt, clock):
    """Ninety seconds of silence; its id."""
    with app.app_context():
        for second in range(0, 21, 2):
            jobs.beat("a", START + second * SECOND)
        jobs.beat("a", START + 110 * SECOND)
        (found,) = seen.outages(START, START + 2 * MINUTE)
    clock.move(2 * MINUTE)
    return found.id


# --- the page that keeps itself fresh


def test_the_page_says_who_is_there_how_far_and_how_long(
    app, client, people, sitting, attempt, clock
) -> None:
    with app.app_context():
        make.answer_right(people["person"], attempt, range(1, 5))
    clock.move(30 * SECOND)
    page = client.log_in_as(people["watcher"]).get(f"/sittings/{sitting}/watch")
    assert "在线" in plain(page) and "4/10题" in plain(page) and "29分钟" in plain(page)
    assert f'data-watch="/sittings/{sitting}/watch/now"' in page
    clock.move(MINUTE)
    again = client.get(f"/sittings/{sitting}/watch/now")
    assert "起没有联系" in plain(again)
    names = set(re.findall(r'data-live="([^"]+)"', again))
    assert names == set(re.findall(r'data-live="([^"]+)"', page))
    assert f"state-{people['person']}" in names and make.CANARY not in page + again


def test_the_page_asks_a_fixed_number_of_queries(app, client, people) -> None:
    counts = []
    for size in (3, 12):
        with app.app_context():
            others = [make_person(f"考生{size}-{n}") for n in range(size)]
            sitting = make.make_sitting(others)
            for one in others:
                make.answer_right(one, make.make_attempt(one, sitting), range(1, 3))
        client.log_in_as(people["watcher"])
        with counted(app) as statements:
            client.get(f"/sittings/{sitting}/watch")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_long_list_is_paged(app, client, people) -> None:
    with app.app_context():
        sitting = make.make_sitting([make_person(f"考生{n}") for n in range(60)])
    client.log_in_as(people["watcher"])
    page, rest = (client.get(f"/sittings/{sitting}/watch?page={n}") for n in (1, 2))
    assert (page.count('scope="row"'), rest.count('scope="row"')) == (50, 10)
    assert "watch/now?page=2" in rest
    assert client.get(f"/sittings/{sitting}/watch?page=99").count('scope="row"') == 10


@pytest.mark.parametrize("path", ["/sittings/{sitting}/watch/now", "/attempts/{attempt}/watch"])
def test_candidates_see_nothing_of_it(client, people, sitting, attempt, path) -> None:
    client.log_in_as(people["person"]).get(path.format(sitting=sitting, attempt=attempt), status=403)


def test_the_page_of_an_attempt_shows_the_line_and_no_answer(app, client, people, attempt) -> None:
    with app.app_context():
        make.answer_right(people["person"], attempt)
    page = client.log_in_as(people["watcher"]).get(f"/attempts/{attempt}/watch")
    assert "正在答题，还剩30分钟" in plain(page) and "开始答题" in page
    assert "标准答案" not in page and make.CANARY not in page
    client.get("/attempts/999/watch", status=404)
    reader = client.log_in_as(people["trainer"]).get(f"/attempts/{attempt}/watch")
    assert f"/attempts/{attempt}/pause" not in reader and f"/attempts/{attempt}/incidents" in reader


def test_nobody_watches_or_handles_their_own(app, client, people) -> None:
    with app.app_context():
        mixed = make.make_sitting([people["watcher"], people["mate"]])
        own = make.make_attempt(people["watcher"], mixed)
    client.log_in_as(people["watcher"])
    client.get(f"/attempts/{own}/watch", status=404)
    said = {"reason": "停电", "source": "outage:1", "kind": "other", "text": "没事"}
    for verb in ("pause", "resume", "credit", "incidents"):
        client.post(f"/attempts/{own}/{verb}", said, status=404)
        client.post(f"/attempts/999/{verb}", said, status=404)
    client.post(f"/sittings/{mixed}/pause", {"reason": "停电"}, status=422)


# --- pause


def test_pause_and_resume_one(app, client, people, sitting, attempt, clock) -> None:
    client.log_in_as(people["watcher"])
    url = f"/attempts/{attempt}/pause"
    refused = client.post(url, {"reason": "  "}, status=422).text
    assert "请填写这一项" in refused
    client.post(url, {"reason": "停电"})
    assert "已暂停" in client.get(f"/sittings/{sitting}/watch")
    assert "停电" in client.post(url, {"reason": "停电"}, status=422).text
    clock.move(40 * MINUTE)
    page = client.get(f"/sittings/{sitting}/watch")
    assert "等第二个人确认" in page and "要由另一位监考或人事来确认" in page
    with app.app_context():
        (pause,) = seen.pauses([attempt])
    client.post(f"/pauses/{pause.id}/confirm", status=403)
    client.log_in_as(people["second"]).post(f"/pauses/{pause.id}/confirm")
    client.post("/pauses/999/confirm", status=404)
    client.post(f"/attempts/{attempt}/resume")
    client.post(f"/attempts/{attempt}/resume", status=409)
    with app.app_context():
        assert queries.attempt(attempt, START).deadline == START + 70 * MINUTE


def test_pause_and_resume_all(app, client, people, sitting, attempt) -> None:
    client.log_in_as(people["watcher"])
    assert "全场暂停" in client.get(f"/sittings/{sitting}/watch")
    client.post(f"/sittings/{sitting}/pause", {"reason": ""}, status=422)
    client.post(f"/sittings/{sitting}/pause", {"reason": "火警"})
    page = client.get(f"/sittings/{sitting}/watch")
    assert "其中1人暂停" in plain(page) and "全场恢复" in page
    client.post(f"/sittings/{sitting}/resume")
    client.post(f"/sittings/{sitting}/resume", status=409)
    client.post("/sittings/999/pause", {"reason": "火警"}, status=404)


def test_the_candidate_is_told_of_a_pause_and_sees_it_later(client, people, attempt) -> None:
    client.log_in_as(people["watcher"]).post(f"/attempts/{attempt}/pause", {"reason": "停电"})
    client.log_in_as(people["person"])
    assert client.raw.get(f"/attempts/{attempt}/state").get_json()["paused"] is True
    body = post_json(client, f"/attempts/{attempt}/submit", {"key": "k", "auto": True}, status=409)
    assert body["paused"] and body["remaining_ms"] == 30 * 60 * 1000
    assert "监考暂停了考试" in client.get(f"/attempts/{attempt}/held")
    post_json(client, f"/attempts/{attempt}/submit", {"key": "k"})


def test_a_page_whose_time_is_over_hands_in(client, people, attempt, clock) -> None:
    client.log_in_as(people["person"])
    post_json(client, f"/attempts/{attempt}/submit", {"key": "k", "auto": True}, status=409)
    clock.move(30 * MINUTE)
    assert post_json(client, f"/attempts/{attempt}/submit", {"key": "k", "auto": True})["receipt"]


# --- more time


def test_minutes_for_all(app, client, people, sitting, attempt) -> None:
    client.log_in_as(people["watcher"])
    url = f"/sittings/{sitting}/extend"
    kept = client.post(url, {"minutes": "ten", "reason": "全场停电"}, status=422).text
    assert "全场停电" in kept and "请填整数分钟" in kept
    client.post(url, {"minutes": "500", "reason": "停电"}, status=422)
    client.post(url, {"minutes": "5", "reason": "停电"})
    client.post(url, {"minutes": "20", "reason": "停电"})
    with app.app_context():
        (proposal,) = queries.open_interventions(sitting)
    client.log_in_as(people["second"])
    client.post(f"/interventions/{proposal.id}", {"agreed": "1", "alike": "1"})
    with app.app_context():
        assert queries.attempt(attempt, START).deadline == START + 55 * MINUTE


def test_lost_time_of_one_is_given_back_once(app, client, people, sitting, attempt, outage) -> None:
    client.log_in_as(people["watcher"])
    assert "补回少了的时间" in client.get(f"/attempts/{attempt}/watch")
    assert "1人还没有补时" in plain(client.get(f"/sittings/{sitting}/watch"))
    url = f"/attempts/{attempt}/credit"
    kept = client.post(url, {"source": "outage:77", "reason": "服务器重启"}, status=422).text
    assert "服务器重启" in kept
    client.post(url, {"source": f"outage:{outage}", "reason": ""}, status=422)
    client.post(url, {"source": f"outage:{outage}", "reason": "服务器重启"})
    again = client.post(url, {"source": f"outage:{outage}", "reason": "服务器重启"}, status=422).text
    assert "没有可以补的时间" in again
    assert "1人已补时" in plain(client.get(f"/sittings/{sitting}/watch"))
    with app.app_context():
        assert queries.attempt(attempt, START).deadline == START + 30 * MINUTE + 90 * SECOND


def test_lost_time_of_all_is_given_back(app, client, people, sitting, attempt, outage) -> None:
    client.log_in_as(people["watcher"])
    url = f"/sittings/{sitting}/outages/{outage}/credit"
    client.post(url, {"reason": ""}, status=422)
    kept = client.post(url, {"reason": "长" * 501}, status=422).text
    assert "长" * 501 in kept
    client.post(url, {"reason": "服务器重启"})
    client.post(url, {"reason": "服务器重启"}, status=422)
    client.post(f"/sittings/999/outages/{outage}/credit", {"reason": "服务器重启"}, status=404)


def test_beyond_ten_minutes_the_second_person_decides_for_all(
    app, client, people, sitting, attempt, outage
) -> None:
    client.log_in_as(people["watcher"])
    client.post(f"/attempts/{attempt}/extend", {"minutes": "10", "reason": "停电"})
    client.post(f"/sittings/{sitting}/outages/{outage}/credit", {"reason": "服务器重启"})
    decide = f"/sittings/{sitting}/outages/{outage}/decide"
    client.post(decide, {"agreed": "1"}, status=409)
    client.log_in_as(people["second"])
    assert "同意补时" in client.get(f"/sittings/{sitting}/watch")
    client.post(decide, {"agreed": "0"})
    client.post(decide, {"agreed": "1"}, status=409)
    client.post(f"/attempts/{attempt}/credit", {"source": f"outage:{outage}", "reason": "再提一次"})
    with app.app_context():
        (waiting,) = seen.open_credits(sitting)
    assert "再提一次" in client.get(f"/attempts/{attempt}/watch")
    client.post(f"/credits/{waiting.id}", {"agreed": "1"}, status=403)
    client.log_in_as(people["watcher"]).post(f"/credits/{waiting.id}", {"agreed": "1"})
    client.post("/credits/999", {"agreed": "1"}, status=404)
    with app.app_context():
        assert queries.attempt(attempt, START).deadline == START + 40 * MINUTE + 90 * SECOND


def test_what_a_page_reports_stands_beside_and_needs_two(
    app, client, people, sitting, attempt, clock
) -> None:
    clock.move(5 * MINUTE)
    client.log_in_as(people["person"])
    post_json(client, f"/attempts/{attempt}/signals", {"signals": [signal("offline", 1, 200_000, 200_000)]})
    client.log_in_as(people["watcher"])
    page = client.get(f"/attempts/{attempt}/watch")
    (source,) = re.findall(r'value="(offline:\d+)"', page)
    client.post(f"/attempts/{attempt}/credit", {"source": source, "reason": "网络断了"})
    assert "考生的页面报告断网" in client.get(f"/sittings/{sitting}/watch")


# --- incidents


def test_incidents_are_noted_for_all_and_for_one(client, people, sitting, attempt) -> None:
    client.log_in_as(people["trainer"])
    for url in (f"/sittings/{sitting}/incidents", f"/attempts/{attempt}/incidents"):
        kept = client.post(url, {"kind": "health", "text": "长" * 2001}, status=422).text
        assert "长" * 2001 in kept
        client.post(url, {"kind": "nonsense", "text": "什么"}, status=422)
        client.post(url, {"kind": "health", "text": f"考生离席 {url}"})
    page = client.get(f"/sittings/{sitting}/watch")
    assert f"考生离席 /sittings/{sitting}" in page and f"考生离席 /attempts/{attempt}" in page
    client.post("/sittings/999/incidents", {"kind": "health", "text": "x"}, status=404)
    held = client.log_in_as(people["person"]).get(f"/attempts/{attempt}/held")
    assert f"考生离席 /attempts/{attempt}" in held and f"考生离席 /sittings/{sitting}" not in held


# --- the player's call


def test_signals_are_kept_only_of_ones_own(client, people, sitting, attempt) -> None:
    url = f"/attempts/{attempt}/signals"
    client.log_in_as(people["mate"])
    post_json(client, url, {"signals": []}, status=404)
    post_json(client, "/attempts/999/signals", {"signals": []}, status=404)
    client.log_in_as(people["person"])
    body = post_json(client, url, {"signals": [signal("leave", 1), signal("paste", 2, slot=3)]})
    assert body["stored"] == 2 and body["person"] == people["person"]
    assert set(body) == {"lease", "over", "submitted", "paused", "remaining_ms", "stored", "at", "person"}
    assert post_json(client, url, {"signals": [signal("leave", 1)]})["stored"] == 0
    page = plain(client.log_in_as(people["watcher"]).get(f"/sittings/{sitting}/watch"))
    assert "离开页面1次" in page and "粘贴1次" in page
    mine = client.log_in_as(people["person"]).get(f"/attempts/{attempt}/held")
    assert "离开了页面" in mine and "在打字题里粘贴" in mine


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"signals": "x"}, {"signals": [signal("leave", n) for n in range(21)]}],
)
def test_what_is_no_batch_of_signals_is_refused(client, people, attempt, body) -> None:
    post_json(client.log_in_as(people["person"]), f"/attempts/{attempt}/signals", body, status=422)


@pytest.mark.parametrize(
    "bad",
    [
        "x",
        {"id": "1", "kind": "leave", "ago": 1, "lasted": 1},
        signal("spy", 1),
        signal("leave", 1, ago=-1),
        signal("leave", 1, ago=10**12),
        {**signal("leave", 1), "lasted": None},
        {**signal("leave", 1), "ago": "long"},
        {**signal("leave", 1), "id": 5},
    ],
)
def test_a_sign_that_cannot_be_read_is_left_out(client, people, attempt, bad) -> None:
    client.log_in_as(people["person"])
    body = post_json(client, f"/attempts/{attempt}/signals", {"signals": [bad, signal("leave", 2)]})
    assert body["stored"] == 1


def test_the_candidate_is_told_beforehand_what_is_noted(client, people, sitting, attempt) -> None:
    client.log_in_as(people["person"])
    assert "不会自动扣分" in client.get(f"/sittings/{sitting}")
    assert "不会自动扣分" in client.get(f"/attempts/{attempt}")


def test_who_ran_out_of_time_in_an_outage_is_shown_to_be_decided(
    app, client, people, sitting, attempt, clock
) -> None:
    with app.app_context():
        for second in range(0, 21, 2):
            jobs.beat("a", START + 29 * MINUTE + second * SECOND)
        jobs.beat("a", START + 31 * MINUTE)
        jobs.run(START + 31 * MINUTE)
    clock.move(32 * MINUTE)
    client.log_in_as(people["watcher"])
    assert "服务器中断时到时，等决定" in client.get("/sittings")
    assert "服务器中断时到时，等决定" in client.get(f"/sittings/{sitting}/watch")
    page = client.get(f"/attempts/{attempt}/watch")
    assert "等你决定" in page and "没有补时，恢复后就会交卷" in page
    (source,) = re.findall(r'value="(outage:\d+)"', page)
    client.post(f"/attempts/{attempt}/credit", {"source": source, "reason": "服务器中断"})
    client.post(f"/attempts/{attempt}/resume")
    with app.app_context():
        assert queries.attempt(attempt, START).deadline == START + 32 * MINUTE + 40 * SECOND
    assert "恢复" in client.get(f"/attempts/{attempt}/watch")


def test_what_waits_because_of_time_stands_on_the_list_of_sittings(client, people, attempt, clock) -> None:
    client.log_in_as(people["watcher"]).post(f"/attempts/{attempt}/pause", {"reason": "停电"})
    assert "长时间暂停" not in client.get("/sittings")
    clock.move(31 * MINUTE)
    assert "长时间暂停等第二个人确认" in client.get("/sittings")


def test_who_releases_sees_what_was_noted(app, client, people, attempt) -> None:
    client.log_in_as(people["person"])
    post_json(client, f"/attempts/{attempt}/signals", {"signals": [signal("leave", 1)]})
    with app.app_context():
        make.submit(people["person"], attempt)
    assert "离开页面1次" in plain(client.log_in_as(people["hr"]).get("/grading"))
