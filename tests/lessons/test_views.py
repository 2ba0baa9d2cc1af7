"""Pages of lessons and handbooks."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from tests.factories.lessons import load_pages, write_page
from tests.factories.people import make_person


@pytest.fixture
def reader(app, client, tmp_path):
    """A signed-in agent, with two daily lessons and a handbook on the shelf."""
    with app.app_context():
        load_pages(tmp_path / "lessons")
        person = make_person()
    return client.log_in_as(person)


@pytest.fixture
def trainee(app, client, tmp_path):
    """A signed-in trainee with the same shelf."""
    with app.app_context():
        load_pages(tmp_path / "lessons")
        person = make_person(status="probation")
    return client.log_in_as(person)


def test_a_visitor_is_sent_to_the_log_in(client) -> None:
    assert "/log-in" in client.raw.get("/lessons").headers["Location"]


def test_the_shelf_lists_days_and_handbooks_with_what_was_read(reader) -> None:
    page = reader.get("/lessons")
    assert "课文day-01" in page and "规则手册" in page and "课文rules-returns" in page
    assert "读完了0页" in re.sub(r"<[^>]+>", "", page)
    reader.post("/lessons/day-01/read")
    assert "读完了1页" in re.sub(r"<[^>]+>", "", reader.get("/lessons"))


def test_a_trainee_is_pointed_at_the_next_lesson_not_yet_read(trainee) -> None:
    assert "下一课：" in trainee.get("/lessons")
    trainee.post("/lessons/day-01/read")
    heading = re.search(r"<h1>(.*?)</h1>", trainee.get("/lessons"), re.S)[1]
    assert "课文day-02" in heading


def test_an_empty_shelf_says_what_will_be_here(app, client) -> None:
    with app.app_context():
        person = make_person()
    assert "还没有课文" in client.log_in_as(person).get("/lessons")


def test_a_page_has_its_headings_dialogues_and_neighbours(reader) -> None:
    page = reader.get("/lessons/day-01")
    assert 'href="#s-查订单"' in page and '<h2 id="s-查订单">' in page
    assert page.count('class="turn staff"') == 2 and page.count('class="turn"') == 1
    assert "（查到运单后）" in page and "<blockquote>" in page
    assert 'rel="next" href="/lessons/day-02"' in page and 'rel="prev"' not in page


def test_confirming_is_recorded_once_and_shown(reader) -> None:
    assert "我读完了" in reader.get("/lessons/rules-orders")
    response = reader.post("/lessons/rules-orders/read")
    assert response.headers["Location"] == "/lessons/rules-orders"
    page = reader.get("/lessons/rules-orders")
    assert "确认读完" in page and "我读完了" not in page
    reader.post("/lessons/rules-orders/read", audited=False)


def test_a_get_writes_nothing(app, reader) -> None:
    from cstrain.extensions import db
    from cstrain.lessons.models import LessonRead

    reader.get("/lessons/day-01")
    with app.app_context():
        assert db.session.query(LessonRead).count() == 0


def test_unknown_pages_are_not_found(reader) -> None:
    assert "没有找到这一课" in reader.get("/lessons/nowhere", status=404)
    reader.post("/lessons/nowhere/read", status=404)


def test_a_retired_page_stays_readable_and_says_so(app, reader, tmp_path, clock) -> None:
    from cstrain.lessons.service import load_shipped
    from cstrain.unit_of_work import unit_of_work

    (tmp_path / "lessons" / "day-02.md").unlink()
    with app.app_context(), unit_of_work():
        load_shipped(clock.now(), tmp_path / "lessons")
    assert "已停用" in reader.get("/lessons/day-02")
    assert "课文day-02" not in reader.get("/lessons")


def test_html_in_a_lesson_is_shown_as_text(app, reader, tmp_path, clock) -> None:
    from cstrain.lessons.service import load_shipped
    from cstrain.unit_of_work import unit_of_work

    body = "## 一节\n\n<script>x</script>\n\n> **客服**：<b>您好</b>\n"
    write_page(tmp_path / "lessons", "day-01", day=1, body=body)
    with app.app_context(), unit_of_work():
        load_shipped(clock.now(), tmp_path / "lessons")
    page = reader.get("/lessons/day-01")
    assert "<script>x" not in page and "<b>您好" not in page and "&lt;b&gt;您好" in page


def test_a_source_has_an_address_for_other_packages(app) -> None:
    from cstrain.lessons.views import lesson_url

    with app.test_request_context():
        assert unquote(lesson_url("day-01#改价权限与流程")) == "/lessons/day-01#s-改价权限与流程"
        assert lesson_url("day-01") == "/lessons/day-01"


@pytest.mark.parametrize("days", [(1, 2), tuple(range(1, 15))])
def test_the_shelf_asks_the_database_the_same_number_of_times(app, client, tmp_path, days) -> None:
    from tests.counting import counted

    with app.app_context():
        load_pages(tmp_path, days=days)
        person = make_person()
    client.log_in_as(person)
    client.get("/lessons")
    with counted(app) as statements:
        client.get("/lessons")
    assert len([each for each in statements if "lesson" in each]) == 4, statements


def test_the_pages_speak_english_to_those_who_chose_it(app, reader) -> None:
    from cstrain.people.service import set_locale
    from cstrain.unit_of_work import unit_of_work
    from tests.factories.people import make_person

    with app.app_context():
        person = make_person()
        with unit_of_work():
            set_locale(person, "en")
    reader.log_in_as(person)
    assert "Lessons and handbooks" in reader.get("/lessons")
    assert "I have read it" in reader.get("/lessons/day-01")
