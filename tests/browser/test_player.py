"""The exam player in a real browser: answering, the keyboard, the phone, the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser.conftest import PHONE
from tests.browser.player import (
    LEFT_ON_DEVICE,
    answer_everything,
    badge,
    goto,
    held,
    open_player,
    pick,
    slot_with,
    state_of,
    until,
    wait_saved,
)
from tests.conftest import START
from tests.factories.people import make_person

pytestmark = pytest.mark.browser
MINUTE = timedelta(minutes=1)


def test_an_answer_is_saved_shown_after_a_reload_and_handed_in(site, open_context, exam) -> None:
    person, attempt = exam
    page = open_player(open_context(person), site, attempt)
    assert badge(page) == "还没有作答"
    answer_everything(page)
    wait_saved(page)
    assert len(held(site, person, attempt)) == 10
    page.reload()
    page.wait_for_selector("form[data-slot]:not([hidden])")
    wait_saved(page)
    assert page.inner_text("[data-count=answered] >> nth=0") == "10"
    goto(page, 1)
    assert page.locator("form[data-slot='1'] input:checked").count() == 1
    page.click("[data-review] >> visible=true")
    page.click("[data-submit]")
    page.wait_for_url("**/receipt")
    assert state_of(site, attempt) == "submitted"
    assert "已交卷" in page.inner_text("h1")
    assert page.evaluate(LEFT_ON_DEVICE) == 0


def test_typing_is_never_called_saved_before_it_is(site, open_context, exam) -> None:
    person, attempt = exam
    page = open_player(open_context(person), site, attempt)
    pick(page)
    wait_saved(page)
    slot = slot_with(page, "blanks")
    goto(page, slot)
    field = page.locator("form[data-slot]:not([hidden]) input.input").first
    for character in "先核对再回答":
        field.press_sequentially(character)
        assert "已保存" not in badge(page) or held(site, person, attempt).get(slot) == [field.input_value()]
    wait_saved(page)
    assert held(site, person, attempt)[slot] == ["先核对再回答"]


def test_the_player_passes_the_accessibility_rules(site, open_context, exam) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    person, attempt = exam
    context = open_context(person)
    page = open_player(context, site, attempt)
    pick(page)
    wait_saved(page)
    found = axe.run(page).response["violations"]
    for slot in range(1, 11):
        goto(page, slot)
    page.click("[data-review] >> visible=true")
    found += axe.run(page).response["violations"]
    context.set_offline(True)
    goto(page, 1)
    pick(page, 1)
    until(page, "[data-save]", "已存在本机")
    found += axe.run(page).response["violations"]
    context.set_offline(False)
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_when_time_is_up_the_last_answer_is_in_and_the_paper_is_handed_in(
    site, open_context, exam, picture
) -> None:
    person, attempt = exam
    site.clock.set(START + 30 * MINUTE - timedelta(seconds=4))
    page = open_player(open_context(person, PHONE), site, attempt)
    assert page.locator("[data-timer].soon").count() == 1
    picture(page, "exam-phone-last-minutes")
    goto(page, slot_with(page, "blanks"))
    page.locator("form[data-slot]:not([hidden]) input.input").first.press_sequentially("最后一刻", delay=50)
    until(page, "[data-left]", "0分01秒")
    page.locator("form[data-slot]:not([hidden]) input.input").first.press_sequentially("。")
    page.wait_for_url("**/receipt")
    assert list(held(site, person, attempt).values()) == [["最后一刻。"]]
    assert state_of(site, attempt) == "submitted"


def test_the_keyboard_alone_is_enough(site, open_context, exam) -> None:
    person, attempt = exam
    page = open_player(open_context(person), site, attempt)
    page.wait_for_timeout(300)
    for slot in range(1, 11):
        control = page.get_attribute(f"form[data-slot='{slot}']", "data-control")
        if control in ("blanks", "number"):
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            page.keyboard.type("42")
            page.keyboard.press("Enter")
            page.keyboard.press("Escape")
            page.evaluate("document.activeElement.blur()")
        else:
            page.keyboard.press("2" if control == "choose_one" else "a")
        if slot == 1:
            page.keyboard.press("f")
            assert page.get_attribute("form[data-slot='1'] [data-flag]", "aria-pressed") == "true"
        if slot < 10:
            page.keyboard.press("ArrowRight" if slot % 2 else "n")
            assert page.locator(f"form[data-slot='{slot + 1}']").is_visible()
    page.keyboard.press("p")
    assert page.locator("form[data-slot='9']").is_visible()
    page.keyboard.press("ArrowLeft")
    assert page.locator("form[data-slot='8']").is_visible()
    wait_saved(page)
    assert len(held(site, person, attempt)) == 10
    assert state_of(site, attempt) == "open"


def test_the_phone_has_the_palette_behind_the_button(site, open_context, exam, picture) -> None:
    person, attempt = exam
    page = open_player(open_context(person, PHONE), site, attempt)
    pick(page)
    wait_saved(page)
    picture(page, "exam-phone")
    assert not page.locator(".exam-side").is_visible()
    page.click("text=1/10")
    page.wait_for_selector("text=交卷前检查")
    picture(page, "exam-phone-review", full=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("[data-row=open] [data-go]")
    assert page.locator("form[data-slot='2']").is_visible()
    page.go_back()
    page.wait_for_load_state()


def test_another_person_on_the_same_device_sees_no_answers(site, open_context, exam) -> None:
    person, attempt = exam
    with site.app.app_context():
        other = make_person("别人")
    context = open_context(person)
    page = open_player(context, site, attempt)
    page.wait_for_timeout(300)
    context.route("**/answers", lambda route: route.abort())
    pick(page)
    until(page, "[data-save]", "已存在本机")
    page.close(run_before_unload=False)
    context.clear_cookies()
    context.add_cookies([site.cookie(other)])
    page = context.new_page()
    response = page.goto(f"{site.url}/attempts/{attempt}")
    assert response.status == 404


def test_extra_time_reaches_the_running_page(site, open_context, exam) -> None:
    from cstrain.exams import service
    from cstrain.unit_of_work import unit_of_work

    person, attempt = exam
    page = open_player(open_context(person), site, attempt)
    page.wait_for_timeout(300)
    assert "09:30" in page.inner_text("[data-timer]")
    with site.app.app_context():
        invigilator = make_person("监考", roles=["invigilator"])
        with unit_of_work():
            service.extend(invigilator, site.clock.now(), attempt, 10, "停电")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    until(page, "[data-timer]", "09:40")
    assert "39分钟" in page.inner_text("[data-timer]")


def test_a_wrong_device_clock_changes_nothing(site, open_context, exam) -> None:
    person, attempt = exam
    context = open_context(person)
    context.add_init_script("const real = Date.now; Date.now = () => real() + 24 * 3600 * 1000;")
    page = open_player(context, site, attempt)
    assert page.inner_text("[data-left]") == "29分钟"
    pick(page)
    wait_saved(page)
    assert badge(page).startswith("已保存 09:00:")


def test_the_page_on_a_desktop(site, open_context, exam, picture) -> None:
    person, attempt = exam
    page = open_player(open_context(person), site, attempt)
    for slot in (1, 2, 4, 5, 6):
        goto(page, slot)
        if page.locator("form[data-slot]:not([hidden]) .opt").count():
            pick(page)
    goto(page, 2)
    page.keyboard.press("f")
    wait_saved(page)
    goto(page, 1)
    picture(page, "exam-desktop")
    page.click("[data-review] >> visible=true")
    picture(page, "exam-desktop-review")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
