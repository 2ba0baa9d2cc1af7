"""The pages of sittings on paper: what staff see, send and are refused; the printed form."""

from __future__ import annotations

import json
import re

import pytest

from cstrain.exams.on_paper import documents, queries
from cstrain.exams.on_paper.facts import CopyState
from tests.counting import counted
from tests.factories import exams as make
from tests.factories import papers
from tests.factories.chats import make_chat_paper
from tests.factories.people import make_person

TIMES = {"sat_from": "2026-11-20T09:00", "sat_until": "2026-11-20T09:25"}


def plain(page: str) -> str:
    """The words of a page, without tags and spaces."""
    return re.sub(r"<[^>]+>|\s", "", page)


@pytest.fixture
def staff(app, people):
    with app.app_context():
        third = make_person("监考丙", roles=["invigilator"])
    return people | {"third": third}


@pytest.fixture
def issued(client, staff, sitting) -> int:
    client.log_in_as(staff["watcher"])
    client.post(f"/sittings/{sitting}/paper", {"people": str(staff["person"])})
    with client.app.app_context():
        return queries.copies_at(sitting)[0].id


@pytest.fixture
def collected(client, issued, clock) -> int:
    clock.set(papers.LATER)
    client.post(f"/paper-copies/{issued}/collect", TIMES)
    return issued


def answers(client, copy: int, **changes: str) -> dict[str, str]:
    with client.app.app_context():
        right = papers.right_answers(copy)
    return {f"slot{slot}": text for slot, text in right.items()} | changes


def state(client, copy: int) -> CopyState:
    with client.app.app_context():
        return queries.copy(copy).state


def test_the_whole_road_with_a_difference(client, staff, sitting, issued, clock) -> None:
    client.log_in_as(staff["watcher"])
    page = plain(client.get(f"/sittings/{sitting}/paper"))
    assert "1份纸卷还没有办完" in page and "打印1份纸卷" in page and "已发卷，等收卷" in page
    assert client.download(f"/sittings/{sitting}/paper.pdf").startswith(b"%PDF")
    assert client.download(f"/paper-copies/{issued}.pdf").startswith(b"%PDF")
    assert "考完后收卷" in client.get(f"/paper-copies/{issued}")
    client.get(f"/paper-copies/{issued}/entry", 302)
    client.get(f"/paper-copies/{issued}/compare", 302)
    clock.set(papers.LATER)
    client.post(f"/paper-copies/{issued}/collect", TIMES)
    page = client.get(f"/paper-copies/{issued}/entry")
    assert make.CANARY not in page and "照纸卷录入" in page
    client.post(f"/paper-copies/{issued}/entry", answers(client, issued, finish="0"))
    page = client.get(f"/paper-copies/{issued}/entry")
    assert "data-held='\"42\"'" in page and "value='\"42\"'" in page, (
        "sent before the script came, it is kept"
    )
    client.post(f"/paper-copies/{issued}/entry", answers(client, issued, finish="1"))
    assert "等别人录入" in client.get(f"/paper-copies/{issued}")

    client.log_in_as(staff["second"])
    assert "data-held='\"42\"'" not in client.get(f"/paper-copies/{issued}/entry")
    client.post(f"/paper-copies/{issued}/entry", answers(client, issued, slot1="null", finish="1"))
    assert "看差异" in client.get(f"/sittings/{sitting}/paper")
    page = plain(client.get(f"/paper-copies/{issued}/compare"))
    assert "1处录得不同" in page and "未作答" in page
    client.post(f"/paper-copies/{issued}/compare", {"pick1": "first"})
    assert state(client, issued) is CopyState.PROPOSED

    client.log_in_as(staff["watcher"])
    assert "同意这样定" in client.get(f"/paper-copies/{issued}/compare")
    client.post(f"/paper-copies/{issued}/agree", {"agreed": "1"})
    assert "已成为答卷" in client.get(f"/paper-copies/{issued}")
    assert "已经定了" in client.get(f"/paper-copies/{issued}/compare")
    assert "纸卷都办完了" in client.get(f"/sittings/{sitting}/paper")


