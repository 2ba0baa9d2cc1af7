"""Ten minutes without network, a killed browser, another device, an unfinished word, wrong clocks, back."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from cstrain.exams import queries
from tests.browser.conftest import ARGUMENTS
from tests.browser.player import (
    LEFT_ON_DEVICE,
    badge,
    fill,
    goto,
    hears_nothing,
    held,
    open_player,
    pick,
    slot_with,
    state_of,
    until,
    wait_saved,
)
from tests.conftest import START

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MINUTE = timedelta(minutes=1)
PASSES_THROUGH = """
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));
"""


def serve_worker(context) -> None:
    """Offer a service worker that passes everything through; the product itself has none."""
    context.route(
        "**/attempts/worker.js",
        lambda route: route.fulfill(
            status=200,
            content_type="text/javascript",
            body=PASSES_THROUGH,
            headers={"Service-Worker-Allowed": "/"},
        ),
    )


def test_the_product_registers_no_service_worker(site, open_context, exam) -> None:
    person, attempt = exam
    page = open_player(open_context(person), site, attempt)
    page.wait_for_timeout(500)
    found = page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)")
    assert found == 0


@pytest.mark.parametrize("worker", [False, True], ids=["without-worker", "with-worker"])
def test_ten_minutes_without_network_lose_nothing(site, open_context, exam, worker) -> None:
    """The page's and the server's clock go on by ten minutes; the page is loaded anew right afterwards."""
    person, attempt = exam
    context = open_context(person)
    if worker:
        serve_worker(context)
    page = open_player(context, site, attempt)
    if worker:
        page.evaluate("navigator.serviceWorker.register('/attempts/worker.js', { scope: '/' })")
        page.wait_for_timeout(800)
        page.reload()
        page.wait_for_selector("form[data-slot]:not([hidden])")
        assert page.evaluate("navigator.serviceWorker.controller !== null")
    pick(page)
    wait_saved(page)
    context.set_offline(True)
    for slot in range(2, 6):
        goto(page, slot)
        pick(page) if page.locator("form[data-slot]:not([hidden]) .opt").count() else fill(page, "断网")
    until(page, "[data-save]", "已存在本机")
    site.clock.move(10 * MINUTE)
    page.wait_for_timeout(300)
    assert "已保存" not in badge(page)
    assert len(held(site, person, attempt)) == 1 and page.evaluate(LEFT_ON_DEVICE) >= 4
    context.set_offline(False)
    page.reload()
    began = time.monotonic()
    page.wait_for_selector("form[data-slot]:not([hidden])")
    wait_saved(page, 8)
    assert len(held(site, person, attempt)) == 5
    assert time.monotonic() - began < 10
    assert page.evaluate(LEFT_ON_DEVICE) == 0


def chromium_of(profile: Path) -> list[int]:
    """Return the processes of the browser on this profile: a folder of this test alone."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if f"--user-data-dir={profile}".encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


@pytest.fixture
def profile(browser, chromium, site, exam, tmp_path):
    """Open the browser on a profile of its own; opening it again finds what the profile kept."""
    person, _ = exam
    opened = []

    def launch():
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / "profile"), executable_path=chromium, args=ARGUMENTS, locale="zh-CN"
        )
        context.set_default_timeout(10_000)
        context.add_cookies([site.cookie(person)])
        opened.append(context)
        return context

    launch.folder = tmp_path / "profile"
    yield launch
    for context in opened:
        with suppress(Exception):
            context.close()


def kill_browser(launch) -> None:
    """SIGKILL to every process of the browser on the profile."""
    for process in chromium_of(launch.folder):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    time.sleep(0.5)
    for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
        (launch.folder / name).unlink(missing_ok=True)


def test_a_killed_browser_gives_everything_back_on_the_same_profile(site, exam, profile) -> None:
    person, attempt = exam
    context = profile()
    page = open_player(context, site, attempt)
    page.wait_for_timeout(300)
    context.set_offline(True)
    goto(page, slot_with(page, "blanks"))
    fill(page, "断电之前写下的话")
    goto(page, 1)
    pick(page, 2)
    page.wait_for_timeout(150)  # the last 100 ms may be gone
    kill_browser(profile)
    assert held(site, person, attempt) == {}
    page = open_player(profile(), site, attempt)
    wait_saved(page, 10)
    found = held(site, person, attempt)
    assert ["断电之前写下的话"] in [value[:1] for value in found.values() if isinstance(value, list)]
    assert found[1] == "2"


def test_a_killed_browser_gives_what_was_saved_on_another_device(site, open_context, exam, profile) -> None:
    person, attempt = exam
    page = open_player(profile(), site, attempt)
    typed = slot_with(page, "blanks")
    goto(page, typed)
    fill(page, "早就写下的话")
    page.wait_for_timeout(2000)  # everything older than two seconds must be there
    kill_browser(profile)
    page = open_player(open_context(person), site, attempt)
    page.wait_for_selector("text=这份答卷正在另一个页面或设备上作答")
    page.click("button:has-text('在这里继续答题')")
    goto(page, typed)
    assert page.locator(f"form[data-slot='{typed}'] input.input").first.input_value() == "早就写下的话"
    assert held(site, person, attempt)[typed][0] == "早就写下的话"


