"""A lesson from its first line to a reader who sees what changed, in a real browser."""

from __future__ import annotations

import pytest

from cstrain.lessons.authoring import queries
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.road import press
from tests.factories.media import MP4
from tests.factories.media import picture as made_picture
from tests.factories.people import make_person
from tests.factories.writing import begin

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WIDTH = "async (image) => { await image.decode(); return image.naturalWidth; }"


def test_a_lesson_is_written_read_changed_and_read_again(site, open_context, picture) -> None:
    with site.app.app_context():
        trainer = make_person("周明", roles=["trainer"])
        trainee = make_person("林晓雯", status="probation")
    desk = open_context(trainer, DESKTOP).new_page()
    desk.goto(f"{site.url}/lessons")
    desk.click("a:has-text('写课文')")
    picture(desk, "lesson-desk-empty", full=True)
    desk.click("a:has-text('写新课文')")
    desk.fill("#title", "夜班交接")
    desk.wait_for_selector("#handbook", state="hidden")
    assert desk.is_visible("#day")
    desk.fill("#day", "3")
    desk.click("button:has-text('开始写')")

    desk.fill(
        "#body", "## 交接单\n\n夜班在22:00前写好交接单。\n\n> **顾客**：几点交接？\n> **客服**：22:00。"
    )
    desk.wait_for_selector("[data-shown] .turn.staff")
    upload = {"name": "交接表.png", "mimeType": "image/png", "buffer": made_picture(size=(900, 400))}
    desk.set_input_files("#picture", upload)
    desk.wait_for_selector("[data-told]:has-text('图片已插入正文')")
    desk.wait_for_selector("[data-shown] img")
    assert "![交接表](/files/" in desk.input_value("#body")
    assert desk.locator("[data-shown] img").evaluate(WIDTH) == 900
    refused = {"name": "x.svg", "mimeType": "image/png", "buffer": b"<svg xmlns='x'/>"}
    desk.set_input_files("#picture", refused)
    desk.wait_for_selector("[data-told]:has-text('SVG')")
    assert not desk.evaluate(WIDER)
    picture(desk, "lesson-editor", full=True)
    press(desk, "button:has-text('保存并去发布')")
    picture(desk, "lesson-publish", full=True)
    desk.fill("#note", "第一版")
    desk.click("button:has-text('发布这一版')")
    desk.wait_for_selector("text=第1版已发布")

    phone = open_context(trainee, PHONE).new_page()
    phone.goto(f"{site.url}/lessons")
    press(phone, "a:has-text('夜班交接')")
    assert phone.locator(".prose img").evaluate(WIDTH) == 900
    assert not phone.evaluate(WIDER)
    phone.click("button:has-text('我读完了')")
    phone.wait_for_selector("text=确认读完")

    desk.click("a:has-text('修改')")
    desk.fill("#body", desk.input_value("#body").replace("在22:00前", "在21:30前"))
    press(desk, "button:has-text('保存并去发布')")
    assert desk.inner_text(".changes del").endswith("22:00")
    desk.fill("#note", "交接提前半小时")
    desk.click("button:has-text('发布这一版')")
    desk.wait_for_selector("text=交接提前半小时")
    picture(desk, "lesson-versions", full=True)

    phone.goto(f"{site.url}/lessons")
    phone.wait_for_selector("text=读过旧版，有改动")
    press(phone, "a:has-text('夜班交接')")
    assert "第1版" in phone.inner_text("#since") and phone.inner_text(".changes ins").endswith("21:30")
    assert not phone.evaluate(WIDER)
    picture(phone, "lesson-what-changed", full=True)
    phone.click("button:has-text('我读完了')")
    phone.wait_for_selector("text=确认读完")
    assert phone.locator("#since").count() == 0

    desk.goto(f"{site.url}/lessons/progress")
    press(desk, "th a:has-text('夜班交接')")
    assert "确认了新版" in desk.inner_text("tr:has-text('林晓雯')")
    picture(desk, "lesson-progress", full=True)


