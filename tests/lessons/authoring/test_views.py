"""The pages of writing lessons and of following who reads them."""

from __future__ import annotations

import io
import re

import pytest

from tests.counting import counted
from tests.factories import writing as make
from tests.factories.lessons import load_pages, write_page
from tests.factories.media import MP4, PDF, WEBM, picture
from tests.factories.people import make_department, make_person

PLACE = {"title": "夜班交接", "kind": "daily", "day": "3", "handbook": "", "new_handbook": ""}
TYPED = {**PLACE, "body": make.TEXT, "video_link": "", "revision": "1"}


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def author(app) -> int:
    with app.app_context():
        return make_person("周明", roles=["trainer"])


@pytest.fixture
def trainer(client, author):
    return client.log_in_as(author)


@pytest.fixture
def ref(app, author) -> str:
    with app.app_context():
        return make.begin(author)


def read(app, ref: str):
    from cstrain.lessons.authoring import queries

    with app.app_context():
        return queries.work(ref)


def test_the_desk_lists_shipped_and_own_pages_and_filters_them(app, trainer, author, tmp_path) -> None:
    with app.app_context():
        load_pages(tmp_path, days=(1,))
        make.publish(author, make.begin(author, title="夜班"))
        make.begin(author, title="还没写完")
    page = text(trainer.get("/lessons/writing"))
    assert "共5页" in page and "系统自带" in page and "公司自己的" in page and "草稿，未发布" in page
    found = text(trainer.get("/lessons/writing?q=夜班&state=in_force"))
    assert "共1页" in found and "还没写完" not in found
    assert "没有符合条件的课文" in trainer.get("/lessons/writing?state=retired")
    assert "/lessons/writing" in trainer.get("/lessons")


def test_the_desk_is_paged_and_asks_the_database_once(app, trainer, author) -> None:
    with app.app_context():
        for number in range(60):
            make.begin(author, title=f"草稿{number}")
    with counted(app) as statements:
        page = trainer.get("/lessons/writing?page=2")
    assert page.count('role="rowheader"') == 10
    assert len([each for each in statements if "lesson" in each]) == 1, statements


def test_a_page_is_begun_written_and_published(app, trainer) -> None:
    trainer.get("/lessons/writing/new")
    where = trainer.post("/lessons/writing/new", PLACE).headers["Location"]
    ref = where.split("/")[3]
    assert "还没有“##”标题" in trainer.get(where)
    trainer.post(where, TYPED, audited=True)
    page = trainer.get(where)
    assert "夜班在22:00前" in page and "还没有“##”标题" not in page and "周明" in page
    assert "第一次发布" in trainer.get(f"/lessons/writing/{ref}/publish")
    answer = trainer.post(f"/lessons/writing/{ref}/publish", {"revision": "2", "note": "第一版"})
    assert answer.headers["Location"] == f"/lessons/writing/{ref}"
    overview = trainer.get(f"/lessons/writing/{ref}")
    assert "第一版" in overview and "周明" in overview
    assert "夜班在22:00前" in trainer.get(f"/lessons/{ref}")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": " "}, "请填写这一项"),
        ({"title": "长" * 81}, "最多80个字"),
        ({"day": ""}, "每日课要填第几天"),
        ({"day": "367"}, "1到366"),
        ({"day": "3e9"}, "1到366"),
        ({"kind": "handbook"}, "新手册的名称"),
        ({"kind": "weekly"}, ""),
    ],
)
def test_a_place_that_is_not_whole_is_refused_with_what_was_typed(trainer, changes, says) -> None:
    page = trainer.post("/lessons/writing/new", {**PLACE, **changes}, status=422).text
    assert says in text(page) and (changes.get("title") or "夜班交接").strip() in page


