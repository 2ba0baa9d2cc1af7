"""The exam player in a real browser: saved means saved, whatever the network, the tab or the clock does."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.browser.conftest import PHONE
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person

pytestmark = pytest.mark.browser
MINUTE = timedelta(minutes=1)


@pytest.fixture
def exam(site):
    """A person, their sitting of thirty minutes and a running attempt of ten questions."""
    with site.app.app_context():
        person = make_person("林晓雯")
        attempt = make.make_attempt(person)
        _free_lease(attempt)
    return person, attempt


def _free_lease(attempt) -> None:
    from cstrain.exams.models import Attempt
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work() as db:
        db.get_one(Attempt, attempt).lease_holder = ""


def open_player(context, site, attempt, path: str = ""):
    page = context.new_page()
    page.goto(f"{site.url}/attempts/{attempt}{path}")
    page.wait_for_selector("form[data-slot]:not([hidden])")
    return page


def held(site, person, attempt) -> dict[int, object]:
    """What the server holds."""
    from cstrain.exams import queries

    with site.app.app_context():
        view = queries.taking_view(person, attempt, site.clock.now())
        return {answer.slot: json.loads(answer.value) for answer in view.answers}


def state_of(site, attempt) -> str:
    from cstrain.exams import queries

    with site.app.app_context():
        return queries.attempt(attempt, site.clock.now()).state


def badge(page) -> str:
    return page.inner_text("[data-save]").strip()


def until(page, selector: str, words: str, timeout: float = 8) -> None:
    """Wait until an element says ``words`` (Playwright's own waiting for a function needs eval, which CSP forbids)."""
    last = ""
    for _ in range(int(timeout * 20)):
        last = page.locator(selector).first.text_content() or ""
        if words in last:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{selector} says {last!r}, not {words!r}")


def wait_saved(page, timeout: float = 8) -> None:
    until(page, "[data-save]", "已保存", timeout)


def goto(page, slot: int) -> None:
    page.evaluate(f"document.querySelector('a.cell[data-number=\"{slot}\"]').click()")


def pick(page, place: int = 0) -> None:
    page.locator("form[data-slot]:not([hidden]) .opt").nth(place).click()


def fill(page, text: str) -> None:
    page.locator("form[data-slot]:not([hidden]) input.input").first.fill(text)


def answer_everything(page, slots: int = 10) -> None:
    """Choose the first option, or type, on every question."""
    for slot in range(1, slots + 1):
        goto(page, slot)
        control = page.get_attribute(f"form[data-slot='{slot}']", "data-control")
        if control in ("blanks", "number"):
            fill(page, "42")
        else:
            pick(page)


def test_an_answer_is_saved_shown_after_a_reload_and_handed_in(site, open_context, exam) -> None:
    person, attempt = exam
    page = open_player(open_context(person), site, attempt)
    assert badge(page) == "还没有作答"
    answer_everything(page)
    wait_saved(page)
    assert len(held(site, person, attempt)) == 10
    page.reload()
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


LEFT_ON_DEVICE = """() => new Promise((resolve) => {
  const request = indexedDB.open("cstrain-player", 1);
  request.onsuccess = () => {
    const count = request.result.transaction("events").objectStore("events").count();
    count.onsuccess = () => resolve(count.result);
  };
})"""


def test_answers_given_offline_are_kept_and_delivered(site, open_context, exam, picture) -> None:
    person, attempt = exam
    context = open_context(person)
    page = open_player(context, site, attempt)
    pick(page)
    wait_saved(page)
    context.set_offline(True)
    for slot in range(2, 11):
        goto(page, slot)
        fill(page, "断网") if page.locator("form[data-slot]:not([hidden]) input.input").count() else pick(page)
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
    context.route("**/answers", lambda route: route.abort())
    pick(page)
    until(page, "[data-save]", "已存在本机")
    page.close(run_before_unload=False)
    assert held(site, person, attempt) == {}
    context.unroute("**/answers")
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
    for route in stalled:
        route.abort()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_saved(page)
    assert len(held(site, person, attempt)) == 1


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
    from cstrain.exams import queries

    with site.app.app_context():
        assert queries.events_by_disposition([attempt]) == {"accepted": 1}


@pytest.mark.parametrize("mine", [True, False])
def test_two_devices_never_overwrite_each_other_silently(site, open_context, exam, mine, picture) -> None:
    person, attempt = exam
    first = open_player(open_context(person), site, attempt)
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
    from cstrain.exams import queries

    with site.app.app_context():
        assert queries.events_by_disposition([attempt])["superseded"] == 1


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


def test_when_time_is_up_the_last_answer_is_in_and_the_paper_is_handed_in(site, open_context, exam, picture) -> None:
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


def slot_with(page, control: str) -> int:
    return int(page.locator(f"form[data-control={control}]").first.get_attribute("data-slot"))


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
    from cstrain.exams import queries

    with site.app.app_context():
        assert queries.events_by_disposition([attempt]) == {"late": 1}


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