def test_writing_works_without_scripts_and_on_a_phone(site, open_context, picture) -> None:
    with site.app.app_context():
        trainer = make_person("周明", roles=["trainer"])
    page = open_context(trainer, PHONE, java_script_enabled=False).new_page()
    page.goto(f"{site.url}/lessons/writing/new")
    page.fill("#title", "夜班交接")
    page.fill("#day", "3")
    page.click("button:has-text('开始写')")
    page.fill("#body", "## 交接单\n\n夜班在22:00前写好交接单。")
    page.click("button:has-text('预览')")
    assert page.inner_text("[data-shown] h2") == "交接单"
    picture(page, "lesson-editor-phone", full=True)
    upload = {"name": "交接表.png", "mimeType": "image/png", "buffer": made_picture()}
    page.set_input_files("#picture", upload)
    press(page, "button:has-text('保存草稿')")
    assert "![交接表](/files/" in page.input_value("#body")


def test_a_big_video_is_sent_in_pieces_and_goes_on_after_a_fault(site, open_context, picture) -> None:
    with site.app.app_context():
        trainer = make_person("周明", roles=["trainer"])
        ref = begin(trainer)
    page = open_context(trainer, DESKTOP).new_page()
    page.goto(f"{site.url}/lessons/writing/{ref}/edit")
    asked, faults = [], {"1": 2, "2": 3}

    def disturb(route) -> None:
        number = route.request.url.rsplit("/", 1)[1]
        asked.append(number)
        if faults.get(number, 0) > 0:
            faults[number] -= 1
            route.abort()
        else:
            route.continue_()

    page.route("**/files/uploads/**", disturb)
    film = {"name": "退货经过.mp4", "mimeType": "video/mp4", "buffer": MP4 + bytes(9 * 1024 * 1024)}
    page.set_input_files("#video_file", film)
    page.wait_for_selector("button:has-text('继续上传')", timeout=20000)
    assert "检查网络" in page.inner_text("[data-video-told]") and page.is_visible("#video-progress")
    assert page.input_value("#video_file") == "" and page.input_value("#video_kept") == ""
    assert not page.evaluate(WIDER)
    picture(page, "lesson-video-broken", full=True)
    page.set_viewport_size(PHONE)
    assert not page.evaluate(WIDER)
    picture(page, "lesson-video-broken-phone", full=True)
    page.set_viewport_size(DESKTOP)
    page.click("button:has-text('保存草稿')")
    assert "传完再保存" in page.inner_text("[data-video-told]"), "it is not saved without its video"
    page.click("button:has-text('继续上传')")
    page.wait_for_selector("[data-video-told]:has-text('视频已传好')")
    assert asked == ["0", "1", "1", "1", "2", "2", "2", "2", "finish"]
    assert page.is_hidden("#video-progress")
    picture(page, "lesson-video-sent", full=True)
    page.click("button:has-text('保存草稿')")
    page.wait_for_selector("a:has-text('看现在的视频文件')")
    with site.app.app_context():
        video = queries.work(ref).draft.content.video
    assert len(page.request.get(f"{site.url}{video}").body()) == len(film["buffer"])


def test_a_big_video_can_be_cancelled_and_what_is_no_video_is_refused(site, open_context) -> None:
    with site.app.app_context():
        trainer = make_person("周明", roles=["trainer"])
        ref = begin(trainer)
    page = open_context(trainer, DESKTOP).new_page()
    page.goto(f"{site.url}/lessons/writing/{ref}/edit")
    held = []
    page.route("**/files/uploads/*/1", lambda route: held.append(route))
    film = {"name": "a.mp4", "mimeType": "video/mp4", "buffer": MP4 + bytes(9 * 1024 * 1024)}
    page.set_input_files("#video_file", film)
    page.wait_for_selector("[data-video-told]:has-text('已传4MB，共9MB')")
    with page.expect_response("**/cancel") as gone:
        page.click("button:has-text('取消上传')")
    assert gone.value.ok and "已取消上传" in page.inner_text("[data-video-told]")
    assert page.is_hidden("#video-progress") and page.input_value("#video_kept") == ""
    wrong = {"name": "b.mp4", "mimeType": "video/mp4", "buffer": bytes(9 * 1024 * 1024)}
    page.set_input_files("#video_file", wrong)
    page.wait_for_selector("[data-video-told]:has-text('只收mp4和webm')")
    page.click("button:has-text('保存草稿')")
    page.wait_for_selector("text=草稿已保存")
    with site.app.app_context():
        assert queries.work(ref).draft.content.video is None