def test_a_new_handbook_is_named_and_one_that_is_there_is_chosen(app, trainer) -> None:
    new = {**PLACE, "kind": "handbook", "new_handbook": "夜班手册"}
    ref = trainer.post("/lessons/writing/new", new).headers["Location"].split("/")[3]
    assert read(app, ref).draft.content.handbook == "夜班手册"
    known = {**PLACE, "kind": "handbook", "new_handbook": "产品手册"}
    ref = trainer.post("/lessons/writing/new", known).headers["Location"].split("/")[3]
    assert read(app, ref).draft.content.handbook == "product"
    body = {**known, "new_handbook": "", "handbook": "rules", "body": make.TEXT, "revision": "1"}
    trainer.post(f"/lessons/writing/{ref}/edit", body)
    trainer.post(f"/lessons/writing/{ref}/publish", {"revision": "2", "note": "一"})
    assert "规则手册" in trainer.get("/lessons")


def test_files_come_along_with_the_text(app, trainer, ref) -> None:
    files = {
        "picture": (io.BytesIO(picture()), "交[接]表.png"),
        "video_file": (io.BytesIO(MP4), "经过.mp4"),
        "files": [(io.BytesIO(PDF), "交接单.pdf"), (io.BytesIO(b"a,b\n"), "名单.csv")],
    }
    trainer.post(f"/lessons/writing/{ref}/edit", {**TYPED, **files}, audited=True)
    held = read(app, ref).draft.content
    assert re.search(r"\n\n!\[交 接 表\]\(/files/[0-9a-f]{64}\)\n$", held.body)
    assert held.video.startswith("/files/")
    assert [(each.name, each.size) for each in held.attachments] == [("交接单.pdf", 15), ("名单.csv", 4)]
    page = trainer.get(f"/lessons/writing/{ref}/edit")
    assert page.count('name="kept"') == 2 and "去掉现在的视频文件" in page
    trainer.post(f"/lessons/writing/{ref}/publish", {"revision": "2", "note": "一"})
    shown = trainer.get(f"/lessons/{ref}")
    assert "<video" in shown and "交接单.pdf" in shown and '<img src="/files/' in shown
    keep = {
        **TYPED,
        "body": held.body,
        "kept": held.attachments[0].digest,
        "drop_video": "y",
        "revision": "0",
    }
    trainer.post(f"/lessons/writing/{ref}/edit", keep)
    held = read(app, ref).draft.content
    assert held.video is None and [each.name for each in held.attachments] == ["交接单.pdf"]
    assert "也改了：" in trainer.get(f"/lessons/writing/{ref}/publish")