def test_a_third_person_settles_with_an_answer_of_their_own(client, staff, collected) -> None:
    for who, first in (("watcher", '"x"'), ("second", '"y"')):
        client.log_in_as(staff[who])
        client.post(f"/paper-copies/{collected}/entry", answers(client, collected, slot1=first, finish="1"))
    client.log_in_as(staff["third"])
    assert "就这样定" in client.get(f"/paper-copies/{collected}/compare")
    refused = client.post(f"/paper-copies/{collected}/compare", {"pick1": "other", "slot1": "{"}, 422)
    assert "没有收到作答" in refused.text
    left_open = client.post(f"/paper-copies/{collected}/compare", {"pick1": "other"}, 422)
    assert "没有选定" in left_open.text
    kept = client.post(f"/paper-copies/{collected}/compare", {"slot1": '"0"'}, 422)
    assert "data-held='\"0\"'" in kept.text
    client.post(f"/paper-copies/{collected}/compare", {"pick1": "other", "slot1": '"0"'})
    assert state(client, collected) is CopyState.SETTLED


def test_what_is_refused_keeps_what_was_typed(client, staff, sitting, issued, clock) -> None:
    client.log_in_as(staff["watcher"])
    assert "没有选择考生" in client.post(f"/sittings/{sitting}/paper", {}, 422).text
    client.post(f"/sittings/{sitting}/paper", {"people": str(staff["person"])}, 422)
    page = client.post(f"/paper-copies/{issued}/collect", TIMES, 422).text
    assert "交卷时间还没有到" in page and "2026-11-20T09:25" in page
    assert "请填写" in client.post(f"/paper-copies/{issued}/collect", {}, 422).text
    assert "请填写" in client.post(f"/paper-copies/{issued}/withdraw", {}, 422).text
    clock.set(papers.LATER)
    client.post(f"/paper-copies/{issued}/collect", TIMES)
    sent = answers(client, issued, slot2='"' + "字" * 6000 + '"', finish="1")
    page = client.post(f"/paper-copies/{issued}/entry", sent, 422).text
    assert "作答太长" in page and "data-held='\"42\"'" in page
    assert "没有收到作答" in client.post(f"/paper-copies/{issued}/entry", {}, 422).text
    client.post(f"/paper-copies/{issued}/agree", {"agreed": "1"}, 409)


def test_a_copy_that_was_not_used_is_withdrawn(client, staff, sitting, issued) -> None:
    client.log_in_as(staff["second"])
    client.post(f"/paper-copies/{issued}/withdraw", {"reason": "来电了"})
    assert "来电了" in client.get(f"/sittings/{sitting}/paper")
    assert "已撤回" in client.get(f"/paper-copies/{issued}")
    client.get(f"/sittings/{sitting}/paper.pdf", 404)
    client.log_in_as(staff["person"])
    client.post(f"/sittings/{sitting}/start")


def test_a_candidate_reaches_nothing_of_it_and_is_told_to_write_on_paper(
    client, app, staff, sitting, issued
) -> None:
    client.log_in_as(staff["person"])
    client.get(f"/paper-copies/{issued}", 403)
    assert client.raw.get(f"/sittings/{sitting}/paper.pdf").status_code == 403
    assert "在纸上进行" in client.post(f"/sittings/{sitting}/start", status=409).text


def test_staff_who_sit_themselves_reach_nothing_of_their_own(client, app, staff) -> None:
    with app.app_context():
        sitting = make.make_sitting([staff["second"], staff["mate"]])
        copy = papers.give_out(staff["watcher"], sitting, staff["second"])
    client.log_in_as(staff["second"])
    for address in ("", "/entry", "/compare"):
        client.get(f"/paper-copies/{copy}{address}", 404)
    assert client.raw.get(f"/paper-copies/{copy}.pdf").status_code == 404
    client.get(f"/sittings/{sitting}/paper.pdf", 404)
    for address in ("collect", "withdraw", "entry", "compare", "agree"):
        client.post(f"/paper-copies/{copy}/{address}", {}, 404)
    page = client.get(f"/sittings/{sitting}/paper")
    assert "监考乙" not in page[page.index("<main") :]
    client.post(f"/sittings/{sitting}/paper", {"people": str(staff["second"])}, 404)
    client.get("/paper-copies/99999", 404)


def test_a_paper_for_machines_says_so_on_the_page(client, app, staff) -> None:
    with app.app_context():
        sitting = make.make_sitting([staff["person"]], make_chat_paper(count=2))
    client.log_in_as(staff["hr"])
    assert "这份试卷不能在纸上考" in client.get(f"/sittings/{sitting}/paper")


