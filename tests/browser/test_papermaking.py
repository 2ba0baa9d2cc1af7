"""A paper in the browser: written by blueprint, submitted, approved by a second person, printed."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE
from tests.browser.road import press
from tests.factories import exams as make
from tests.factories.people import make_person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def cast(site):
    with site.app.app_context():
        make.make_bank(each=8)
        return make_person("周明", roles=["trainer"]), make_person("何芳", roles=["supervisor"])


def test_a_paper_is_made_by_two_and_printed(site, open_context, cast, picture) -> None:
    trainer, boss = cast
    page = open_context(trainer).new_page()
    page.goto(f"{site.url}/papers/drafts/new")
    page.fill("#title", "茶饮基础")
    page.fill("#name", "tea-basics")
    press(page, "button:has-text('开始编')")
    press(page, "button:has-text('加一个部分')")
    page.fill("#sections-0-title", "判断题")
    page.fill("#sections-0-marks", "25")
    page.fill("#sections-0-cells-0-count", "4")
    page.check("input[name='sections-0-cells-0-topics'][value='basics']")
    page.check("input[name='sections-0-cells-0-types'][value='true_false']")
    said = page.locator("#paper-sum")
    assert "合计100分" in said.inner_text() and "够2份" in said.inner_text()  # at once, nothing is saved yet
    page.fill("#sections-0-cells-0-count", "9")
    assert "差1题" in page.locator("[data-room]").inner_text() and "225分" in said.inner_text()
    page.fill("#sections-0-cells-0-count", "4")
    picture(page, "papermaking-edit", full=True)
    page.fill("#difficulty_tolerance", "2")
    with page.expect_navigation():
        page.locator("form.paper-form button:has-text('保存')").last.click()
    picture(page, "papermaking-draft", full=True)
    press(page, "button:has-text('抽一份卷')")
    assert page.locator("form[data-preview]").count() == 4
    page.go_back()
    press(page, "button:has-text('提交，等批准')")
    assert "等批准" in page.inner_text(".lead")
    assert page.locator("button:has-text('批准')").count() == 0
    approve_and_print(site, open_context, boss, trainer, picture)


def approve_and_print(site, open_context, boss: int, trainer: int, picture) -> None:
    page = open_context(boss, PHONE).new_page()
    page.goto(f"{site.url}/papers/drafts")
    press(page, "a:has-text('茶饮基础')")
    picture(page, "papermaking-approve-phone", full=True)
    press(page, "button:has-text('批准')")
    assert "已批准" in page.inner_text(".lead")
    page = open_context(trainer).new_page()
    page.goto(f"{site.url}/papers/own-tea-basics/manage")
    picture(page, "papermaking-manage", full=True)
    sheet = page.request.get(f"{site.url}/papers/own-tea-basics/form.pdf?seed=7")
    assert sheet.ok and sheet.body().startswith(b"%PDF")
    page.goto(f"{site.url}/bank-coverage/tiny")
    picture(page, "papermaking-coverage", full=True)
    page.goto(f"{site.url}/near-duplicates?threshold=70")
    picture(page, "papermaking-alike", full=True)
