"""The examiner's sheet on a tablet and the phrase library, in a real browser."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE
from tests.browser.player import until
from tests.factories.aloud import make_aloud_attempt
from tests.factories.people import make_person

pytestmark = pytest.mark.browser
TABLET = {"width": 820, "height": 1180}
TOUCH = 44
POINTS = """() => Array.from(document.querySelectorAll("[data-stepper] :is(button, input)"), (each) => {
  const box = each.getBoundingClientRect();
  return Math.min(box.width, box.height);
})"""


@pytest.fixture
def exam(site):
    with site.app.app_context():
        person, examiner = make_person("林晓雯"), make_person("叶蓁", roles=["examiner"])
        return examiner, make_aloud_attempt(person)


def held(site, attempt):
    from cstrain.grading.live_queries import live_sheet

    with site.app.app_context():
        return live_sheet(attempt, 2, site.clock.now())


def until_held(page, site, attempt, points) -> None:
    for _ in range(80):
        if held(site, attempt).points == points:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the server holds {held(site, attempt).points}, not {points}")


def test_an_examiner_marks_on_a_tablet_and_the_points_are_kept_as_they_go(
    site, open_context, exam, picture
) -> None:
    examiner, attempt = exam
    page = open_context(examiner, TABLET).new_page()
    page.goto(f"{site.url}/")
    page.click("a:has-text('去打分')")
    page.click("button:has-text('开始打分')")
    until(page, "[data-timer]", "已用0分")
    assert min(page.evaluate(POINTS)) >= TOUCH
    steppers = page.locator("[data-stepper] input")
    steppers.nth(0).fill("15")
    page.locator("[data-stepper] [data-by='1']").nth(0).click()
    until_held(page, site, attempt, {"greeting": 16})
    steppers.nth(1).fill("60")
    until(page, "[data-sum]", "76")
    picture(page, "live-sheet", full=True)
    page.reload()  # at once: what was typed last is sent while the page goes
    until_held(page, site, attempt, {"greeting": 16, "need": 60})
    assert page.locator("[data-stepper] input").nth(0).input_value() == "16"
    page.locator("[data-stepper] input").nth(1).fill("60")
    page.fill("#note", "问到了订单号")
    page.click("button:has-text('完成打分')")
    until(page, ".flashes", "打分已完成")
    sheet = held(site, attempt)
    assert (sheet.points, sheet.note) == ({"greeting": 16, "need": 60}, "问到了订单号")
    assert sheet.task.finished_at is not None


def test_points_out_of_range_are_told_at_once_and_kept_when_they_are_right(site, open_context, exam) -> None:
    examiner, attempt = exam
    page = open_context(examiner, PHONE).new_page()
    page.goto(f"{site.url}/oral/{attempt}/2")
    page.click("button:has-text('开始打分')")
    page.locator("[data-stepper] input").nth(0).fill("99")
    until(page, "[data-kept]", "只能打0到20分")
    assert held(site, attempt).points == {}
    page.locator("[data-stepper] input").nth(0).fill("9")
    until_held(page, site, attempt, {"greeting": 9})
    until(page, "[data-kept]", "已保存")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_phrases_are_narrowed_while_typing_and_copied(site, open_context, picture) -> None:
    with site.app.app_context():
        agent = make_person("梁静")
    context = open_context(agent, PHONE)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site.url}/phrases")
    picture(page, "phrases")
    page.fill("#q", "没听清 整句")
    assert page.locator("[data-phrase]:visible").count() == 1
    page.click("[data-copy]:visible")
    until(page, "[data-copied]", "已复制T82")
    assert page.evaluate("navigator.clipboard.readText()") == "抱歉，我没有听清，请您再说一遍，谢谢。"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_axe_finds_nothing_on_the_examiners_pages_and_the_phrases(site, open_context, exam) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    examiner, attempt = exam
    page = open_context(examiner, TABLET, bypass_csp=True).new_page()
    found = []
    for path in ("/oral", f"/oral/{attempt}/2", "/phrases"):
        page.goto(site.url + path)
        found += axe.run(page).response["violations"]
    page.goto(f"{site.url}/oral/{attempt}/2")
    page.click("button:has-text('开始打分')")
    page.wait_for_selector("[data-stepper]")
    found += axe.run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