def test_the_list_costs_the_same_for_one_copy_and_for_many(client, app, staff) -> None:
    with app.app_context():
        sitting = make.make_sitting([staff["person"], staff["mate"], staff["third"]])
        papers.give_out(staff["watcher"], sitting, staff["person"])
    client.log_in_as(staff["watcher"])
    client.get(f"/sittings/{sitting}/paper")
    with counted(app) as few:
        client.get(f"/sittings/{sitting}/paper")
    with app.app_context():
        papers.give_out(staff["second"], sitting, staff["mate"])
    with counted(app) as many:
        client.get(f"/sittings/{sitting}/paper")
    assert len(many) == len(few)


def test_every_control_that_a_pen_can_answer_is_printed(app) -> None:
    options = [{"id": str(n), "text": f"办法{n}"} for n in range(4)]
    asked = [
        ("single_choice", "choose_one", {"stem": "单选题干", "options": options}),
        ("multiple_choice", "choose_many", {"stem": "多选题干", "options": options}),
        ("true_false", "true_false", {"stem": "判断题干"}),
        ("fill_in", "blanks", {"stem": "填空____和____", "blanks": 2}),
        ("number", "number", {"stem": "数字题干", "unit": "天"}),
        ("matching", "match", {"stem": "配对题干", "left": [{"id": "a", "text": "左"}], "options": options}),
        ("ordering", "order", {"stem": "排序题干", "options": options}),
        ("short_answer", "text", {"stem": "简答题干 #evil[*]", "least": 0, "most": 300}),
        ("essay", "text", {"stem": "论述题干", "least": 200, "most": 2000}),
        (
            "case",
            "parts",
            {
                "stem": "案例题干",
                "text": "顾客来了一封信。\n写得很长。",
                "parts": [
                    {"type": "single_choice", "control": "choose_one", "of": 2,
                     "content": {"stem": "第一小题", "options": options}},
                    {"type": "short_answer", "control": "text", "of": 3,
                     "content": {"stem": "第二小题", "least": 0, "most": 100}},
                ],
            },
        ),
    ]  # fmt: skip
    questions = [
        {"number": number, "marks": "10"} | documents.asked(kind, control, content)
        for number, (kind, control, content) in enumerate(asked, start=1)
    ]
    copy = {
        "title": "小试卷", "code": "ZJ-0001-00001", "name": "林晓雯", "staff_no": "K1", "department": "一部",
        "place": "三楼", "minutes": 30, "pass_mark": "80", "questions": 10,
        "sections": [{"title": "全部", "questions": questions}],
    }  # fmt: skip
    made = documents.pdf([copy, copy])
    assert made.startswith(b"%PDF") and made == documents.pdf([copy, copy])
    assert json.dumps(copy)


def test_the_way_there_and_the_way_back(client, app, staff, sitting, collected) -> None:
    client.log_in_as(staff["watcher"])
    assert f"/sittings/{sitting}/paper" in client.get(f"/sittings/{sitting}/watch")
    assert "份纸卷等你录入" in plain(client.get("/"))
    for who, first in (("watcher", '"x"'), ("second", "null")):
        client.log_in_as(staff[who])
        client.post(f"/paper-copies/{collected}/entry", answers(client, collected, slot1=first, finish="1"))
    client.log_in_as(staff["third"])
    assert "份纸卷录得不同" in plain(client.get("/"))
    client.post(f"/paper-copies/{collected}/compare", {"pick1": "second"})
    assert "份纸卷" not in plain(client.get("/"))
    with app.app_context():
        attempt = queries.copy(collected).attempt_id
    client.log_in_as(staff["person"])
    page = client.get(f"/attempts/{attempt}/held")
    assert "纸上开考" in page and "纸卷收卷" in page and "监考" not in plain(page).split("纸上开考")[1]
    assert "paper_entered" in client.raw.get(f"/attempts/{attempt}/timeline.json").text
    client.get(f"/attempts/{attempt}/receipt")
    assert "等待发布" in client.get("/scores")


def test_a_candidate_on_paper_reads_so_on_the_page_of_the_sitting(client, staff, sitting, issued) -> None:
    client.log_in_as(staff["person"])
    page = client.get(f"/sittings/{sitting}")
    assert "你的这场考试在纸上进行" in page and "开始考试</span>" not in page
