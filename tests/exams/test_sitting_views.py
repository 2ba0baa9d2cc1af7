"""Pages of a sitting: own windows, the last moment to start, papers to pass before, the code of the room."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cstrain.exams import ports, queries, service
from cstrain.people.service import set_locale
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.exams.test_service_sittings import Known
from tests.factories import exams as make
from tests.factories.people import make_person

MINUTE = timedelta(minutes=1)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def known(monkeypatch) -> Known:
    found = Known()
    for slot in (ports.passes, ports.exemptions, ports.resits):
        monkeypatch.setattr(slot, "_filling", found)
    return found


def arrange(app, people, paper="tiny-exam", *, minutes=120, at=START, **more):
    with app.app_context(), unit_of_work():
        return service.schedule(
            None,
            START,
            paper_ref=paper,
            kind="exam",
            subject="arranged",
            people=list(people),
            opens_at=at,
            closes_at=at + minutes * MINUTE,
            **more,
        )


def form(people, /, **fields):
    return {
        "paper": "tiny-exam",
        "opens_at": "2026-11-23T14:00",
        "closes_at": "2026-11-23T15:30",
        "place": "三楼",
        "people": [people["person"]],
        **fields,
    }


# --- arranging


def test_a_sitting_is_arranged_with_a_late_limit_and_a_code(app, client, people) -> None:
    client.log_in_as(people["hr"])
    place = client.post("/sittings/new", form(people, late_minutes="10", needs_code="y")).location
    page = plain(client.get(place))
    sitting = int(place.split("/")[2])
    with app.app_context():
        code = queries.room_code(sitting, people["hr"], START)
    assert "最晚14:10开考" in page and f"{code[:3]} {code[3:]}" in page
    assert code not in client.get("/sittings")
    client.log_in_as(people["person"])
    mine = client.get(f"/sittings/{sitting}")
    assert code not in mine and "14:10" in mine and "开始前要输入考场码" in mine


@pytest.mark.parametrize("late", ["x", "-1", "241", "100"])
def test_a_late_limit_that_makes_no_sense_is_refused_and_kept(client, people, late) -> None:
    response = client.log_in_as(people["hr"]).post(
        "/sittings/new", form(people, late_minutes=late), status=422
    )
    assert f'value="{late}"' in response.text and 'value="三楼"' in response.text


def test_what_a_paper_asks_is_said_before_and_refused_with_names(app, client, people, known) -> None:
    with app.app_context():
        make.make_paper("tiny-first", title="基础卷")
        make.make_paper("tiny-second", title="统一卷", unified=True, requires=["tiny-first"])
    client.log_in_as(people["hr"])
    page = plain(client.get("/sittings/new?paper=tiny-second"))
    assert "正好30分钟" in page and "要先通过：基础卷" in page
    wrong = client.post("/sittings/new", form(people, paper="tiny-second"), status=422)
    assert "统一考试，所有人同时考" in wrong.text
    window = {"paper": "tiny-second", "closes_at": "2026-11-23T14:30"}
    missing = client.post("/sittings/new", form(people, **window), status=422)
    assert "林晓雯缺《基础卷》" in plain(missing.text) and 'value="三楼"' in missing.text
    with app.app_context(), unit_of_work():
        set_locale(people["hr"], "en")
    english = plain(client.post("/sittings/new", form(people, **window), status=422).text)
    assert "Missing: 林晓雯 lacks “基础卷”" in english
    known.passes["tiny-first"] = {people["person"]}
    client.post("/sittings/new", form(people, **window))
    again = client.post("/sittings/new", form(people, **window), status=422)
    assert "Nov" in plain(again.text) and "another sitting of it: 林晓雯" in plain(again.text)


# --- candidates and what one of them is granted


def test_a_candidate_is_granted_a_window_and_only_arrangers_see_why(
    app, client, people, sitting, clock
) -> None:
    client.log_in_as(people["hr"])
    url = f"/sittings/{sitting}/candidates/{people['person']}"
    assert "林晓雯和大家一样考" in client.get(url)
    fields = {
        "opens_at": "2026-11-20T14:00",
        "closes_at": "2026-11-20T15:00",
        "extra_minutes": "20",
        "late": "y",
        "reason": "复诊证明",
    }
    assert client.post(url, fields).location == f"/sittings/{sitting}/candidates"
    page = plain(client.get(f"/sittings/{sitting}/candidates"))
    assert "2位考生，1位有个人安排" in page and "14:00–15:00" in page and "可以迟到入场" in page
    kept = client.get(url)
    assert "复诊证明" in kept and 'value="2026-11-20T14:00"' in kept and "王敏" in kept
    client.post(url, {"extra_minutes": "5", "reason": "改期"})
    history = plain(client.get(url))
    assert "额外时间5分钟" in history and "额外时间20分钟" in history and "复诊证明" in history
    for reader, address in (("person", f"/sittings/{sitting}"), ("watcher", f"/sittings/{sitting}/watch")):
        seen = client.log_in_as(people[reader]).get(address)
        assert "复诊证明" not in seen and "改期" not in seen
    client.log_in_as(people["person"])
    assert "另作了安排" in client.get("/notices")


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": "  ", "extra_minutes": "20"},
        {"reason": "就医", "extra_minutes": "x"},
        {"reason": "就医", "extra_minutes": "241"},
        {"reason": "就医", "extra_minutes": "20", "opens_at": "soon"},
        {
            "reason": "就医",
            "extra_minutes": "20",
            "opens_at": "2026-11-20T15:00",
            "closes_at": "2026-11-20T14:00",
        },
        {"reason": "就医", "extra_minutes": "20", "closes_at": "2026-11-01T14:00"},
        {"reason": "长" * 501, "extra_minutes": "20"},
    ],
)
def test_an_arrangement_that_makes_no_sense_is_refused_and_kept(client, people, sitting, fields) -> None:
    url = f"/sittings/{sitting}/candidates/{people['person']}"
    page = client.log_in_as(people["hr"]).post(url, fields, status=422).text
    assert "data-focus" in page and f'value="{fields["extra_minutes"]}"' in page
    assert fields["reason"].strip() in page


def test_nobody_arranges_for_themself_for_strangers_or_after_the_start(app, client, people) -> None:
    sitting = arrange(app, [people["hr"], people["trainer"], people["person"]])
    with app.app_context():
        make.make_attempt(people["person"], sitting)
    fields = {"extra_minutes": "20", "reason": "就医"}
    for who in ("hr", "trainer"):
        client.log_in_as(people[who])
        for stranger in (people[who], people["mate"], 9999):
            client.get(f"/sittings/{sitting}/candidates/{stranger}", status=404)
            client.post(f"/sittings/{sitting}/candidates/{stranger}", fields, status=404)
        assert f"/candidates/{people[who]}" not in client.get(f"/sittings/{sitting}/candidates")
    started = f"/sittings/{sitting}/candidates/{people['person']}"
    assert "已经开考，安排不能再改" in client.get(started)
    assert "已经开考" in client.post(started, fields, status=422).text
    client.get("/sittings/999/candidates", status=404)
    for who in ("person", "watcher"):
        client.log_in_as(people[who]).get(f"/sittings/{sitting}/candidates", status=403)
        client.post(started, fields, status=403)


def test_a_list_without_others_says_so_and_a_quiz_has_none(app, client, people) -> None:
    own = arrange(app, [people["hr"]])
    client.log_in_as(people["hr"])
    assert "没有你可以安排的考生" in client.get(f"/sittings/{own}/candidates")
    with app.app_context():
        make.make_paper("tiny-quiz", kind="quiz", release="auto")
        with unit_of_work():
            quiz = service.ensure_quiz(
                START, paper_ref="tiny-quiz", subject="s", person=people["person"],
                opens_at=START, closes_at=START + MINUTE,
            )  # fmt: skip
    client.get(f"/sittings/{quiz}/candidates", status=404)
    client.post(f"/sittings/{quiz}/code", status=404)


def test_a_long_list_has_pages_and_costs_the_same(app, client, people, known) -> None:
    with app.app_context():
        make.make_paper("tiny-first", title="基础卷")
        make.make_paper("tiny-second", requires=["tiny-first"])
        crowd = [make_person(f"考生{number}") for number in range(60)]
    known.passes["tiny-first"] = set(crowd)
    sitting = arrange(app, crowd, "tiny-second")
    few = arrange(app, crowd[:2], "tiny-second")
    client.log_in_as(people["hr"])
    with counted(app) as many:
        page = client.get(f"/sittings/{sitting}/candidates")
    with counted(app) as couple:
        client.get(f"/sittings/{few}/candidates")
    assert len(many) == len(couple)
    assert page.count("个人安排<span") == 50 and "60位考生" in plain(page)
    assert client.get(f"/sittings/{sitting}/candidates?page=2").count("个人安排<span") == 10
    assert client.get(f"/sittings/{sitting}/candidates?page=99").count("个人安排<span") == 10


# --- the candidate


def test_who_is_late_reads_what_to_do(app, client, people, clock) -> None:
    sitting = arrange(app, [people["person"]], late_minutes=10)
    client.log_in_as(people["person"])
    clock.move(11 * MINUTE)
    page = client.get(f"/sittings/{sitting}")
    assert "已过最晚开考时间" in page and "监考员" in page and f"/sittings/{sitting}/start" not in page
    assert "已过最晚开考时间" in client.get("/exams")
    assert "监考员" in client.post(f"/sittings/{sitting}/start", status=409).text
    with app.app_context(), unit_of_work():
        service.accommodate(people["hr"], START, sitting, people["person"], reason="堵车", late=True)
    client.post(f"/sittings/{sitting}/start")


def test_a_locked_exam_says_what_is_missing(app, client, people, known) -> None:
    with app.app_context():
        make.make_paper("tiny-first", title="基础卷")
        make.make_paper("tiny-second", title="进阶卷", requires=["tiny-first"])
    known.passes["tiny-first"] = {people["person"]}
    sitting = arrange(app, [people["person"]], "tiny-second")
    soon = arrange(app, [people["person"]], "tiny-second", at=START + 300 * MINUTE)
    known.passes.clear()
    client.log_in_as(people["person"])
    page = client.get(f"/sittings/{sitting}")
    assert "要先通过：基础卷" in page and 'aria-disabled="true"' in page and "/start" not in page
    assert "要先通过：基础卷" in client.get(f"/sittings/{soon}")
    assert "要先通过：基础卷" in client.get("/exams")
    assert "基础卷" in client.post(f"/sittings/{sitting}/start", status=409).text
    known.passes["tiny-first"] = {people["person"]}
    assert f"/sittings/{sitting}/start" in client.get(f"/sittings/{sitting}")


def test_who_is_exempt_need_not_come(app, client, people, known) -> None:
    sitting = arrange(app, [people["person"]])
    known.exemptions["tiny-exam"] = {people["person"]}
    client.log_in_as(people["person"])
    page = client.get(f"/sittings/{sitting}")
    assert "不用参加" in page and "/start" not in page and "免试" in client.get("/exams")
    client.post(f"/sittings/{sitting}/start", status=409)
    client.log_in_as(people["hr"])
    assert "免试" in client.get(f"/sittings/{sitting}/candidates")


def test_the_list_costs_the_same_for_many_sittings(app, client, people, known) -> None:
    arrange(app, [people["person"]])
    client.log_in_as(people["person"])
    with counted(app) as one:
        client.get("/exams")
    for day in range(5):
        arrange(app, [people["person"]], at=START + day * 24 * 60 * MINUTE)
    with counted(app) as many:
        client.get("/exams")
    assert len(one) == len(many)


# --- the code of the room


def test_the_room_code_is_asked_kept_and_counted(app, client, people, clock) -> None:
    sitting = arrange(app, [people["person"], people["mate"]], code="K7M4TX")
    client.log_in_as(people["person"])
    url = f"/sittings/{sitting}/start"
    page = client.get(f"/sittings/{sitting}")
    assert 'name="code"' in page and "K7M4TX" not in page
    assert "请填写考场码" in client.post(url, status=422).text
    wrong = client.post(url, {"code": "ABCDEF"}, status=422).text
    assert 'value="ABCDEF"' in wrong and "考场码不对" in wrong
    assert "写短一些" in client.post(url, {"code": "长" * 41}, status=422).text
    for _ in range(4):
        client.post(url, {"code": "ABCDEF"}, status=422)
    waiting = client.post(url, {"code": "K7M4TX"}, status=429).text
    assert "5分钟后再试" in plain(waiting) and 'value="K7M4TX"' in waiting
    client.log_in_as(people["mate"]).post(url, {"code": "k7m 4tx"})  # counted for each alone
    clock.move(5 * MINUTE)
    client.log_in_as(people["person"])
    player = client.post(url, {"code": "k7m4tx"}).location
    assert client.post(url, audited=False).location == player
    client.log_in_as(people["hr"])
    assert "考场码输错5次" in plain(client.get(f"/sittings/{sitting}/candidates"))


def test_a_code_is_renewed_by_who_watches_and_hidden_from_who_sits_it(app, client, people) -> None:
    sitting = arrange(app, [people["watcher"], people["mate"]], code="K7M4TX")
    client.log_in_as(people["second"])
    assert "K7M 4TX" in plain(client.get(f"/sittings/{sitting}/watch"))
    client.post(f"/sittings/{sitting}/code")
    with app.app_context():
        code = queries.room_code(sitting, people["second"], START)
    assert code != "K7M4TX"
    client.log_in_as(people["watcher"])
    own = client.get(f"/sittings/{sitting}/watch")
    assert f"{code[:3]} {code[3:]}" not in plain(own) and code not in own and "所以不显示" in own
    client.post(f"/sittings/{sitting}/code", status=403)
    client.log_in_as(people["mate"]).post(f"/sittings/{sitting}/code", status=403)


def test_a_code_may_be_asked_for_later(app, client, people, sitting) -> None:
    client.log_in_as(people["watcher"])
    assert "启用考场码" in client.get(f"/sittings/{sitting}/watch")
    client.post(f"/sittings/{sitting}/code")
    client.log_in_as(people["person"])
    assert 'name="code"' in client.get(f"/sittings/{sitting}")
    client.post("/sittings/999/code", status=403)
