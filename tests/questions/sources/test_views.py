"""Pages of changed lessons."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.conftest import START
from tests.counting import counted
from tests.factories.lessons import BODY
from tests.factories.people import make_person
from tests.factories.sources import CHANGED, REF, load_lesson, make_sourced_bank

URL = f"/rule-changes/{REF}/2"


def plain(page: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", page)


@pytest.fixture
def people(app):
    with app.app_context():
        return {role: make_person(role, roles=[role]) for role in ("trainer", "supervisor")}


@pytest.fixture
def versions(app, tmp_path, people) -> list[int]:
    with app.app_context():
        made = make_sourced_bank(tmp_path)
        load_lesson(tmp_path, CHANGED, START + timedelta(hours=1))
        return made


def boxes(page: str) -> list[str]:
    return re.findall(r'name="questions" value="([0-9-]+)"', page)


def test_the_list_says_what_it_is_for_while_nothing_has_changed(client, people) -> None:
    client.log_in_as(people["trainer"])
    assert "课文还没有改过" in client.get("/rule-changes")
    assert "都复核过了" in client.get("/rule-changes/questions")
    client.get(f"/rule-changes/{REF}/1", status=404)


def test_only_who_keeps_the_bank_sees_the_pages(client, people, versions) -> None:
    client.log_in_as(people["supervisor"])
    client.get("/rule-changes", status=403)
    client.get(URL, status=403)
    client.post(URL, {}, status=403)


def test_a_change_shows_its_difference_and_its_questions(client, people, versions) -> None:
    client.log_in_as(people["trainer"])
    page = client.get("/rule-changes")
    assert "题待复核" in page and URL in page
    page = client.get(URL)
    assert re.search(r"<ins>(<span[^>]*>新增：</span>)?或手机号</ins>", page)
    assert re.search(r"<del>(<span[^>]*>删去：</span>)?最准</del>", page)
    assert len(boxes(page)) == len(versions) and "出处已改，待复核" in page
    assert len(boxes(client.get("/rule-changes/questions"))) == len(versions)
    assert "道题要复核" in plain(client.get("/"))


def test_many_are_called_right_at_once(client, people, versions) -> None:
    client.log_in_as(people["trainer"])
    offered = boxes(client.get(URL))
    client.post(URL, {"questions": offered[:2], "note": "只是换了说法"})
    page = client.get(URL)
    assert "只是换了说法" in page and len(boxes(page)) == len(versions) - 2
    client.post("/rule-changes/questions", {"questions": offered[2:], "note": "一样"})
    assert "都复核过了" in client.get("/rule-changes/questions")
    assert "道题要复核" not in plain(client.get("/"))


@pytest.mark.parametrize("url", [URL, "/rule-changes/questions"])
def test_what_is_refused_keeps_what_was_typed(client, people, versions, url) -> None:
    client.log_in_as(people["trainer"])
    (one, *_rest) = boxes(client.get(url))
    page = client.post(url, {"note": "写了很多"}, status=422).text
    assert "请至少勾选一道题" in page and "写了很多" in page
    page = client.post(url, {"questions": [one], "note": ""}, status=422).text
    assert f'value="{one}" checked' in page
    page = client.post(url, {"questions": ["1-1-1"], "note": "好"}, status=422).text
    assert "请从列出的选项里选" in page
    page = client.post(url, {"questions": ["999999-9"], "note": "好"}, status=422).text
    assert "刚刚又变了" in page


def test_a_new_section_and_one_that_is_gone_are_named(app, client, people, versions, tmp_path) -> None:
    with app.app_context():
        load_lesson(tmp_path, BODY.replace("## 常见错误", "## 别犯的错"), START + timedelta(hours=2))
    page = client.log_in_as(people["trainer"]).get(f"/rule-changes/{REF}/3")
    assert "新增" in page and "删去" in page and "没有在用的题" not in page


def test_the_number_of_statements_of_the_pages_is_fixed(app, client, people, versions) -> None:
    client.log_in_as(people["trainer"])
    for url, most in (("/rule-changes", 16), (URL, 14), ("/rule-changes/questions", 16)):
        client.get(url)
        with counted(app) as statements:
            client.get(url)
        assert len(statements) <= most, (url, len(statements))


def test_pages_are_read_in_english_too(client, people, versions) -> None:
    client.log_in_as(people["trainer"])
    client.raw.set_cookie("locale", "en")
    for url in ("/rule-changes", URL, "/rule-changes/questions"):
        client.get(url)
