"""A chat scenario in a real browser: to its end, reloaded, offline, taken over, two at once, on a phone."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE
from tests.browser.player import goto, held, open_player, until, wait_saved
from tests.factories.chats import make_chat_attempt
from tests.factories.people import make_person

pytestmark = pytest.mark.browser
FORM = "form[data-slot]:not([hidden])"
LOG = f"{FORM} [data-chat-log]"
TEXT = f"{FORM} [data-chat-text]"
ENTER_IN_METHOD = """() => {
  const field = document.querySelector("form[data-slot]:not([hidden]) [data-chat-text]");
  const press = (options) => field.dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...options }));
  press({ isComposing: true });
  press({ keyCode: 229 });
}"""


@pytest.fixture
def chatting(site):
    with site.app.app_context():
        person = make_person("林晓雯")
        attempt = make_chat_attempt(person, holder="")
    return person, attempt


def begin(page) -> None:
    page.click(f"{FORM} [data-chat-begin]")
    until(page, LOG, "顾客的话t1")


def answer(page, way: str, awaited: str) -> None:
    """Choose a way to answer, send its phrase, wait for the customer's words."""
    page.click(f"{FORM} .chat-way:has-text('{way}')")
    page.press(TEXT, "Enter")
    until(page, LOG, awaited)


def test_a_chat_goes_to_its_end_over_a_reload_and_is_marked(site, open_context, chatting, picture) -> None:
    person, attempt = chatting
    page = open_player(open_context(person), site, attempt)
    assert page.is_hidden(f"{FORM} [data-chat-reply]")
    begin(page)
    answer(page, "好办法", "顾客的话t2")
    page.fill(TEXT, "我这就去查轨迹")
    page.click(f"{FORM} [data-chat-send]")
    until(page, LOG, "顾客的话t3")
    picture(page, "chat")
    page.reload()
    page.wait_for_selector(FORM)
    until(page, LOG, "顾客的话t3")
    assert page.locator(f"{LOG} .bubble.me").count() == 2
    assert "我这就去查轨迹" in page.inner_text(LOG)
    for awaited in ("t4", "t5", "t6"):
        answer(page, "好办法", f"顾客的话{awaited}")
    answer(page, "好办法", "谢谢")
    until(page, f"{FORM} [data-chat-said]", "会话结束了")
    assert page.is_hidden(f"{FORM} [data-chat-reply]")
    wait_saved(page)
    lines = held(site, person, attempt)[1]["lines"]
    assert len(lines) == 6 and lines[1]["reply"] is None
    assert all(line["ms"] >= line["seen"] for line in lines)
    page.click("[data-review] >> visible=true")
    page.click("[data-submit]")
    page.wait_for_url("**/receipt")
    with site.app.app_context():
        from cstrain.exams import queries
        from cstrain.grading.rules import mark
        from cstrain.questions.queries import keyed_versions

        slots = queries.markable_slots(attempt)
        marked = mark(slots, keyed_versions([slots[0].version_id]), partial=False)
    assert marked.slots[0].measures["turns"] == "6"
    assert 0.9 < marked.slots[0].exact / 100 <= 1


def test_a_phrase_can_be_edited_and_enter_in_an_input_method_sends_nothing(
    site, open_context, chatting
) -> None:
    person, attempt = chatting
    page = open_player(open_context(person), site, attempt)
    begin(page)
    page.click(f"{FORM} [data-chat-send]")
    until(page, f"{FORM} [data-chat-said]", "还没有写内容")
    page.click(f"{FORM} .chat-way:has-text('差办法')")
    assert page.get_attribute(f"{FORM} .chat-way:has-text('差办法')", "aria-pressed") == "true"
    page.fill(TEXT, "请您稍等")
    page.evaluate(ENTER_IN_METHOD)
    page.wait_for_timeout(300)
    assert page.locator(f"{LOG} .bubble.me").count() == 0
    page.press(TEXT, "Enter")
    until(page, LOG, "顾客的话t2b")
    assert held(site, person, attempt)[1]["lines"][0]["text"] == "请您稍等"


def test_without_network_the_line_waits_and_the_customer_answers_later(site, open_context, chatting) -> None:
    person, attempt = chatting
    context = open_context(person)
    page = open_player(context, site, attempt)
    begin(page)
    context.set_offline(True)
    page.click(f"{FORM} .chat-way:has-text('好办法')")
    page.press(TEXT, "Enter")
    until(page, f"{FORM} [data-chat-said]", "先存在这台设备上")
    assert page.locator(f"{LOG} .bubble.me").count() == 1
    assert 1 not in held(site, person, attempt)
    context.set_offline(False)
    until(page, LOG, "顾客的话t2", timeout=20)
    assert len(held(site, person, attempt)[1]["lines"]) == 1


def test_another_device_takes_over_with_the_whole_transcript(site, open_context, chatting) -> None:
    person, attempt = chatting
    first = open_player(open_context(person), site, attempt)
    begin(first)
    answer(first, "好办法", "顾客的话t2")
    second = open_player(open_context(person, PHONE), site, attempt)
    until(second, LOG, "顾客的话t2")
    second.click("text=在这里继续答题")
    answer(second, "好办法", "顾客的话t3")
    until(first, "[data-save]", "已在别处打开", timeout=30)
    assert first.is_disabled(TEXT)
    assert second.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_two_chats_come_in_together_with_a_dot_for_the_one_not_shown(site, open_context, picture) -> None:
    with site.app.app_context():
        person = make_person("林晓雯")
        attempt = make_chat_attempt(person, count=2, holder="")
    page = open_player(open_context(person, PHONE), site, attempt)
    begin(page)
    page.wait_for_selector("a.cell[data-number='2'] .unread", state="attached", timeout=25_000)
    assert "第2题的顾客有新消息" in page.inner_text("[data-announce]")
    picture(page, "chat-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.is_visible("button[data-review] .unread")
    goto(page, 2)
    until(page, LOG, "顾客的话t1")
    assert page.locator(".unread").count() == 0
