"""Typing and oral tasks in a real browser: the clock, the input method, pasting, a reload, a phone."""

from __future__ import annotations

import json

import pytest

from tests.browser.conftest import PHONE
from tests.browser.player import goto, held, open_player, until, wait_saved
from tests.factories.aloud import PASSAGE, make_aloud_attempt
from tests.factories.exams import event, save
from tests.factories.people import make_person

pytestmark = pytest.mark.browser
FIELD = "[data-typed]"
COMPOSE = """([text, ends]) => {
  const field = document.querySelector("[data-typed]");
  const send = (type, data) => field.dispatchEvent(new CompositionEvent(type, { data, bubbles: true }));
  send("compositionstart", "");
  field.value += text;
  send("compositionupdate", text);
  field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true, data: text }));
  if (ends) send("compositionend", text);
}"""
PASTE = """() => {
  const field = document.querySelector("[data-typed]");
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", "粘贴的文字");
  return field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def aloud(site):
    with site.app.app_context():
        person = make_person("林晓雯")
        attempt = make_aloud_attempt(person, holder="")
    return person, attempt


def until_held(page, site, person, attempt, text: str, *, over: bool = True) -> dict:
    for _ in range(100):
        answer = held(site, person, attempt).get(1)
        if answer and (answer["text"], answer["over"]) == (text, over):
            return answer
        page.wait_for_timeout(100)
    raise AssertionError(f"the server holds {answer!r}, not {text!r}")


def test_the_clock_runs_lines_are_marked_and_text_is_saved(site, open_context, aloud, picture) -> None:
    person, attempt = aloud
    page = open_player(open_context(person), site, attempt)
    assert page.is_disabled(FIELD)
    assert "1分00秒" in page.inner_text("[data-clock]")
    page.click("[data-begin]")
    until(page, "[data-said]", "开始计时")
    page.keyboard.insert_text(PASSAGE[:40])
    until(page, "[data-count]", "已打40字，原文144字")
    assert page.locator(".typing-line.typed").count() >= 1
    assert page.locator(".typing-line.now").count() == 1
    answer = until_held(page, site, person, attempt, PASSAGE[:40], over=False)
    assert 0 < answer["ms"] < 60_000
    picture(page, "typing")


def test_text_in_the_input_method_counts_only_when_it_is_settled(site, open_context, aloud) -> None:
    person, attempt = aloud
    page = open_player(open_context(person), site, attempt)
    page.click("[data-begin]")
    page.evaluate(COMPOSE, ["收到", True])
    until(page, "[data-count]", "已打2字")
    page.evaluate(COMPOSE, ["gukede", False])
    page.wait_for_timeout(300)
    assert "已打2字" in page.inner_text("[data-count]")
    page.click("[data-done]")
    until(page, "[data-said]", "输入法里没有上屏的字不计分")
    answer = until_held(page, site, person, attempt, "收到")
    assert answer["composing"] == "gukede"
    assert page.is_disabled(FIELD)
    assert page.input_value(FIELD) == "收到"


def test_pasting_is_refused_explained_and_counted(site, open_context, aloud) -> None:
    person, attempt = aloud
    page = open_player(open_context(person), site, attempt)
    page.click("[data-begin]")
    assert page.evaluate(PASTE) is False
    assert "不能粘贴" in page.inner_text("[data-pasted]")
    page.click("[data-done]")
    answer = until_held(page, site, person, attempt, "")
    assert answer["pastes"] == 1


def test_a_reload_goes_on_with_the_time_already_used(site, open_context, aloud) -> None:
    person, attempt = aloud
    page = open_player(open_context(person), site, attempt)
    page.click("[data-begin]")
    page.keyboard.insert_text("收到顾客")
    page.wait_for_timeout(2500)
    page.reload()
    page.wait_for_selector("form[data-slot]:not([hidden])")
    until(page, "[data-begin]", "继续打字")
    assert page.input_value(FIELD) == "收到顾客"
    page.click("[data-begin]")
    page.keyboard.press("End")
    page.keyboard.insert_text("的改址")
    page.click("[data-done]")
    answer = until_held(page, site, person, attempt, "收到顾客的改址")
    assert answer["ms"] >= 2500
    assert answer["resumes"] == 1


def test_handing_in_while_the_clock_runs_keeps_what_was_typed(site, open_context, aloud) -> None:
    person, attempt = aloud
    page = open_player(open_context(person), site, attempt)
    page.click("[data-begin]")
    page.keyboard.insert_text("收到")
    page.click("[data-review] >> visible=true")
    page.click("[data-submit]")
    page.wait_for_url("**/receipt")
    assert held(site, person, attempt)[1]["text"] == "收到"


def test_typing_works_on_a_phone_without_going_sideways(site, open_context, aloud, picture) -> None:
    person, attempt = aloud
    page = open_player(open_context(person, PHONE), site, attempt)
    page.click("[data-begin]")
    page.keyboard.insert_text(PASSAGE[:90])
    until(page, "[data-count]", "已打90字")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    now = page.locator(".typing-line.now").bounding_box()
    box = page.locator(".typing-passage").bounding_box()
    assert box["y"] <= now["y"] and now["y"] + now["height"] <= box["y"] + box["height"] + 1
    picture(page, "typing-phone")


def test_an_oral_task_says_that_the_examiner_marks_and_takes_a_tick(site, open_context, aloud) -> None:
    person, attempt = aloud
    page = open_player(open_context(person), site, attempt)
    goto(page, 2)
    assert "由考官当场打分" in page.inner_text("form[data-slot='2']")
    page.check("[data-ready]")
    wait_saved(page)
    assert held(site, person, attempt)[2] == {"ready": True}


def test_when_the_time_is_over_the_field_is_locked_and_the_rest_is_kept(site, open_context, aloud) -> None:
    person, attempt = aloud
    nearly = {"text": "收到", "ms": 58_000, "composing": "", "started": "2026-11-20T01:00:00Z", "over": False}
    with site.app.app_context():
        save(person, attempt, [event(1, json.dumps(nearly), 1)])
    page = open_player(open_context(person), site, attempt)
    until(page, "[data-said]", "已用58秒")
    page.click("[data-begin]")
    page.keyboard.press("End")
    page.keyboard.insert_text("顾客")
    until(page, "[data-said]", "时间到，已锁定，打了4字")
    assert page.is_disabled(FIELD)
    assert until_held(page, site, person, attempt, "收到顾客")["ms"] == 60_000


def test_axe_finds_nothing_in_the_typing_and_the_oral_question(site, open_context, aloud) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    person, attempt = aloud
    page = open_player(open_context(person, bypass_csp=True), site, attempt)
    found = axe.run(page).response["violations"]
    page.click("[data-begin]")
    page.keyboard.insert_text(PASSAGE[:60])
    page.evaluate(PASTE)
    found += axe.run(page).response["violations"]
    goto(page, 2)
    found += axe.run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
