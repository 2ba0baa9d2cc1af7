"""Pages of wrong-question reports, from the result or practice page to the answer."""

from __future__ import annotations

import re

import pytest

from cstrain.grading import service as grading
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories import exams as make
from tests.factories.people import make_person

WRITTEN = {"kind": "key", "text": "按新规定应该选乙"}


def plain(page: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", page)


@pytest.fixture
def people(app):
    with app.app_context():
        trainers = {name: make_person(name, roles=["trainer"]) for name in ("trainer", "other", "third")}
        return {"person": make_person("林晓雯"), "clerk": make_person("人事", roles=["hr"])} | trainers


@pytest.fixture
def attempt(app, people) -> int:
    with app.app_context():
        made = make.make_attempt(people["person"])
        make.answer_right(people["person"], made, range(1, 9))
        make.submit(people["person"], made)
        for act, by in ((grading.propose_release, "trainer"), (grading.confirm_release, "other")):
            with unit_of_work():
                act(people[by], START, [made])
        return made


def links(page: str) -> list[str]:
    return re.findall(r'href="(/question-reports/new/\d+)"', page)


def questions(page: str) -> list[str]:
    return re.findall(r'href="(/question-reports/questions/\d+)"', page)


def boxes(page: str) -> list[str]:
    return re.findall(r'name="reports" value="(\d+)"', page)


def test_lists_say_what_they_are_for_while_they_are_empty(client, people) -> None:
    assert "还没有纠错" in client.log_in_as(people["person"]).get("/question-reports/mine")
    assert "都答复过了" in client.log_in_as(people["trainer"]).get("/question-reports")
    client.get("/question-reports/questions/1", status=404)


def test_every_question_of_a_released_result_can_be_reported_by_its_candidate(
    client, people, attempt
) -> None:
    client.log_in_as(people["person"])
    found = links(client.get(f"/results/{attempt}"))
    assert len(found) == 10
    assert "这道题哪里有问题" in client.get(found[0])
    client.post(found[0], WRITTEN)
    page = client.get("/question-reports/mine")
    assert "按新规定应该选乙" in page and "等待答复" in page
    assert not links(client.log_in_as(people["trainer"]).get(f"/results/{attempt}", status=404))
    client.get(found[0], status=404)
    client.post(found[0], WRITTEN, status=404)


def test_a_practised_question_can_be_reported_once_it_is_answered(app, client, people) -> None:
    with app.app_context():
        make.make_bank("daily")
        make.make_paper("quiz", bank="daily", release="auto")
    client.log_in_as(people["person"])
    place = client.post("/practice/daily/draw", {"daily-count": "5"}).location + "/1"
    assert not links(client.get(place))
    client.post(place, {"give_up": "1"}, audited=False)
    (link,) = links(client.get(place))
    client.post(link, WRITTEN)
    assert "按新规定应该选乙" in client.get("/question-reports/mine")


def test_the_book_of_wrong_questions_reports_the_wording_it_shows(app, client, people) -> None:
    with app.app_context():
        make.make_bank("daily")
        make.make_paper("quiz", bank="daily", release="auto")
    client.log_in_as(people["person"])
    run = client.post("/practice/daily/draw", {"daily-count": "5"}).location
    (practised,) = _given_up(client, f"{run}/1")
    (link,) = links(client.get("/practice/book"))
    assert link == practised
    with app.app_context():
        newer = make.reword(int(practised.rsplit("/", 1)[1]))
    (link,) = links(client.get("/practice/book"))
    assert link.endswith(f"/{newer}")
    client.log_in_as(people["trainer"]).get(link, status=404)
    client.log_in_as(people["person"])
    client.post(link, WRITTEN)
    assert "按新规定应该选乙" in client.get("/question-reports/mine")


def _given_up(client, place: str) -> list[str]:
    client.post(place, {"give_up": "1"}, audited=False)
    return links(client.get(place))


def test_what_is_refused_keeps_what_was_typed(client, people, attempt) -> None:
    client.log_in_as(people["person"])
    link = links(client.get(f"/results/{attempt}"))[0]
    page = client.post(link, {"kind": "typo", "text": ""}, status=422).text
    assert 'value="typo" checked' in page
    page = client.post(link, {"kind": "typo", "text": "字" * 501}, status=422).text
    assert "最多500个字" in plain(page)
    client.post(link, {"kind": "nothing", "text": "好"}, status=422)
    client.post(link, WRITTEN)
    assert "已经提过纠错" in client.post(link, WRITTEN, status=422).text


def test_a_trainer_answers_and_the_reporter_reads_it(client, people, attempt) -> None:
    client.log_in_as(people["person"])
    client.post(links(client.get(f"/results/{attempt}"))[0], WRITTEN)
    client.log_in_as(people["trainer"])
    assert "1道题有纠错等答复" in plain(client.get("/"))
    (url,) = questions(client.get("/question-reports"))
    page = client.get(url)
    assert "林晓雯" in page and "按新规定应该选乙" in page
    (box,) = boxes(page)
    refused = client.post(url, {"reports": box, "answer": "right", "text": ""}, status=422).text
    assert "请写一句为什么" in refused and 'value="right" checked' in refused
    assert "请至少勾选一个" in client.post(url, {"answer": "known", "text": "啊"}, status=422).text
    client.post(url, {"reports": box, "answer": "right", "text": "规定第三条没有变"})
    assert "题目没有错" in client.get(url) and not boxes(client.get(url))
    assert not questions(client.get("/question-reports"))
    late = client.post(url, {"reports": box, "answer": "known", "text": "我也写了"}, status=422).text
    assert "已由别人答复，什么也没有发出" in late and "我也写了" in late and "答复勾选的纠错" not in late
    client.log_in_as(people["person"])
    assert "规定第三条没有变" in client.get("/question-reports/mine")
    assert "题目没有错" in client.get("/notices")


def test_a_trainer_does_not_answer_their_own(app, client, people) -> None:
    with app.app_context():
        made = make.make_attempt(people["trainer"])
        make.submit(people["trainer"], made)
        for act, by in (
            (grading.propose_release, people["other"]),
            (grading.confirm_release, people["third"]),
        ):
            with unit_of_work():
                act(by, START, [made])
    client.log_in_as(people["trainer"])
    client.post(links(client.get(f"/results/{made}"))[0], WRITTEN)
    (url,) = questions(client.get("/question-reports"))
    assert "你自己提的" in client.get(url)
    client.post(url, {"reports": "1", "answer": "known"}, status=422)


def test_only_who_answers_sees_who_reported(client, people, attempt) -> None:
    for who in ("person", "clerk"):
        client.log_in_as(people[who])
        client.get("/question-reports", status=403)
        client.get("/question-reports/questions/1", status=403)
        client.post("/question-reports/questions/1", {}, status=403)


def test_the_number_of_statements_of_the_pages_is_fixed(app, client, people, attempt) -> None:
    client.log_in_as(people["person"])
    for link in links(client.get(f"/results/{attempt}"))[:3]:
        client.post(link, WRITTEN)
    with counted(app) as statements:
        client.get("/question-reports/mine")
    assert len(statements) <= 8, len(statements)
    client.log_in_as(people["trainer"])
    url = questions(client.get("/question-reports"))[0]
    for page, most in (("/question-reports", 16), (url, 12)):
        with counted(app) as statements:
            client.get(page)
        assert len(statements) <= most, (page, len(statements))
