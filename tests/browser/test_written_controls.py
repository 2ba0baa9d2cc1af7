"""Matching, ordering, writing and cases in a real browser: mouse, keyboard, input method, phone."""

from __future__ import annotations

import json

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.player import badge, free_lease, goto, held, open_player, slot_with, until, wait_saved
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.factories.questions import load_bank
from tests.questions.makers import MORE, fields

pytestmark = pytest.mark.browser
TOO_SMALL = """(slot) => {
  const form = document.querySelector(`form[data-slot='${slot}']`);
  return Array.from(form.querySelectorAll("button, select, textarea, .opt, input.input"))
    .filter((each) => each.offsetParent && (each.offsetHeight < 44 || each.offsetWidth < 44))
    .map((each) => each.outerHTML.slice(0, 80));
}"""
RIGHT = {"红旗": "加急", "黄旗": "改址", "蓝旗": "补发", "绿旗": "已回访"}


@pytest.fixture
def written(site, tmp_path):
    """A person and their running attempt of five questions, one of each type."""
    with site.app.app_context():
        load_bank(tmp_path / "b", [fields(kind) for kind in MORE])
        person = make_person("林晓雯")
        cells = [{"topics": ["one"], "types": [kind], "count": 1} for kind in MORE]
        make.make_paper(
            "written",
            bank="b",
            release="two_persons",
            sections=[{"title": "全部", "marks": 20, "cells": cells}],
        )
        attempt = make.make_attempt(person, make.make_sitting([person], "written"))
        free_lease(attempt)
    return person, attempt


def marked(site, attempt: int, slot: int):
    """What marking says of the saved answer of a slot."""
    from cstrain.exams import queries
    from cstrain.grading.rules import response
    from cstrain.questions.queries import keyed_versions
    from cstrain.questions.question_type import question_types

    with site.app.app_context():
        place = next(each for each in queries.markable_slots(attempt) if each.slot == slot)
        version = keyed_versions([place.version_id])[place.version_id]
        return question_types().get(version.type).mark(version.key, response(place, version))


def show(page, control: str):
    """Go to the question with a control; return its form and number."""
    slot = slot_with(page, control)
    goto(page, slot)
    return page.locator(f"form[data-slot='{slot}']"), slot


def reloaded(page) -> None:
    page.reload()
    page.wait_for_selector("form[data-slot]:not([hidden])")
    wait_saved(page)


def match_rightly(form) -> None:
    for left, right in RIGHT.items():
        select = form.get_by_label(left, exact=True)
        label = next(each for each in select.locator("option").all_inner_texts() if each.endswith(right))
        select.select_option(label=label)


def steps(form) -> list[str]:
    return form.locator("[data-text]").all_inner_texts()


def test_pairs_are_chosen_saved_and_marked(site, open_context, written) -> None:
    person, attempt = written
    page = open_player(open_context(person), site, attempt)
    form, slot = show(page, "match")
    form.get_by_label("红旗", exact=True).select_option(index=1)
    wait_saved(page)
    assert list(held(site, person, attempt)[slot]) == ["a"]
    match_rightly(form)
    wait_saved(page)
    assert marked(site, attempt, slot).fraction == 1
    reloaded(page)
    chosen = (
        show(page, "match")[0]
        .locator("select")
        .evaluate_all("all => all.map((one) => one.selectedOptions[0].textContent.slice(3))")
    )
    assert chosen == list(RIGHT.values())
    for select in form.locator("select").all():
        select.select_option(index=0)
    wait_saved(page)
    assert held(site, person, attempt)[slot] == {}
    assert page.inner_text("[data-count=answered] >> nth=0") == "0"