def test_a_video_that_came_in_pieces_is_put_into_the_page(app, trainer, ref) -> None:
    from cstrain.media import service
    from cstrain.unit_of_work import unit_of_work
    from tests.conftest import START

    with app.app_context(), unit_of_work():
        video = service.keep_file(io.BytesIO(MP4), "经过.mp4", None, START)
        other = service.keep_file(io.BytesIO(PDF), "交接单.pdf", None, START)
    for wrong in (other.digest, "0" * 64, "x" * 65):
        page = trainer.post(
            f"/lessons/writing/{ref}/edit", {**TYPED, "body": "我写的", "video_kept": wrong}, status=422
        ).text
        assert "我写的" in page and wrong in page
    assert (
        "没有找到传好的视频"
        in trainer.post(
            f"/lessons/writing/{ref}/edit", {**TYPED, "video_kept": other.digest}, status=422
        ).text
    )
    trainer.post(f"/lessons/writing/{ref}/edit", {**TYPED, "video_kept": video.digest})
    assert read(app, ref).draft.content.video == video.url
    page = trainer.get(f"/lessons/writing/{ref}/edit")
    assert "看现在的视频文件" in page and "关掉了脚本时最多8MB" in page and 'name="video_kept"' in page


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"picture": (b"<svg>", "a.svg")}, "SVG"),
        ({"video_file": (PDF, "a.mp4")}, "只收mp4和webm"),
        ({"files": (b"MZ\0", "a.exe")}, "只收PDF"),
        ({"files": (PDF, "交接\\")}, "请改名后再传"),
        ({"picture": (b"x", "\\")}, "请改名后再传"),
        ({"video_link": "javascript:alert(1)"}, "https://"),
        ({"body": "字" * 60_001}, "最多60000个字"),
    ],
)
def test_what_is_refused_stays_on_the_page_and_nothing_is_kept(app, trainer, ref, files, says) -> None:
    sent = {
        name: (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value
        for name, value in files.items()
    }
    page = trainer.post(f"/lessons/writing/{ref}/edit", {**TYPED, "body": "我写的", **sent}, status=422).text
    assert says in text(page) and (files.get("body") or "我写的")[:500] in page
    assert read(app, ref).draft.revision == 1


def test_a_newer_draft_is_shown_beside_what_was_typed(app, trainer, ref) -> None:
    with app.app_context():
        make.keep(
            make_person("陈静", roles=["trainer"]), ref, 1, body="## 交接\n\n夜班在21:00前写好交接单。\n"
        )
    page = trainer.post(f"/lessons/writing/{ref}/edit", TYPED, status=409).text
    assert "更新的草稿" in page and "<del>" in page and "22:00前写好" in page and "陈静" in page
    assert 'name="revision" value="2"' in page
    trainer.post(f"/lessons/writing/{ref}/edit", {**TYPED, "revision": "2"})
    assert "22:00" in read(app, ref).draft.content.body


def test_a_preview_shows_the_text_as_readers_see_it_and_keeps_nothing(app, trainer, ref) -> None:
    body = "## 节\n\n> **顾客**：在吗\n> **客服**：在的\n\n<script>alert(1)</script>"
    fragment = trainer.post("/lessons/writing/preview", {"body": body}, status=200, audited=False).text
    assert 'class="turn staff"' in fragment and "&lt;script&gt;" in fragment and "<script>" not in fragment
    page = trainer.post(
        f"/lessons/writing/{ref}/preview",
        {**TYPED, "title": "改了题", "body": body},
        status=200,
        audited=False,
    ).text
    assert 'class="turn staff"' in page and "改了题" in page
    assert read(app, ref).draft.revision == 1


def test_a_picture_from_the_script_is_kept_or_refused_with_a_sentence(trainer) -> None:
    answer = trainer.post(
        "/lessons/writing/pictures", {"file": (io.BytesIO(picture()), "a.png")}, status=200
    ).json
    assert trainer.raw.get(answer["url"]).status_code == 200
    for sent in ({}, {"file": (io.BytesIO(b"x"), "a.png")}):
        assert trainer.post("/lessons/writing/pictures", sent, status=422).json["error"]


def test_a_page_that_breaks_the_rules_says_so_before_and_when_it_is_published(app, trainer, ref) -> None:
    trainer.post(f"/lessons/writing/{ref}/edit", {**TYPED, "body": "## 节。", "then": "publish"})
    assert "末尾不要标点" in trainer.get(f"/lessons/writing/{ref}/publish")
    page = trainer.post(f"/lessons/writing/{ref}/publish", {"revision": "2", "note": "我的说明"}, status=422)
    assert "没有发布" in page.text and "我的说明" in page.text
    assert "请填写" in trainer.post(f"/lessons/writing/{ref}/publish", {"revision": "2"}, status=422).text
    assert read(app, ref).versions == ()


def test_a_shipped_page_is_edited_and_old_versions_stay_readable(app, trainer, tmp_path, clock) -> None:
    from cstrain.lessons.service import load_shipped
    from cstrain.unit_of_work import unit_of_work

    with app.app_context():
        folder = load_pages(tmp_path, days=(1,), handbook=None)
    typed = {**TYPED, "title": "课文day-01", "day": "1", "revision": "0"}
    trainer.post("/lessons/writing/day-01/edit", typed)
    assert "<del>" in trainer.get("/lessons/writing/day-01/publish")
    trainer.post("/lessons/writing/day-01/publish", {"revision": "1", "note": "改成夜班"})
    old = trainer.get("/lessons/writing/day-01/versions/1")
    assert "用订单号查最准" in old and "<ins>" not in old
    new = trainer.get("/lessons/writing/day-01/versions/2")
    assert "<ins>" in new and "现在的版本" in new
    trainer.get("/lessons/writing/day-01/versions/3", status=404)
    write_page(folder, "day-01", day=1, body="## 产品新文\n")
    with app.app_context(), unit_of_work():
        load_shipped(clock.now(), folder)
    assert "系统升级带来的新原文" in trainer.get("/lessons/writing/day-01")


def test_a_draft_is_discarded_and_a_page_retired_and_brought_back(app, trainer, ref) -> None:
    trainer.post(f"/lessons/writing/{ref}/publish", {"revision": "1", "note": "一"})
    trainer.post(f"/lessons/writing/{ref}/retire", status=422)
    trainer.post(f"/lessons/writing/{ref}/retire", {"sure": "1"})
    assert "恢复使用" in trainer.get(f"/lessons/writing/{ref}")
    trainer.post(f"/lessons/writing/{ref}/return")
    trainer.post(f"/lessons/writing/{ref}/edit", {**TYPED, "revision": "0"})
    assert "丢弃草稿" in trainer.get(f"/lessons/writing/{ref}")
    trainer.post(f"/lessons/writing/{ref}/discard", {"revision": "9"}, status=409)
    trainer.post(f"/lessons/writing/{ref}/discard", {"revision": "1"})
    assert trainer.raw.get(f"/lessons/writing/{ref}/publish").status_code == 302


def test_a_page_never_published_goes_with_its_draft(trainer, ref) -> None:
    answer = trainer.post(f"/lessons/writing/{ref}/discard", {"revision": "1"})
    assert answer.headers["Location"] == "/lessons/writing"
    trainer.get(f"/lessons/writing/{ref}", status=404)


def test_a_changed_page_leads_from_its_versions_to_what_it_touches(app, trainer, author, ref) -> None:
    with app.app_context():
        make.publish(author, ref)
        make.keep(author, ref, 0, body="## 交接\n\n夜班在21:30前写好交接单。\n")
        make.publish(author, ref)
    page = trainer.get(f"/lessons/writing/{ref}")
    assert f'href="/rule-changes/{ref}/2"' in page and f"/rule-changes/{ref}/1" not in page
    trainer.get(f"/rule-changes/{ref}/2")


def test_who_confirmed_an_older_version_sees_what_changed(app, client, author, ref) -> None:
    with app.app_context():
        make.publish(author, ref)
        reader = make_person("林晓雯", status="probation")
    client.log_in_as(reader).post(f"/lessons/{ref}/read")
    assert "确认读完" in client.get(f"/lessons/{ref}")
    with app.app_context():
        make.keep(author, ref, 0, body="## 交接\n\n夜班在21:30前写好交接单。\n")
        make.publish(author, ref)
    page = client.get(f"/lessons/{ref}")
    assert "你确认过第1版，现在是第2版" in text(page)
    assert re.search(r"<del>.*?22:00</del><ins>.*?21:30</ins>", page) or "<del>" in page
    assert "读过旧版，有改动" in client.get("/lessons")
    client.post(f"/lessons/{ref}/read")
    page = client.get(f"/lessons/{ref}")
    assert "确认读完" in page and "<del>" not in page
    with app.app_context():
        make.keep(author, ref, 0, body="## 交接\n\n夜班在21:30前写好交接单。\n", title="新的标题")
        make.publish(author, ref)
    assert "正文没有变" in client.get(f"/lessons/{ref}")


def test_a_video_outside_is_a_link_that_says_where_it_leads(app, trainer, author, ref) -> None:
    trainer.post(f"/lessons/writing/{ref}/edit", {**TYPED, "video_link": "https://v.qq.com/x/1.html"})
    trainer.post(f"/lessons/writing/{ref}/publish", {"revision": "2", "note": "一"})
    page = trainer.raw.get(f"/lessons/{ref}").text  # the checking client minds addresses outside
    assert '<a href="https://v.qq.com/x/1.html" target="_blank" rel="noopener noreferrer">' in page
    assert "会离开本系统：v.qq.com" in page and "<iframe" not in page and "<video" not in page


def test_trainers_follow_everybody_and_supervisors_their_own_department(app, client, author, ref) -> None:
    with app.app_context():
        make.publish(author, ref)
        here, there = make_department("售前客服一部"), make_department("售后客服部")
        chief = make_person("何敏", roles=["supervisor"], department=here)
        mine = make_person("林晓雯", department=here)
        other = make_person("罗一鸣", department=there)
    client.log_in_as(mine).post(f"/lessons/{ref}/read")
    client.log_in_as(author)
    assert "阅读进度：4人" in text(client.get("/lessons/progress"))
    page = client.get(f"/lessons/progress?lesson={ref}")
    assert "林晓雯" in page and "罗一鸣" in page
    found = client.get(f"/lessons/progress?lesson={ref}&reading=current")
    assert "林晓雯" in found and "罗一鸣" not in found
    assert "林晓雯" not in client.get(f"/lessons/progress?lesson={ref}&department={there}")
    client.log_in_as(chief)
    page = client.get(f"/lessons/progress?lesson={ref}")
    assert "林晓雯" in page and "罗一鸣" not in page
    assert "没有符合条件的人" in client.get(f"/lessons/progress?lesson={ref}&department={there}")
    client.get("/lessons/writing", status=403)
    client.log_in_as(other).get("/lessons/progress", status=403)


@pytest.mark.parametrize("many", [2, 60])
def test_following_asks_the_database_the_same_number_of_times(app, trainer, author, ref, many) -> None:
    with app.app_context():
        make.publish(author, ref)
        for number in range(many):
            make_person(f"学员{number}")
    for url, most in (("/lessons/progress", 4), (f"/lessons/progress?lesson={ref}", 3)):
        trainer.get(url)
        with counted(app) as statements:
            trainer.get(url)
        assert len([each for each in statements if "lesson" in each]) <= most, statements


def test_a_long_list_of_people_is_paged_with_its_filters(app, trainer, author, ref) -> None:
    with app.app_context():
        make.publish(author, ref)
        for number in range(60):
            make_person(f"学员{number}")
    page = trainer.get(f"/lessons/progress?lesson={ref}&reading=none&page=2")
    assert page.count('role="rowheader"') == 11 and "reading=none" in page


def test_the_pages_speak_english_to_those_who_chose_it(app, trainer, author, ref) -> None:
    from cstrain.people.service import set_locale
    from cstrain.unit_of_work import unit_of_work

    with app.app_context(), unit_of_work():
        set_locale(author, "en")
    assert "Write lessons" in trainer.get("/lessons/writing")
    assert "As readers see it" in trainer.get(f"/lessons/writing/{ref}/edit")
    assert "First publication" in trainer.get(f"/lessons/writing/{ref}/publish")
    assert "Reading progress" in trainer.get("/lessons/progress")


@pytest.mark.parametrize("url", ["/lessons/writing", "/lessons/writing/new", "/lessons/progress"])
def test_readers_alone_have_no_desk(app, client, url) -> None:
    with app.app_context():
        person = make_person()
    client.log_in_as(person).get(url, status=403)


def test_an_upload_beyond_a_form_is_read_for_authors_only(app, client, trainer, ref) -> None:
    half = bytes(5 * 1024 * 1024)
    two = [(io.BytesIO(MP4 + half), "a.mp4"), (io.BytesIO(WEBM + half), "b.webm")]
    trainer.post(f"/lessons/writing/{ref}/edit", {**TYPED, "files": two})
    big = {**TYPED, "video_file": (io.BytesIO(MP4 + bytes(9 * 1024 * 1024)), "a.mp4")}
    assert "超过8MB" in trainer.post(f"/lessons/writing/{ref}/edit", big, status=422).text
    big["video_file"] = (io.BytesIO(MP4 + bytes(15 * 1024 * 1024)), "a.mp4")
    assert "每次不超过15MB" in trainer.post(f"/lessons/writing/{ref}/edit", big, status=413).text
    with app.app_context():
        reader = make_person()
    client.log_in_as(reader)
    big["video_file"] = (io.BytesIO(MP4 + bytes(9 * 1024 * 1024)), "a.mp4")
    client.post(f"/lessons/writing/{ref}/edit", big, status=413)
