"""Operation tasks in a real browser: both layouts, the trace, a reload, the keyboard, a phone, the marks."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

from cstrain.questions.back_office import Office, read_steps, replay
from tests.browser.conftest import PHONE
from tests.browser.player import goto, held, open_player, until, wait_saved
from tests.factories.operations import make_operation_attempt, written
from tests.factories.people import make_person

pytestmark = pytest.mark.browser
VALUES = {
    "price": ["85", "84.50", ""],
    "day": ["2026-10-02", "2026年10月3日"],
    "flag": ["黄", "无", ""],
    "asked": ["1", ""],
    "note": ["改价85", "第一行\n第二行“引号”"],
    "phone": ["0312", "9"],
}
REPLAY = """async ([url, office, traces]) => {
  const steps = await import(url);
  return traces.map((trace) => [steps.replay(office, trace), steps.replay(office, steps.compact(trace))]);
}"""
COMPACT = """async ([url, trace]) => {
  const { compact, fits } = await import(url);
  return [compact(trace), fits(compact(trace))];
}"""


@pytest.fixture
def machine(site):
    with site.app.app_context():
        person = make_person("林晓雯")
        attempt = make_operation_attempt(person)
    return person, attempt


def panel(page):
    return page.locator("form[data-slot]:not([hidden])")


def work(page, *, listed: bool) -> None:
    """Does the task as it should be done."""
    form = panel(page)
    if listed:
        form.locator("[data-open=r1]").click()
    form.get_by_label("改后货款").fill("85.00元")
    form.get_by_label("办理日期").fill("2026年10月2日")
    form.get_by_label("旗帜").select_option("黄")
    form.get_by_label("顾客已确认").check()
    form.get_by_label("备注").fill("改价-由89改为85-1002-K0312")
    form.locator("[data-press=tell]").click()
    form.locator("[data-press=save]").click()


def url_of_replay(page) -> str:
    player = page.get_attribute("script[type=module][src*='player/player.js']", "src")
    return player.replace("player/player.js", "player/controls/operation_steps.js")


def trace(rng: random.Random, content: dict) -> list[list]:
    """Steps that a page could have taken."""
    steps: list[list] = []
    opened = not content["rows"]
    for number in range(rng.randrange(60)):
        verbs = ["set", "set", "set", "press", "reset"] if opened else []
        verb = rng.choice([*verbs, *(["open"] if content["rows"] else [])])
        if verb == "open":
            steps.append([number, "open", rng.choice(content["rows"])["id"]])
            opened = True
        elif verb == "set":
            name = rng.choice(sorted(VALUES))
            steps.append([number, "set", name, rng.choice(VALUES[name])])
        elif verb == "press":
            steps.append([number, "press", rng.choice(content["buttons"])["id"]])
        else:
            steps.append([number, "reset"])
            opened = not content["rows"]
    return steps


def contents() -> list[dict]:
    from cstrain.questions.question_type import question_types

    kind = question_types().get("operation")
    return [kind.model_validate(written(topic, 1)).content() for topic in ("list", "form")]


def test_the_page_and_the_server_replay_alike(site, open_context, machine) -> None:
    person, attempt = machine
    page = open_player(open_context(person), site, attempt)
    rng = random.Random(20261121)
    for content in contents():
        office = Office.of(content)
        traces = [trace(rng, content) for _ in range(120)]
        found = page.evaluate(REPLAY, [url_of_replay(page), content, traces])
        for steps, (state, compacted) in zip(traces, found, strict=True):
            read = read_steps(office, {"steps": steps})
            assert read is not None
            assert state == compacted == replay(office, read).as_json()


def test_a_trace_that_grows_too_long_is_cut_where_nothing_is_lost(site, open_context, machine) -> None:
    person, attempt = machine
    page = open_player(open_context(person), site, attempt)
    content = contents()[0]
    office = Office.of(content)
    long = [[0, "open", "r1"], *([n, "set", "note", "字" * (100 + n)] for n in range(1, 90))]
    cut, fits = page.evaluate(COMPACT, [url_of_replay(page), long])
    assert fits and len(cut) == 2 and len(json.dumps({"steps": cut}, ensure_ascii=False).encode()) < 16_000
    read, whole = read_steps(office, {"steps": cut}), read_steps(office, {"steps": long[:1] + long[-1:]})
    assert read and whole and replay(office, read) == replay(office, whole)
    many = [
        [0, "open", "r1"],
        *([n, "press", "tell"] for n in range(320)),
        [321, "reset"],
        [322, "open", "r2"],
    ]
    cut, fits = page.evaluate(COMPACT, [url_of_replay(page), many])
    assert fits and [step[1] for step in cut] == ["reset", "open"]


def test_both_layouts_are_done_reloaded_handed_in_and_marked(site, open_context, machine, picture) -> None:
    person, attempt = machine
    page = open_player(open_context(person), site, attempt)
    assert panel(page).locator("[data-record]").is_hidden()
    work(page, listed=True)
    until(page, "form[data-slot='1'] [data-state]", "已存入系统（保存修改）")
    until(page, "form[data-slot='1'] [data-done]", "回复顾客")
    picture(page, "operation-list")
    goto(page, 2)
    work(page, listed=False)
    panel(page).locator("[data-reset]").click()
    assert panel(page).get_by_label("改后货款").input_value() == ""
    panel(page).get_by_label("改后货款").fill("85")
    panel(page).get_by_label("备注").fill("改价 85")
    panel(page).locator("[data-press=drop]").focus()
    until(page, "form[data-slot='2'] [data-state]", "有改动")
    picture(page, "operation-form")
    panel(page).locator("[data-press=save]").click()
    wait_saved(page)
    before = held(site, person, attempt)
    page.reload()
    page.wait_for_selector("form[data-slot]:not([hidden])")
    goto(page, 1)
    assert panel(page).get_by_label("备注").input_value() == "改价-由89改为85-1002-K0312"
    assert panel(page).get_by_label("顾客已确认").is_checked()
    until(page, "form[data-slot='1'] [data-state]", "已存入系统")
    assert held(site, person, attempt) == before
    sets = [step for step in before[1]["steps"] if step[1] == "set"]
    assert len(sets) == 5, "a field is one step, however many keys"
    times = [step[0] for step in before[1]["steps"]]
    assert times[0] == 0 and times == sorted(times)
    page.click("[data-review] >> visible=true")
    page.click("[data-submit]")
    page.wait_for_url("**/receipt")
    assert shares(site, attempt) == {1: Fraction(50), 2: Fraction(25)}


def shares(site, attempt) -> dict[int, Fraction]:
    """Exact marks by slot, as marking gives them to what the server holds."""
    from cstrain.exams import queries
    from cstrain.grading import rules
    from cstrain.questions import queries as questions

    with site.app.app_context():
        slots = queries.markable_slots(attempt)
        versions = questions.keyed_versions([slot.version_id for slot in slots])
        marked = rules.mark(slots, versions, partial=False)
        return {mark.slot: mark.exact for mark in marked.slots}


def test_it_works_with_the_keyboard_alone(site, open_context, machine) -> None:
    person, attempt = machine
    page = open_player(open_context(person), site, attempt)
    panel(page).locator("[data-open=r2]").focus()
    page.keyboard.press("Enter")
    until(page, "form[data-slot='1'] [data-told]", "已打开记录：1010")
    assert panel(page).get_by_role("group", name="记录：1010").count() == 1
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    until(page, "form[data-slot='1'] [data-state]", "有改动，还没存入系统")
    panel(page).locator("[data-press=back]").focus()
    page.keyboard.press("Space")
    until(page, "form[data-slot='1'] [data-told]", "没存的改动已放弃")
    assert panel(page).get_by_label("改后货款").input_value() == "59"
    wait_saved(page)
    verbs = [step[1:] for step in held(site, person, attempt)[1]["steps"]]
    assert verbs == [["open", "r2"], ["set", "price", "12"], ["press", "back"]]


def test_what_is_still_being_typed_is_kept_when_the_paper_is_handed_in(site, open_context, machine) -> None:
    person, attempt = machine
    page = open_player(open_context(person), site, attempt)
    panel(page).locator("[data-open=r1]").click()
    panel(page).get_by_label("备注").focus()
    page.keyboard.insert_text("，写到一半")
    page.evaluate("document.querySelector('[data-submit]').click()")
    page.wait_for_url("**/receipt")
    assert held(site, person, attempt)[1]["steps"][-1][1:3] == ["set", "note"]


def test_a_phone_shows_the_window_without_going_sideways(site, open_context, machine, picture) -> None:
    person, attempt = machine
    page = open_player(open_context(person, PHONE), site, attempt)
    work(page, listed=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "operation-phone", full=True)
