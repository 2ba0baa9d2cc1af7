"""Saved means saved, whatever the network, the server, another tab or the session does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cstrain.exams import queries
from tests.browser.player import (
    LEFT_ON_DEVICE,
    badge,
    fill,
    goto,
    hears_nothing,
    held,
    open_player,
    pick,
    state_of,
    until,
    wait_saved,
)
from tests.conftest import START
from tests.factories.people import make_person

pytestmark = pytest.mark.browser
MINUTE = timedelta(minutes=1)


def test_answers_given_offline_are_kept_and_delivered(site, open_context, exam, picture) -> None:
    person, attempt = exam
    context = open_context(person)
    page = open_player(context, site, attempt)
    pick(page)
    wait_saved(page)
    context.set_offline(True)
    for slot in range(2, 11):
        goto(page, slot)
        fill(page, "断网") if page.locator("form[data-slot]:not([hidden]) input.input").count() else pick(
            page
        )
    until(page, "[data-save]", "未保存9题，已存在本机")
    assert page.locator("a.cell.local").count() == 18  # both palettes
    assert page.locator("[role=alert]", has_text="网络断开").first.is_visible()
    assert page.evaluate(LEFT_ON_DEVICE) >= 9
    picture(page, "exam-desktop-offline")
    assert len(held(site, person, attempt)) == 1
    context.set_offline(False)
    wait_saved(page, 5)
    assert len(held(site, person, attempt)) == 10
    assert page.locator("[role=alert]", has_text="网络断开").count() == 0
    assert page.evaluate(LEFT_ON_DEVICE) == 0


def test_a_crashed_page_delivers_what_it_had_when_it_is_opened_again(site, open_context, exam) -> None:
    person, attempt = exam
    context = open_context(person)
    page = open_player(context, site, attempt)
    page.wait_for_timeout(300)
    context.set_offline(True)  # a page that is closed still sends what it has; one that crashed does not
    pick(page)
    until(page, "[data-save]", "已存在本机")
    page.close(run_before_unload=False)
    assert held(site, person, attempt) == {}
    context.set_offline(False)
    page = open_player(context, site, attempt)
    wait_saved(page)
    assert len(held(site, person, attempt)) == 1


@pytest.mark.parametrize("fault", ["503", "429", "html", "stall"])
def test_a_server_in_trouble_is_not_taken_for_saved(site, open_context, exam, fault) -> None:
    person, attempt = exam
    context = open_context(person)
    page = open_player(context, site, attempt)
    page.wait_for_timeout(300)
    stalled = []
    answers = {
        "503": lambda route: route.fulfill(status=503, body="busy"),
        "429": lambda route: route.fulfill(status=429, content_type="application/json", body="{}"),
        "html": lambda route: route.fulfill(status=200, content_type="text/html", body="<p>portal</p>"),
        "stall": lambda route: stalled.append(route),
    }
    context.route("**/answers", answers[fault])
    pick(page)
    until(page, "[data-save]", "未保存1题，已存在本机")
    assert "已保存" not in badge(page) and held(site, person, attempt) == {}
    context.unroute("**/answers")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_saved(page)
    assert len(held(site, person, attempt)) == 1


def test_a_lost_response_is_not_a_lost_answer_and_not_two(site, open_context, exam) -> None:
    person, attempt = exam
    context = open_context(person)
    page = open_player(context, site, attempt)
    page.wait_for_timeout(300)
    lost = []

    def lose(route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    context.route("**/answers", lose)
    pick(page)
    wait_saved(page)
    assert len(held(site, person, attempt)) == 1
    with site.app.app_context():
        assert queries.events_by_disposition([attempt]) == {"accepted": 1}


@pytest.mark.parametrize("mine", [True, False])
def test_two_devices_never_overwrite_each_other_silently(site, open_context, exam, mine, picture) -> None:
    person, attempt = exam
    device = open_context(person)
    hears_nothing(device)
    first = open_player(device, site, attempt)
    pick(first, 0)
    wait_saved(first)
    second = open_player(open_context(person), site, attempt)
    second.wait_for_selector("text=这份答卷正在另一个页面或设备上作答")
    assert second.locator("form[data-slot]:not([hidden]) input").first.is_disabled()
    second.click("button:has-text('在这里继续答题')")
    second.wait_for_selector("form[data-slot]:not([hidden]) input:enabled")
    pick(second, 1)
    wait_saved(second)
    pick(first, 2)
    first.wait_for_selector("text=两边的答案都留着")
    assert badge(first) == "已在别处打开，这里不能再写"
    picture(first, "exam-desktop-conflict")
    assert held(site, person, attempt)[1] == "1"
    first.click(f"button:has-text('{'用这里的答案' if mine else '用服务器上的答案'}')")
    first.wait_for_selector("form[data-slot]:not([hidden]) input:enabled")
    wait_saved(first)
    expected = "2" if mine else "1"
    assert held(site, person, attempt)[1] == expected
    assert first.locator("form[data-slot='1'] input:checked").get_attribute("value") == expected
    with site.app.app_context():
        assert queries.events_by_disposition([attempt])["superseded"] == 1


def test_who_chooses_the_servers_answers_sees_them_and_keeps_what_only_this_device_has(
    site, open_context, exam
) -> None:
    person, attempt = exam
    device = open_context(person)
    first = open_player(device, site, attempt)
    pick(first, 0)
    wait_saved(first)
    second = open_player(open_context(person), site, attempt)
    device.set_offline(True)
    pick(first, 2)
    goto(first, 2)
    pick(first, 1)
    until(first, "[data-save]", "未保存2题，已存在本机")
    second.click("button:has-text('在这里继续答题')")
    second.wait_for_selector("form[data-slot]:not([hidden]) input:enabled")
    pick(second, 1)
    wait_saved(second)
    device.set_offline(False)
    first.click("button:has-text('用服务器上的答案') >> visible=true")
    wait_saved(first)
    assert held(site, person, attempt) == {1: "1", 2: "1"}
    assert first.locator("form[data-slot='1'] input:checked").get_attribute("value") == "1"
    first.reload()
    first.wait_for_selector("form[data-slot]:not([hidden])")
    assert held(site, person, attempt) == {1: "1", 2: "1"}


def test_a_copied_tab_is_another_writer(site, open_context, exam) -> None:
    person, attempt = exam
    context = open_context(person)
    first = open_player(context, site, attempt)
    first.wait_for_timeout(300)
    with context.expect_page() as copied:
        first.evaluate("window.open(location.href)")  # takes the session storage along
    second = copied.value
    second.wait_for_selector("text=这份答卷正在另一个页面或设备上作答")
    second.click("button:has-text('在这里继续答题')")
    first.wait_for_selector("text=这份答卷正在另一个页面或设备上作答", timeout=2000)


def test_time_runs_out_offline_and_everything_is_handed_in_later(site, open_context, exam) -> None:
    person, attempt = exam
    site.clock.set(START + 30 * MINUTE - timedelta(seconds=3))
    context = open_context(person)
    page = open_player(context, site, attempt)
    page.wait_for_timeout(300)
    context.set_offline(True)
    pick(page)
    page.wait_for_selector("text=时间到了，正在自动交卷。 >> visible=true", timeout=6000)
    assert state_of(site, attempt) in ("open", "expired")
    page.wait_for_timeout(3500)  # past the grace
    context.set_offline(False)
    page.wait_for_url("**/receipt", timeout=20000)
    assert state_of(site, attempt) == "submitted"
    with site.app.app_context():
        assert queries.events_by_disposition([attempt]) == {"late": 1}


def test_a_session_that_ended_is_taken_up_again_by_the_same_person_only(site, open_context, exam) -> None:
    person, attempt = exam
    with site.app.app_context():
        other = make_person("别人")
    context = open_context(person)
    page = open_player(context, site, attempt)
    pick(page, 0)
    wait_saved(page)
    context.clear_cookies()
    pick(page, 1)
    page.wait_for_selector("text=登录已过期，答案都还在。 >> visible=true")
    assert badge(page) == "未保存1题，已存在本机"
    context.add_cookies([site.cookie(other)])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.wait_for_selector("text=现在登录的是另一个人。 >> visible=true")
    assert held(site, person, attempt)[1] == "0"
    context.add_cookies([site.cookie(person)])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_saved(page)
    assert held(site, person, attempt)[1] == "1"


def test_without_a_device_store_the_badge_says_so(site, open_context, exam) -> None:
    person, attempt = exam
    context = open_context(person)
    context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page = open_player(context, site, attempt)
    page.wait_for_selector("text=这个浏览器不能在本机存答案。 >> visible=true")
    context.set_offline(True)
    pick(page)
    until(page, "[data-save]", "只在这个页面里")
    context.set_offline(False)
    wait_saved(page)
    assert len(held(site, person, attempt)) == 1


def test_leaving_with_unsent_answers_asks_first(site, open_context, exam) -> None:
    person, attempt = exam
    context = open_context(person)
    page = open_player(context, site, attempt)
    page.wait_for_timeout(300)
    context.set_offline(True)
    pick(page)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
