"""Marking from queues in a real browser: kept as typed, the next sheet by itself, a long chat on a phone."""

from __future__ import annotations

import pytest

from cstrain.grading.written import queries
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.player import until
from tests.browser.road import press
from tests.factories import written as make
from tests.factories.people import make_department, make_person

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
TOUCH = 44


@pytest.fixture
def marker(site):
    with site.app.app_context():
        return make_person("叶蓁", roles=["marker"], department=make_department("质检组"))


def sheets(site, marker):
    with site.app.app_context():
        at = site.clock.now()
        return [queries.sheet(one.id, marker, at) for one in queries.finished_by(marker)]


def held(site, marker, page, points) -> None:
    """Wait until the server holds these points of the sheet on the page."""
    mark_id = int(page.url.rsplit("/", 1)[1])
    for _ in range(80):
        with site.app.app_context():
            found = queries.sheet(mark_id, marker, site.clock.now()).points
        if found == points:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the server holds {found}, not {points}")


def test_a_marker_goes_from_sheet_to_sheet_and_nothing_typed_is_lost(
    site, open_context, marker, picture
) -> None:
    with site.app.app_context():
        people = [make_person(name) for name in ("林晓雯", "罗一鸣")]
        make.hand_in(people, make.make_written_paper(consequences=True))
    page = open_context(marker, DESKTOP).new_page()
    page.goto(f"{site.url}/")
    press(page, "a:has-text('去阅卷')")
    picture(page, "marking-queues", full=True)
    press(page, "button:has-text('开始阅')")
    steppers = page.locator("[data-stepper] input")
    steppers.nth(0).fill("4.5")
    held(site, marker, page, {"facts": 4.5})
    steppers.nth(1).fill("3")
    page.reload()  # at once: what was typed last is sent while the page goes
    held(site, marker, page, {"facts": 4.5, "steps": 3})
    page.locator("[data-stepper] input").nth(1).fill("3")
    until(page, "[data-sum]", "7.5")
    picture(page, "marking-sheet", full=True)
    first = page.url
    page.click("button:has-text('完成，阅下一份')")
    until(page, ".flashes", "打分已完成")
    assert "/marking/sheets/" in page.url and page.url != first
    steppers.nth(0).fill("9")
    until(page, "[data-kept]", "只能打0到6分")
    page.click("button:has-text('完成，阅下一份')")
    until(page, "[role=alert]", "只能打0到6分")
    assert steppers.nth(0).input_value() == "9"
    steppers.nth(0).fill("6")
    steppers.nth(1).fill("4")
    page.click("button:has-text('完成，阅下一份')")
    until(page, ".flashes", "这个队列阅完了")
    assert sorted(sheet.own for sheet in sheets(site, marker)) == [0.75, 1]


def test_a_chat_of_more_than_twenty_messages_is_read_on_a_phone(site, open_context, marker, picture) -> None:
    said = "您好，我马上为您查轨迹，请稍等。" * 4
    lines = [{"seen": n * 9000, "ms": n * 9000 + 5000, "reply": None, "text": said} for n in range(6)]
    with site.app.app_context():
        paper = make.make_written_paper(sections=make.CHAT_ONLY)
        make.hand_in([make_person("林晓雯")], paper, {1: {"lines": lines}})
    page = open_context(marker, PHONE).new_page()
    page.goto(f"{site.url}/marking")
    press(page, "button:has-text('开始阅')")
    bubbles = page.locator(".bubble")
    assert bubbles.count() >= 20
    assert not page.evaluate(WIDER)
    sizes = bubbles.evaluate_all("all => all.map(one => parseFloat(getComputedStyle(one).fontSize))")
    assert min(sizes) >= 15
    tall = page.locator(".marking-chat").evaluate("one => one.scrollHeight - one.clientHeight")
    assert tall == 0  # the whole chat lies open; nothing scrolls inside
    picture(page, "marking-chat-phone", full=True)
