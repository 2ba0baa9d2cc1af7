"""Bringing lessons in, their versions, and who has read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from cstrain.audit.models import AuditEntry
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.lessons import queries
from cstrain.lessons.events import LessonChanged, lesson_changed
from cstrain.lessons.models import LessonVersion
from cstrain.lessons.service import SHIPPED, confirm_read, load_shipped, open_lesson
from cstrain.policies.yaml_source import SourceError
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.lessons import load_pages, write_page
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("context")
LATER = START + timedelta(days=1)


def actions() -> list[str]:
    return list(session().scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_all_shipped_lessons_come_in_and_a_second_run_does_nothing() -> None:
    with unit_of_work():
        first = load_shipped(START)
    with unit_of_work():
        second = load_shipped(LATER)
    assert first == len(list(SHIPPED.glob("*.md"))) and second == 0
    assert [book.name for book in queries.handbooks()][:3] == ["product", "rules", "oa"]
    assert [each.day for each in queries.daily_lessons()] == [1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 15, 17, 19, 20]
    assert actions().count("lesson.load") == first


def test_a_changed_page_gets_another_version_and_the_old_one_stays(tmp_path) -> None:
    folder = load_pages(tmp_path / "a")
    write_page(folder, "day-01", day=1, body="## 新的一节\n\n改过了。\n")
    with unit_of_work():
        assert load_shipped(LATER, folder) == 1
    page = queries.lesson_page("day-01")
    assert page.facts.number == 2 and page.body == "## 新的一节\n\n改过了。\n"
    assert queries.headings()["day-01"] == {"新的一节"}
    assert session().scalar(sa.select(sa.func.count()).select_from(LessonVersion)) == 5


def test_a_page_that_is_gone_is_retired_and_can_come_back(tmp_path) -> None:
    folder = load_pages(tmp_path / "a")
    (folder / "day-02.md").rename(tmp_path / "kept")
    with unit_of_work():
        assert load_shipped(LATER, folder) == 1
    assert queries.lessons_of_day(2) == [] and "day-02" not in queries.headings()
    assert queries.lesson_page("day-02").retired
    (tmp_path / "kept").rename(folder / "day-02.md")
    with unit_of_work():
        load_shipped(LATER, folder)
    (page,) = queries.lessons_of_day(2)
    assert page.number == 1
    assert actions()[-2:] == ["lesson.retire", "lesson.load"]


def test_a_broken_page_stops_the_loading_with_file_and_line(tmp_path) -> None:
    write_page(tmp_path, "day-01", day=1, body="没有标题。\n")
    with pytest.raises(SourceError, match=r"lessons/day-01.md:1"):
        load_shipped(START, tmp_path)
    assert queries.daily_lessons() == []


def test_a_change_is_announced_with_the_headings_that_remain(tmp_path) -> None:
    heard: list[LessonChanged] = []
    lesson_changed.connect(heard.append)
    try:
        load_pages(tmp_path, days=(1,), handbook=None)
    finally:
        lesson_changed._listeners.remove(heard.append)
    assert [(each.ref, "查订单" in each.headings) for each in heard] == [("day-01", True)]


def test_pages_know_their_neighbours_in_the_same_course_or_handbook(tmp_path) -> None:
    load_pages(tmp_path, days=(1, 2, 4))
    page = queries.lesson_page("day-02")
    assert (page.previous.ref, page.next.ref) == ("day-01", "day-04")
    book = queries.lesson_page("rules-orders")
    assert (book.previous, book.next.ref) == (None, "rules-returns")


def test_headings_have_the_ids_they_get_on_the_page(tmp_path) -> None:
    from cstrain.ui.prose import to_html

    load_pages(tmp_path, days=(1,))
    page = queries.lesson_page("day-01")
    html = to_html(page.body, 0)
    assert [(entry.level, entry.text) for entry in page.toc] == [
        (2, "查订单"), (2, "常见错误"), (3, "一个例外"), (2, "要点"),
    ]  # fmt: skip
    assert all(f'<h{entry.level} id="{entry.anchor}">' in html for entry in page.toc)


def test_a_source_leads_to_its_heading_or_says_that_it_is_gone(tmp_path) -> None:
    load_pages(tmp_path, days=(1,))
    links = queries.source_links(["day-01#查订单", "day-01#没有这节", "nowhere#查订单", ""])
    assert set(links) == {"day-01#查订单", "day-01#没有这节"}
    assert links["day-01#查订单"].anchor == "s-查订单"
    assert links["day-01#没有这节"].anchor is None


def test_reading_is_recorded_once_and_survives_a_new_version(tmp_path) -> None:
    folder = load_pages(tmp_path / "a")
    person = make_person()
    with unit_of_work():
        open_lesson(person, "day-01", START)
        confirm_read(person, "day-01", LATER)
        confirm_read(person, "day-01", LATER + timedelta(hours=1))
        open_lesson(person, "day-02", LATER)
    write_page(folder, "day-01", day=1, body="## 换了\n\n新文。\n")
    with unit_of_work():
        load_shipped(LATER, folder)
    states = queries.read_state(person, ["day-01", "day-02", "rules-orders"])
    assert states == {"day-01": (START, LATER), "day-02": (LATER, None)}
    assert actions().count("lesson.read") == 1


def test_an_unknown_page_cannot_be_read() -> None:
    with pytest.raises(NotFoundError):
        queries.lesson_page("nowhere")
    person = make_person()
    with unit_of_work(), pytest.raises(NotFoundError):
        confirm_read(person, "nowhere", START)
