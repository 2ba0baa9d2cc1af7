"""The pages of markers: blind, kept as typed, the next sheet by itself; and how far markers agree."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cstrain.grading.written import queries
from tests.conftest import START
from tests.counting import counted
from tests.factories import exams as exam_make
from tests.factories import written as make
from tests.factories.people import make_department, make_person
from tests.factories.written import LATER, hand_in, mark_next, points, the_queue


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def folk(app, clock):
    clock.set(LATER)
    with app.app_context():
        away = make_department("质检组")
        return {
            "candidates": [make_person("林晓雯", "K9001"), make_person("罗一鸣", "K9002")],
            "marker": make_person("叶蓁", roles=["marker"], department=away),
            "other": make_person("田雨", roles=["examiner"], department=away),
            "trainer": make_person("邓文博", roles=["trainer"], department=away),
        }


@pytest.fixture
def waiting(app, folk):
    with app.app_context():
        attempts = hand_in(folk["candidates"], make.make_written_paper(consequences=True))
        key = the_queue()
    return {
        "attempts": attempts,
        "form": {"paper": key.paper_ref, "question": key.question_id, "part": key.part},
    }


def sheet_url(response) -> str:
    assert "/marking/sheets/" in response.location, response.location
    return response.location


def test_the_whole_road_from_the_queue_to_the_next_sheet(client, folk, waiting) -> None:
    client.log_in_as(folk["marker"])
    page = client.get("/marking")
    assert "有2份答卷等你阅" in plain(page) and "晚高峰缺人" in page
    url = sheet_url(client.post("/marking/take", waiting["form"]))
    page = client.get(url)
    assert "先报主管，再错开用餐" in page and page.count("data-stepper") == 2 and "data-live" in page
    kept = client.post(f"{url}/points", {"points_facts": "4.5", "note": "看"}, 200, audited=False)
    assert kept.json == {"saved": "09:20:00"}
    assert "请填数字" in client.post(f"{url}/points", {"points_facts": "x"}, 422).json["error"]
    assert "整分或半分" in client.post(f"{url}/points", {"points_facts": "4.2"}, 422).json["error"]
    assert 'value="4.5"' in client.get(url)
    assert "有一份没阅完" in client.get("/marking")
    assert client.post("/marking/take", waiting["form"], audited=False).location == url
    page = client.post(f"{url}/finish", {"points_facts": "5", "note": "写清了"}, 422).text
    assert "办法可行没有分数" in page and 'value="5"' in page and "写清了" in page
    done = {"points_facts": "5", "points_steps": "3.5", "note": "写清了"}
    following = sheet_url(client.post(f"{url}/finish", done))
    assert following != url
    assert client.post(f"{following}/finish", done).location == "/marking"
    page = plain(client.get("/marking"))
    assert "这个队列阅完了" in page and "没有等你阅的答卷" in page and "等另一位阅卷人" in page
    page = plain(client.get(url))
    assert "你给了8.5/10" in page and "写清了" in page and "另一位阅卷人给了" not in page
    client.post(f"{url}/reopen")
    assert "data-live" in client.get(url)


def test_nothing_tells_whose_answer_it_is_nor_what_others_gave(app, client, folk, waiting) -> None:
    with app.app_context():
        mark_next(folk["other"], the_queue(), points("1", "1"))
        mark_next(folk["other"], the_queue(), points("1", "1"))
    client.log_in_as(folk["marker"])
    url = sheet_url(client.post("/marking/take", waiting["form"]))
    for page in (client.get("/marking"), client.get(url)):
        main = page[page.index("<main") :]
        for secret in (
            "林晓雯",
            "罗一鸣",
            "K9001",
            "售前客服一部",
            "09:20",
            "11月20日",
            "/attempts/",
            "田雨",
        ):
            assert secret not in main, secret
    assert "另一位阅卷人给了" not in client.get(url)


def test_both_marks_are_shown_to_both_once_the_part_is_settled(app, client, folk, waiting) -> None:
    with app.app_context():
        one = mark_next(folk["other"], the_queue(), points("6", "3"))
        tasks = {mark.id: task.row.id for task in queries.open_tasks(LATER) for mark in task.marks}
    client.log_in_as(folk["marker"])
    done = {"points_facts": "6", "points_steps": "4", "note": ""}
    url = sheet_url(client.post("/marking/take", waiting["form"]))
    following = sheet_url(client.post(f"{url}/finish", done))
    client.post(f"{following}/finish", done)
    assert len(tasks) == 1
    page = plain(client.log_in_as(folk["other"]).get(f"/marking/sheets/{one}"))
    assert "这份答卷已定分" in page and "你给了9/10" in page
    assert "另一位阅卷人给了10/10" in page and "定分9.5/10" in page


def test_a_sheet_is_given_back_with_its_reason(client, folk, waiting) -> None:
    client.log_in_as(folk["marker"])
    url = sheet_url(client.post("/marking/take", waiting["form"]))
    page = client.post(f"{url}/back", {}, 422).text
    assert "请选择一项" in page and '<details class="confirm" open>' in page
    assert client.post(f"{url}/back", {"why": "stale"}, 422)
    following = sheet_url(client.post(f"{url}/back", {"why": "known"}))
    assert following != url
    assert "这份答卷已交回" in plain(client.get(url))
    assert "已经交回" in client.post(f"{url}/points", {"points_facts": "1"}, 409).json["error"]


def test_a_sheet_is_nobody_elses(client, folk, waiting) -> None:
    client.log_in_as(folk["marker"])
    url = sheet_url(client.post("/marking/take", waiting["form"]))
    client.log_in_as(folk["other"])
    client.get(url, status=404)
    for act in ("points", "finish", "back", "reopen"):
        client.post(f"{url}/{act}", {"points_facts": "1", "why": "known"}, 404)
    client.get("/marking/sheets/999999", status=404)


def test_who_sits_the_paper_finds_nothing_of_their_own_and_others_no_queue(app, client, folk) -> None:
    with app.app_context():
        hand_in([folk["marker"]], make.make_written_paper(consequences=True))
        key = the_queue()
    client.log_in_as(folk["marker"])
    assert "没有等你阅的答卷" in client.get("/marking")
    form = {"paper": key.paper_ref, "question": key.question_id, "part": key.part}
    assert client.post("/marking/take", form, audited=False).location == "/marking"
    assert "没有等你阅的答卷了" in client.get("/marking")
    client.log_in_as(folk["candidates"][0])
    client.get("/marking", status=403)
    client.post("/marking/take", form, 403)


@pytest.mark.parametrize("wrong", [{}, {"question": "x"}, {"question": "9" * 30}, {"part": "-1"}])
def test_a_queue_that_cannot_be_is_not_found(client, folk, waiting, wrong) -> None:
    client.log_in_as(folk["marker"])
    client.post("/marking/take", (waiting["form"] | wrong) if wrong else {}, 404)


def test_a_chat_is_read_as_it_was_and_a_case_with_its_text(app, client, folk) -> None:
    lines = {
        "lines": [
            {"seen": n * 9000, "ms": n * 9000 + 5000, "reply": None, "text": f"第{n}句：这就查。"}
            for n in range(6)
        ]
    }
    with app.app_context():
        hand_in(folk["candidates"][:1], make.make_written_paper(sections=make.THREE), {3: lines})
        keys = [task.key for task in queries.open_tasks(LATER)]
    client.log_in_as(folk["marker"])
    page = client.get("/marking")
    assert "第2小题" in page and "写出你要做的三件事" in page
    urls = [
        sheet_url(
            client.post(
                "/marking/take", {"paper": key.paper_ref, "question": key.question_id, "part": key.part}
            )
        )
        for key in keys
    ]
    case, chat = (client.get(url) for url in urls[1:])
    assert "小周发来医院证明" in case and "三错开用餐" in case and "案例题" in case
    assert chat.count('class="bubble') >= 12 and "第5句：这就查。" in chat and "已出库" in chat


def test_the_homes_say_how_many_wait(client, folk, waiting) -> None:
    for who in ("marker", "other", "trainer"):
        assert "2份答卷等你阅" in plain(client.log_in_as(folk[who]).get("/"))
    assert "/marking" not in client.log_in_as(folk["candidates"][0]).get("/")


def test_before_release_the_candidate_can_fetch_nothing_of_rubric_and_model(client, folk, waiting) -> None:
    client.log_in_as(folk["candidates"][0])
    attempt = waiting["attempts"][0]
    for page in (
        client.get("/scores"),
        client.get(f"/results/{attempt}"),
        client.get(f"/attempts/{attempt}/receipt"),
    ):
        assert exam_make.CANARY not in page and "叶蓁" not in page


def test_how_far_markers_agree_is_for_those_who_watch_over_marking(app, client, folk) -> None:
    with app.app_context():
        people = [make_person(f"考生{n}") for n in range(12)]
        hand_in(people, make.make_written_paper(consequences=True))
        for n in range(12):
            for who, given in (
                ("marker", points("5", "4")),
                ("other", points("6", "3") if n % 2 else points("4", "4")),
            ):
                mark_next(folk[who], the_queue(), given)
    client.log_in_as(folk["marker"]).get("/marking/agreement", status=403)
    client.log_in_as(folk["trainer"])
    page = plain(client.get("/marking/agreement"))
    assert "1对阅卷人，双评12份" in page and "叶蓁" in page and "说清事实" in page and "100%" in page
    assert "大家得分一样" in page or "0." in page
    assert "双评12份" in plain(client.get("/marking/agreement?days=7"))
    assert "双评12份" in plain(client.get("/marking/agreement?days=5"))


def test_from_few_answers_no_agreement_is_shown(app, client, folk, clock) -> None:
    with app.app_context():
        hand_in(folk["candidates"], make.make_written_paper(consequences=True))
        for _ in folk["candidates"]:
            for who in ("marker", "other"):
                mark_next(folk[who], the_queue(), points())
    client.log_in_as(folk["trainer"])
    page = plain(client.get("/marking/agreement"))
    assert "人数不够" in page and "还没有一条评分标准" in page
    clock.set(START + timedelta(days=30))
    client.log_in_as(folk["trainer"])
    assert "还没有双评的答卷" in client.get("/marking/agreement?days=7")


def test_the_list_takes_as_many_queries_for_many_answers_as_for_few(app, client, folk) -> None:
    with app.app_context():
        paper = make.make_written_paper(consequences=True)
        hand_in(folk["candidates"], paper)
    client.log_in_as(folk["marker"])
    client.get("/marking")
    with counted(app) as few:
        client.get("/marking")
    with app.app_context():
        hand_in([make_person(f"考生{n}") for n in range(8)], paper)
    with counted(app) as many:
        client.get("/marking")
    assert len(many) == len(few)