def test_steps_are_moved_with_the_keyboard_and_nothing_moved_is_no_answer(
    site, open_context, written
) -> None:
    person, attempt = written
    page = open_player(open_context(person), site, attempt)
    form, slot = show(page, "order")
    shown = steps(form)
    assert "还没有作答" in form.locator("[data-state]").inner_text()
    form.locator("[data-settle]").click()
    wait_saved(page)
    first = held(site, person, attempt)[slot]
    assert sorted(first) == ["0", "1", "2", "3"] and steps(form) == shown
    assert "已按现在的次序作答" in form.locator("[data-state]").inner_text()

    form.get_by_label(f"下移：{shown[0]}", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert steps(form) == [shown[1], shown[2], shown[0], shown[3]]
    until(page, f"form[data-slot='{slot}'] [data-told]", f"“{shown[0]}”移到第3位，共4位。")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == f"下移：{shown[0]}"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert steps(form) == [shown[1], shown[2], shown[0], shown[3]]
    form.get_by_label(f"上移：{shown[1]}", exact=True).focus()
    page.keyboard.press("Enter")
    until(page, f"form[data-slot='{slot}'] [data-told]", "已经在最上面")
    wait_saved(page)
    assert held(site, person, attempt)[slot] == [first[1], first[2], first[0], first[3]]
    reloaded(page)
    assert steps(show(page, "order")[0]) == [shown[1], shown[2], shown[0], shown[3]]


def test_the_right_order_earns_its_marks(site, open_context, written) -> None:
    person, attempt = written
    page = open_player(open_context(person), site, attempt)
    form, slot = show(page, "order")
    form.locator("[data-settle]").click()
    for place, step in enumerate(MORE["ordering"]["steps"]):
        while steps(form).index(step) > place:
            form.get_by_label(f"上移：{step}", exact=True).click()
    wait_saved(page)
    assert marked(site, attempt, slot).fraction == 1


def test_characters_are_counted_as_the_server_does(site, open_context, written) -> None:
    person, attempt = written
    page = open_player(open_context(person), site, attempt)
    slot = next(
        int(form.get_attribute("data-slot"))
        for form in page.locator("form[data-control=text]").all()
        if form.locator("[data-most='60']").count()
    )
    goto(page, slot)
    field = page.locator(f"form[data-slot='{slot}'] textarea")
    count = page.locator(f"form[data-slot='{slot}'] [data-count]")
    field.fill("今天发货。\n𠮷")
    assert count.inner_text() == "已写7字，最多60字"
    field.fill("字" * 59 + "𠮷")
    assert count.inner_text() == "已写60字，最多60字"
    wait_saved(page)
    assert marked(site, attempt, slot).note == "person"
    field.fill("字" * 59 + "𠮷" + "多了")
    until(page, f"form[data-slot='{slot}'] [data-told]", "多写了2字，只保存前60字")
    assert field.get_attribute("aria-invalid") == "true"
    wait_saved(page)
    assert held(site, person, attempt)[slot] == "字" * 59 + "𠮷"
    assert field.input_value().endswith("多了"), "nothing is taken from the field"
    field.fill("短了")
    assert field.get_attribute("aria-invalid") is None
    wait_saved(page)
    assert held(site, person, attempt)[slot] == "短了"


def test_an_input_method_is_left_in_peace_at_the_limit(site, open_context, written) -> None:
    person, attempt = written
    context = open_context(person)
    page = open_player(context, site, attempt)
    slot = slot_with(page, "parts")
    goto(page, slot)
    field = page.locator(f"form[data-slot='{slot}'] textarea")
    field.fill("字" * 79)
    field.press("End")
    keys = context.new_cdp_session(page)
    for composed in ("h", "ha", "hao", "hao de"):
        keys.send(
            "Input.imeSetComposition",
            {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
        )
        page.wait_for_timeout(60)
    assert field.input_value() == "字" * 79 + "hao de"
    keys.send("Input.insertText", {"text": "好"})
    assert field.input_value() == "字" * 79 + "好"
    wait_saved(page)
    assert held(site, person, attempt)[slot] == {"2": "字" * 79 + "好"}


def test_a_case_is_answered_part_by_part(site, open_context, written) -> None:
    person, attempt = written
    page = open_player(open_context(person), site, attempt)
    form, slot = show(page, "parts")
    assert "箱盖裂了一道缝" in form.locator(".case-text").inner_text()
    form.locator("[data-part='0'] .opt", has_text="查单").click()
    wait_saved(page)
    assert held(site, person, attempt)[slot] == {"0": "1"}
    form.locator("[data-part='1'] input").fill("24")
    form.locator("[data-part='2'] textarea").fill("先道歉，再换新。")
    page.keyboard.press("Tab")
    wait_saved(page)
    assert held(site, person, attempt)[slot] == {"0": "1", "1": ["24"], "2": "先道歉，再换新。"}
    assert marked(site, attempt, slot).note == "person"
    reloaded(page)
    form, slot = show(page, "parts")
    assert form.locator("[data-part='0'] input:checked").get_attribute("value") == "1"
    assert form.locator("[data-part='1'] input").input_value() == "24"
    assert form.locator("[data-part='2'] textarea").input_value() == "先道歉，再换新。"
    page.keyboard.press("2")
    assert held(site, person, attempt)[slot]["0"] == "1", "digits pick nothing inside a case"


def test_another_page_locks_the_controls_and_gives_them_back(site, open_context, written) -> None:
    person, attempt = written
    first = open_player(open_context(person), site, attempt)
    form, _slot = show(first, "order")
    form.locator("[data-settle]").click()
    wait_saved(first)
    second = open_player(open_context(person), site, attempt)
    until(second, "[data-save]", "已在别处打开")
    there, _slot = show(second, "order")
    assert there.locator("[data-move]").first.is_disabled()
    second.get_by_role("button", name="在这里继续答题").first.click()
    until(second, "[data-save]", "已保存")
    shown = steps(there)
    there.get_by_label(f"下移：{shown[0]}", exact=True).click()
    assert steps(there)[1] == shown[0]
    wait_saved(second)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1280", "390"])
def test_the_controls_fit_name_themselves_and_are_big_enough(
    site, open_context, written, picture, viewport
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    person, attempt = written
    page = open_player(open_context(person, viewport), site, attempt)
    for slot in range(1, 6):
        goto(page, slot)
        control = page.get_attribute(f"form[data-slot='{slot}']", "data-control")
        picture(page, f"written-{control}-{slot}-{viewport['width']}", full=True)
        found = axe.run(page).response["violations"]
        assert not found, json.dumps(found, ensure_ascii=False)[:2000]
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        small = page.evaluate(TOO_SMALL, slot)
        assert not small
    assert badge(page)


def test_a_preview_works_like_the_player_and_sends_nothing(site, open_context, written, picture) -> None:
    with site.app.app_context():
        trainer = make_person("周明", roles=["trainer"])
    context = open_context(trainer)
    page = context.new_page()
    sent = []
    page.on("request", lambda request: sent.append(request.method) if request.method != "GET" else None)
    page.goto(f"{site.url}/banks/b/t-ordering-001/preview")
    shown = steps(page)
    page.get_by_label(f"下移：{shown[0]}", exact=True).click()
    assert steps(page)[1] == shown[0]
    page.goto(f"{site.url}/banks/b/t-case-001/preview")
    page.locator("[data-part='1'] input").fill("24")
    page.keyboard.press("Enter")
    page.locator("textarea").fill("抱歉")
    assert page.locator("[data-count]").inner_text() == "已写2字，最多80字"
    picture(page, "preview-case", full=True)
    page.goto(f"{site.url}/banks/b/t-matching-001")
    match_rightly(page)
    picture(page, "question-matching", full=True)
    assert sent == [] and page.url.endswith("/t-matching-001")
