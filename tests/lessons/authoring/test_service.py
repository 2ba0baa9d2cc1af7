"""Keeping drafts, publishing versions, retiring pages; and what an upgrade leaves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from cstrain.audit.models import AuditEntry
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.lessons import queries as lessons
from cstrain.lessons.authoring import queries, service
from cstrain.lessons.authoring.facts import Counts, Reading, State
from cstrain.lessons.authoring.models import LessonDraft
from cstrain.lessons.authoring.progress import counts, progress
from cstrain.lessons.authoring.service import NewerDraftError, NotReadyError
from cstrain.lessons.events import LessonChanged, lesson_changed
from cstrain.lessons.facts import Attachment, Reader
from cstrain.lessons.models import Lesson, LessonVersion
from cstrain.lessons.service import confirm_read, load_shipped, open_lesson
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.lessons import load_pages, write_page
from tests.factories.people import make_person
from tests.factories.writing import TEXT, begin, content, keep, publish
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
LATER = START + timedelta(days=1)


@pytest.fixture
def author() -> int:
    return make_person("周明", roles=["trainer"])


@pytest.fixture
def heard():
    found: list[LessonChanged] = []
    lesson_changed.connect(found.append)
    yield found
    lesson_changed._listeners.remove(found.append)


def actions() -> list[str]:
    return list(session().scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_a_page_is_begun_kept_and_published_with_author_and_note(author, heard) -> None:
    ref = begin(author)
    keep(author, ref, 1, LATER, body="## 交接\n\n夜班在21:30前写好交接单。\n", video="https://a.cn/v")
    assert publish(author, ref, 2, LATER, "第一版") == 1
    page = lessons.lesson_page(ref)
    assert (page.facts.title, page.facts.day, page.facts.number) == ("夜班交接", 3, 1)
    assert "21:30" in page.body and page.video == "https://a.cn/v"
    assert [each.ref for each in lessons.lessons_of_day(3)] == [ref]
    assert [(each.ref, each.headings) for each in heard] == [(ref, {"交接"})]
    (version,) = queries.work(ref).versions
    assert (version.author, version.note, version.is_current) == (author, "第一版", True)
    assert queries.work(ref).draft is None
    assert actions()[-3:] == ["lesson.begin", "lesson.draft", "lesson.publish"]


def test_a_page_that_is_only_a_draft_is_seen_by_authors_alone(author) -> None:
    ref = begin(author)
    assert lessons.daily_lessons() == [] and lessons.headings() == {}
    with pytest.raises(NotFoundError):
        lessons.lesson_page(ref)
    (line,) = queries.desk()
    assert (line.ref, line.state, line.number, line.is_own) == (ref, State.NEW, 0, True)


def test_somebody_elses_newer_draft_is_never_overwritten_silently(author) -> None:
    other = make_person("陈静", roles=["trainer"])
    ref = begin(author)
    keep(other, ref, 1, body="## 别人的\n")
    for revision in (0, 1, 3):
        with pytest.raises(NewerDraftError), unit_of_work():
            service.keep_draft(author, LATER, ref, content(body="## 我的\n"), revision)
    assert queries.work(ref).draft.content.body == "## 别人的\n"
    keep(author, ref, 2, body="## 我的\n")
    assert queries.work(ref).draft.content.body == "## 我的\n"


def test_two_who_begin_a_draft_of_a_page_at_once_keep_one(app, author, tmp_path) -> None:
    load_pages(tmp_path, days=(1,), handbook=None)
    other = make_person("陈静", roles=["trainer"])

    def begin_by(person: int):
        def act() -> None:
            with unit_of_work():
                service.keep_draft(person, LATER, "day-01", content(title=str(person)), 0)

        return act

    _done, refused = race(app, begin_by(author), begin_by(other))
    assert len(refused) == 1 and isinstance(refused[0], NewerDraftError)
    assert session().scalar(sa.select(sa.func.count()).select_from(LessonDraft)) == 1


def test_two_who_publish_at_once_make_one_version(app, author) -> None:
    ref = begin(author)

    def act() -> None:
        with unit_of_work():
            service.publish(author, LATER, ref, 1, "改了")

    _done, refused = race(app, act, act)
    assert len(refused) == 1
    assert session().scalar(sa.select(sa.func.count()).select_from(LessonVersion)) == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [("没有标题", "##"), (f"## 节\n![x](/files/{'0' * 64})", "没有找到"), ("## 节。", "标点")],
)
def test_a_page_that_breaks_the_rules_is_not_published(author, body, why) -> None:
    ref = begin(author, body=body)
    with unit_of_work(), pytest.raises(NotReadyError) as refused:
        service.publish(author, LATER, ref, 1, "改了")
    assert any(why in str(each) for each in refused.value.faults)
    assert queries.work(ref).versions == ()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"body": "字" * 60_001}, "太长"),
        ({"attachments": tuple(Attachment(str(n), "a", 1) for n in range(11))}, "附件太多"),
        ({"video": "http://a.cn/v"}, "https"),
        ({"video": "/files/../etc"}, "https"),
    ],
)
def test_what_no_page_can_hold_is_refused(author, changes, why) -> None:
    with unit_of_work(), pytest.raises(DomainError, match=why):
        service.begin(author, START, content(**changes))


def test_what_was_seen_is_what_is_published(author) -> None:
    ref = begin(author)
    keep(author, ref, 1)
    with unit_of_work(), pytest.raises(NewerDraftError):
        service.publish(author, LATER, ref, 1, "改了")
    publish(author, ref, 2)
    keep(author, ref, 0)
    with unit_of_work(), pytest.raises(ConflictError, match="一样"):
        service.publish(author, LATER, ref, 1, "改了")


def test_a_draft_on_a_version_that_was_replaced_is_looked_at_once_more(author, tmp_path) -> None:
    folder = load_pages(tmp_path, days=(1,), handbook=None)
    keep(author, "day-01", 0)
    write_page(folder, "day-01", day=1, body="## 产品新文\n")
    with unit_of_work():
        load_shipped(LATER, folder)
    with unit_of_work(), pytest.raises(NewerDraftError, match="第1版写的，现在已是第2版"):
        service.publish(author, LATER, "day-01", 1, "改了")
    keep(author, "day-01", 1)
    assert publish(author, "day-01", 2) == 3


def test_a_draft_can_be_dropped_and_a_page_never_published_goes_with_it(author, tmp_path) -> None:
    ref = begin(author)
    with unit_of_work():
        service.drop_draft(author, ref, 1)
    with pytest.raises(NotFoundError):
        queries.work(ref)
    load_pages(tmp_path, days=(1,), handbook=None)
    keep(author, "day-01", 0)
    with unit_of_work():
        service.drop_draft(author, "day-01", 1)
    assert queries.work("day-01").current == 1 and queries.work("day-01").draft is None
    assert session().scalar(sa.select(sa.func.count()).select_from(Lesson)) == 1


def test_a_page_is_retired_and_brought_back(author, heard) -> None:
    ref = begin(author)
    publish(author, ref)
    with unit_of_work():
        service.retire(author, LATER, ref)
    assert lessons.daily_lessons() == [] and lessons.lesson_page(ref).retired
    assert queries.desk()[0].state is State.RETIRED
    with unit_of_work(), pytest.raises(ConflictError):
        service.retire(author, LATER, ref)
    with unit_of_work():
        service.bring_back(author, LATER, ref)
    assert [each.ref for each in lessons.daily_lessons()] == [ref]
    assert [each.headings for each in heard] == [{"交接"}, set(), {"交接"}]
    with unit_of_work(), pytest.raises(ConflictError):
        service.bring_back(author, LATER, ref)


def test_an_upgrade_leaves_own_pages_alone_and_tells_once_what_the_product_says(author, tmp_path) -> None:
    folder = load_pages(tmp_path, days=(1, 2), handbook=None)
    keep(author, "day-01", 0, title="我们的第一天", day=1)
    publish(author, "day-01", 1)
    own = begin(author, title="夜班")
    publish(author, own)
    waiting = begin(author, title="还在写")
    with unit_of_work():
        assert load_shipped(LATER, folder) == 0
    assert "lesson.product_changed" not in actions() and queries.work("day-01").product is None
    write_page(folder, "day-01", day=1, body="## 产品的新文\n")
    for _again in range(2):
        with unit_of_work():
            assert load_shipped(LATER, folder) == 0
    assert actions().count("lesson.product_changed") == 1
    page = lessons.lesson_page("day-01")
    assert (page.facts.title, page.facts.number, page.body) == ("我们的第一天", 2, TEXT)
    assert queries.work("day-01").product.body == "## 产品的新文\n"
    (folder / "day-01.md").unlink()
    with unit_of_work():
        assert load_shipped(LATER, folder) == 0
    for ref in ("day-01", own):
        assert not lessons.lesson_page(ref).retired
    assert queries.work(waiting).draft is not None


def test_an_upgrade_does_not_bring_back_what_the_company_retired(author, tmp_path) -> None:
    folder = load_pages(tmp_path, days=(1, 2), handbook=None)
    with unit_of_work():
        service.retire(author, START, "day-02")
    write_page(folder, "day-02", day=2, body="## 新\n")
    with unit_of_work():
        load_shipped(LATER, folder)
    assert [each.ref for each in lessons.daily_lessons()] == ["day-01"]
    with unit_of_work():
        service.bring_back(author, LATER, "day-02")
        load_shipped(LATER, folder)
    assert lessons.lesson_page("day-02").body == "## 新\n"


def test_who_confirmed_the_present_version_an_older_one_or_none_is_told(author) -> None:
    ref = begin(author)
    publish(author, ref)
    older, current, opened, none = people = [make_person(f"学员{n}") for n in range(4)]
    with unit_of_work():
        for person in (older, current):
            confirm_read(person, ref, START)
    keep(author, ref, 0, body="## 交接\n\n改了。\n")
    publish(author, ref, 1, LATER)
    with unit_of_work():
        confirm_read(current, ref, LATER)
        open_lesson(opened, ref, LATER)
        open_lesson(older, ref, LATER)
    assert counts(people) == {ref: Counts(1, 1, 1)} and counts([none]) == {} and counts([]) == {}
    readers = [Reader(person, "", "", 1, "") for person in people]
    found = [(each.reading, each.number, each.at) for each in progress(ref, readers)]
    assert found == [
        (Reading.OLDER, 1, START), (Reading.CURRENT, 2, LATER),
        (Reading.OPENED, None, None), (Reading.NONE, None, None),
    ]  # fmt: skip
    assert lessons.confirmed_versions(older, [ref])[ref] == (1, START)
    assert lessons.confirmed_versions(none, [ref]) == {}
    assert lessons.version_body(ref, 1) == TEXT
    with pytest.raises(NotFoundError):
        lessons.version_body(ref, 9)


def test_an_unknown_page_is_not_on_the_desk(author) -> None:
    for act in (
        lambda: queries.work("nowhere"),
        lambda: queries.version("nowhere", 1),
        lambda: service.keep_draft(author, START, "nowhere", content(), 0),
        lambda: service.retire(author, START, "nowhere"),
    ):
        with unit_of_work(), pytest.raises(NotFoundError):
            act()
