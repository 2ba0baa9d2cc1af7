"""The release desk lists who stands near the pass mark; they are looked at there before their release."""

from __future__ import annotations

import re

import pytest

from tests.counting import counted
from tests.factories import exams as make
from tests.factories.analysis import make_results
from tests.factories.people import make_person


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def people(app):
    with app.app_context():
        roles = {"hr": ["hr"], "second": ["hr"], "trainer": ["trainer"], "mentor": ["mentor"]}
        found = {"person": make_person("林晓雯")}
        return found | {name: make_person(name, roles=held) for name, held in roles.items()}


@pytest.fixture
def weighty(app, people):
    with app.app_context():
        made = make.make_attempt(people["person"], consequences=True)
        make.answer_right(people["person"], made, range(1, 9))
        make.submit(people["person"], made)
        return made


def test_the_desk_lists_the_band_with_its_figures_and_holds_the_release(client, people, weighty) -> None:
    client.log_in_as(people["hr"])
    page = client.get("/grading")
    text = plain(page)
    assert "复核带：离及格线太近的成绩" in text and "先复核" in text and "离及格线0分，待复核" in text
    assert "66.7–93.3分" in text and "±13.3" in text and "不足30人，判定的准确度还不知道" in text
    assert f'name="attempt" value="{weighty}"' not in page and "这些都在复核带里" in text
    refused = client.post("/grading/release", {"attempt": [weighty], "act": "propose"}, status=422)
    assert "1份离及格线太近" in plain(refused.text)


def test_a_look_with_a_note_frees_the_release(client, people, weighty) -> None:
    client.log_in_as(people["hr"])
    page = plain(client.get(f"/grading/band/{weighty}"))
    assert (
        "只过及格线0分，发布前请再看一遍" in page
        and "第1题" in page
        and "这份试卷的成绩还不能单独决定薪资" in page
    )
    kept = client.post(f"/grading/band/{weighty}", {"note": ""}, status=422)
    assert "复核说明" in kept.text
    client.post(f"/grading/band/{weighty}", {"note": "十题都看过"})
    assert "离及格线0分，已复核" in plain(client.get("/grading"))
    page = client.get(f"/grading/band/{weighty}")
    assert "十题都看过" in page and "你已经看过这份成绩" in page
    client.post(f"/grading/band/{weighty}", {"note": "再来一次"}, status=422)
    client.post("/grading/release", {"attempt": [weighty], "act": "propose"})
    client.log_in_as(people["second"]).post("/grading/release", {"attempt": [weighty], "act": "confirm"})
    client.get(f"/grading/band/{weighty}", status=404)


def test_foreign_and_missing_answer_the_same_and_so_does_ones_own(app, client, people, weighty) -> None:
    client.log_in_as(people["hr"]).get("/grading/band/999", status=404)
    client.post("/grading/band/999", {"note": "x"}, status=404)
    client.log_in_as(people["mentor"]).get(f"/grading/band/{weighty}", status=403)
    with app.app_context():
        own = make.make_attempt(people["trainer"], make.make_sitting([people["trainer"]]))
        make.answer_right(people["trainer"], own, range(1, 9))
        make.submit(people["trainer"], own)
    client.log_in_as(people["trainer"]).get(f"/grading/band/{own}", status=404)
    client.post(f"/grading/band/{own}", {"note": "x"}, status=404)


def test_with_enough_people_the_desk_says_how_sure_it_is(app, client, people) -> None:
    with app.app_context():
        make.make_bank()
        make.make_paper(consequences=True)
        make_results(33, released=False)
    text = plain(client.log_in_as(people["hr"]).get("/grading"))
    assert "过线处的条件标准误（Keats，33人）" in text and "准确度" in text


def test_the_desk_asks_as_many_queries_for_many_as_for_few(app, client, people) -> None:
    with app.app_context():
        make.make_bank()
        make.make_paper(consequences=True)
        make_results(35, released=False)
    client.log_in_as(people["hr"]).get("/grading")
    with counted(app) as few:
        client.get("/grading")
    with app.app_context():
        make_results(30, released=False, seed=2)
    client.get("/grading")
    with counted(app) as many:
        client.get("/grading")
    assert len(few) == len(many) <= 30