def test_an_unfinished_word_in_the_input_method_is_in_when_time_is_up(site, open_context, exam) -> None:
    person, attempt = exam
    site.clock.set(START + 30 * MINUTE - timedelta(seconds=5))
    context = open_context(person)
    page = open_player(context, site, attempt)
    slot = slot_with(page, "blanks")
    goto(page, slot)
    page.locator(f"form[data-slot='{slot}'] input.input").first.focus()
    tools = context.new_cdp_session(page)
    tools.send("Input.insertText", {"text": "已经写好"})
    tools.send("Input.imeSetComposition", {"text": "nihao", "selectionStart": 5, "selectionEnd": 5})
    page.wait_for_url("**/receipt", timeout=20_000)
    assert state_of(site, attempt) == "submitted"
    assert held(site, person, attempt)[slot][0].startswith("已经写好")
    with site.app.app_context():
        assert set(queries.events_by_disposition([attempt])) == {"accepted"}


@pytest.mark.parametrize("hours", [-24, -1, 1, 24])
def test_a_device_clock_that_jumps_changes_neither_time_nor_answers(site, open_context, exam, hours) -> None:
    person, attempt = exam
    context = open_context(person)
    context.add_init_script(
        "(() => { const real = Date; let off = 0; window.jump = (ms) => { off += ms; };"
        "window.Date = class extends real {"
        " constructor(...a) { a.length ? super(...a) : super(real.now() + off); }"
        " static now() { return real.now() + off; } }; })()"
    )
    page = open_player(context, site, attempt)
    pick(page)
    wait_saved(page)
    before = page.inner_text("[data-left]")
    page.evaluate(f"window.jump({hours} * 3600000)")
    pick(page, 1)
    wait_saved(page)
    page.wait_for_timeout(600)
    minutes = [
        int("".join(filter(str.isdigit, text.split("分")[0])))
        for text in (before, page.inner_text("[data-left]"))
    ]
    assert abs(minutes[0] - minutes[1]) <= 1
    assert state_of(site, attempt) == "open" and held(site, person, attempt)[1] == "1"
    assert page.locator("[role=alert]:visible").count() == 0


def test_going_back_and_forward_keeps_every_answer(site, open_context, exam) -> None:
    person, attempt = exam
    page = open_player(open_context(person), site, attempt)
    pick(page, 1)
    wait_saved(page)
    page.goto(f"{site.url}/exams")
    page.go_back()
    page.wait_for_selector("form[data-slot='1'] input:checked", state="attached")
    assert page.locator("form[data-slot='1'] input:checked").get_attribute("value") == "1"
    pick(page, 2)
    wait_saved(page)
    page.go_forward()
    page.go_back()
    page.wait_for_selector("form[data-slot]:not([hidden])")
    assert held(site, person, attempt) == {1: "2"}


def test_a_reload_while_an_answer_is_on_its_way_loses_nothing(site, open_context, exam) -> None:
    person, attempt = exam
    context = open_context(person)
    page = open_player(context, site, attempt)
    page.wait_for_timeout(300)
    stalled: list[object] = []
    context.route("**/answers", lambda route: stalled.append(route))
    pick(page, 1)
    page.wait_for_timeout(200)
    page.on("dialog", lambda dialog: dialog.accept())
    context.unroute("**/answers")
    page.reload()
    page.wait_for_selector("form[data-slot]:not([hidden])")
    wait_saved(page)
    assert stalled and held(site, person, attempt) == {1: "1"}


def test_taken_over_and_taken_back_the_loser_knows_within_two_seconds(site, open_context, exam) -> None:
    person, attempt = exam
    devices = [open_context(person) for _ in range(2)]
    for device in devices:
        hears_nothing(device)
    first = open_player(devices[0], site, attempt)
    pick(first, 0)
    wait_saved(first)
    second = open_player(devices[1], site, attempt)
    for here, there, place in [(second, first, 1), (first, second, 2)]:
        here.click("button:has-text('在这里继续答题'), button:has-text('用服务器上的答案')")
        here.wait_for_selector("form[data-slot='1'] input:enabled")
        pick(here, place)
        wait_saved(here)
        pick(there, 3)  # the loser writes on, and is told
        there.wait_for_selector("text=正在另一个页面或设备上作答 >> visible=true", timeout=2000)
        assert held(site, person, attempt)[1] == str(place)
    with site.app.app_context():
        assert queries.events_by_disposition([attempt]) == {"accepted": 3, "superseded": 2}


def test_an_answer_that_waits_here_never_replaces_one_that_came_later_unasked(
    site, open_context, exam
) -> None:
    """The take-over was granted, its answer was lost, and the page is loaded anew: the candidate is asked."""
    person, attempt = exam
    mine = open_context(person)
    hears_nothing(mine)
    here = open_player(mine, site, attempt)
    here.wait_for_timeout(300)
    mine.route("**/answers", lambda route: route.abort())
    pick(here, 0)
    until(here, "[data-save]", "已存在本机")
    there = open_player(open_context(person), site, attempt)
    there.click("button:has-text('在这里继续答题')")
    there.wait_for_selector("form[data-slot]:not([hidden]) input:enabled")
    pick(there, 1)
    wait_saved(there)

    def granted_unheard(route) -> None:
        route.fetch()
        route.abort()

    here.wait_for_selector("button:has-text('用服务器上的答案')", timeout=40_000)
    mine.route("**/lease", granted_unheard)
    here.click("button:has-text('用服务器上的答案')")
    here.wait_for_timeout(500)
    mine.unroute("**/lease")
    mine.unroute("**/answers")
    here.on("dialog", lambda dialog: dialog.accept())
    here.reload()
    here.wait_for_selector("button:has-text('用服务器上的答案')")
    assert held(site, person, attempt)[1] == "1"
    here.click("button:has-text('用服务器上的答案')")
    here.wait_for_selector("form[data-slot]:not([hidden]) input:enabled")
    assert held(site, person, attempt)[1] == "1"
    assert here.locator("form[data-slot='1'] input:checked").get_attribute("value") == "1"
    with site.app.app_context():
        assert queries.events_by_disposition([attempt]) == {"accepted": 1, "superseded": 1}
