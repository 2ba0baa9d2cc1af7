"""Practice on a phone with the player's controls, a sheet entered by two people: in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.player import until, until_value
from tests.browser.road import press
from tests.browser.test_written_controls import match_rightly, steps
from tests.conftest import START
from tests.factories import exams as make
from tests.factories import papers
from tests.factories.people import make_person
from tests.factories.questions import load_bank
from tests.questions.makers import MORE, OWN, fields

pytestmark = pytest.mark.browser

KINDS = [*OWN, *(kind for kind in MORE if kind not in ("short_answer", "essay", "case"))]
EVERY = [*OWN, *MORE]
SMALL = """() => Array.from(document.querySelectorAll("[data-answer] :is(button, select, textarea, .opt)"))
  .filter((each) => each.offsetParent && (each.offsetHeight < 44 || each.offsetWidth < 44))
  .map((each) => each.outerHTML.slice(0, 80))"""


def one_of_each(kinds) -> list[dict]:
    return [{"topics": ["one"], "types": [kind], "count": 1} for kind in kinds]


@pytest.fixture
def learner(site, tmp_path):
    with site.app.app_context():
        load_bank(tmp_path / "daily", [fields(kind) for kind in KINDS])
        cells = one_of_each(["single_choice"])
        make.make_paper("quiz", bank="daily", sections=[{"title": "全部", "marks": 100, "cells": cells}])
        return make_person("林晓雯")


def answer_rightly(page, control: str) -> None:
    form = page.locator("[data-answer]")
    if control == "choose_one":
        form.locator("label:has-text('乙方案')").click()
    elif control == "choose_many":
        for text in ("一", "三", "四"):
            form.locator(f"label:has(span:text-is('{text}'))").click()
    elif control == "true_false":
        form.locator("label:has(input[value='false'])").click()
    elif control == "blanks":
        form.locator("input").nth(0).fill("复述")
        form.locator("input").nth(1).fill("5")
    elif control == "number":
        form.locator("input").fill("1234.5元")
    elif control == "match":
        match_rightly(form)
    else:
        put_in_order(page, form)


def put_in_order(page, form) -> None:
    wanted = MORE["ordering"]["steps"]
    for place, text in enumerate(wanted):
        while steps(form).index(text) > place:
            form.locator(f"[data-item]:has-text('{text}') [data-move='-1']").click()
    if form.locator("[data-settle]").is_visible():
        form.locator("[data-settle]").click()
    assert steps(form) == wanted


def test_every_control_is_practised_on_a_phone(site, open_context, learner, picture) -> None:
    page = open_context(learner, PHONE).new_page()
    page.goto(f"{site.url}/practice")
    picture(page, "practice-390", full=True)
    page.click("label:has-text('10题')")
    page.click("button:has-text('抽题练习')")
    seen = set()
    for _ in KINDS:
        page.wait_for_load_state("load")
        control = page.get_attribute("[data-answer]", "data-control")
        seen.add(control)
        assert page.evaluate(SMALL) == []
        answer_rightly(page, control)
        picture(page, f"practice-{control}-390", full=True)
        page.click("button:has-text('提交答案')")
        until(page, "h1", "答对了")
        picture(page, f"practice-{control}-right-390", full=True)
        page.locator(".actbar a").click()
        page.wait_for_load_state()
    assert len(seen) == len(KINDS)
    until(page, "h1", "7题全部答对")
    picture(page, "practice-done-390", full=True)


def test_a_wrong_answer_is_kept_in_the_form_and_lands_in_the_book(
    site, open_context, learner, picture
) -> None:
    page = open_context(learner, DESKTOP).new_page()
    page.goto(f"{site.url}/practice")
    picture(page, "practice-1280", full=True)
    page.click("label:has-text('5题')")
    page.click("button:has-text('抽题练习')")
    page.wait_for_load_state("load")
    page.click("button:has-text('提交答案')")
    until(page, "[role=alert]", "还没有作答")
    picture(page, "practice-refused-1280", full=True)
    page.click("button:has-text('不会，看答案')")
    until(page, "h1", "看答案")
    picture(page, "practice-given-up-1280", full=True)
    page.goto(f"{site.url}/practice/book")
    until(page, "h1", "错题1道")
    page.click("summary:has-text('答案和解析')")
    picture(page, "practice-book-1280", full=True)
    site.clock.move(timedelta(days=1))
    page.context.add_cookies([site.cookie(learner)])
    page.goto(f"{site.url}/practice")
    until(page, "h1", "该复习了")
    page.set_viewport_size(PHONE)
    picture(page, "practice-due-390", full=True)
    page.goto(f"{site.url}/practice/book")
    picture(page, "practice-book-390", full=True)


@pytest.fixture
def hall(site, tmp_path):
    """Three invigilators and a collected sheet with one question of every type that a pen can answer."""
    with site.app.app_context():
        load_bank(tmp_path / "b", [fields(kind) for kind in EVERY])
        sections = [{"title": "全部", "marks": 10, "cells": one_of_each(EVERY)}]
        make.make_paper("paper", bank="b", release="two_persons", sections=sections)
        people = [make_person(name) for name in ("林晓雯", "周子昂")]
        staff = [make_person(name, roles=["invigilator"]) for name in ("监考甲", "监考乙", "监考丙")]
        sitting = make.make_sitting(people, "paper")
        copy = papers.give_out(staff[0], sitting, people[0])
    return staff, sitting, copy


def fill_in(page, text: str) -> None:
    """Enter the whole sheet; ``text`` is what one reads in the short answer."""
    for box in page.locator("[data-answer]").all():
        control = box.get_attribute("data-control")
        if control == "text":
            box.locator("textarea").fill(text)
        elif control == "parts":
            box.locator("label").first.click()
        elif control == "order":
            box.locator("[data-settle]").click()
        elif control == "match":
            box.locator("select").first.select_option(index=1)
        elif control in ("blanks", "number"):
            box.locator("input").first.fill("5")
        else:
            box.locator("label").first.click()


def test_a_sheet_is_entered_twice_and_a_third_person_settles(site, open_context, hall, picture) -> None:
    staff, sitting, copy = hall
    first, second, third = (open_context(one, DESKTOP).new_page() for one in staff)
    first.goto(f"{site.url}/sittings/{sitting}/paper")
    picture(first, "paper-copies-1280", full=True)
    site.clock.set(START + timedelta(hours=1))
    first.goto(f"{site.url}/paper-copies/{copy}")
    picture(first, "paper-copy-1280", full=True)
    first.fill("input[name=sat_from]", "2026-11-20T09:00")
    first.fill("input[name=sat_until]", "2026-11-20T09:28")
    first.click("button:has-text('收卷')")
    press(first, "a:has-text('录入')")
    fill_in(first, "先道歉，今天发货")
    picture(first, "paper-entry-1280", full=True)
    first.click("button:has-text('先存着')")
    until(first, ".flash, [role=status]", "已存好")
    until_value(first, "textarea", "先道歉，今天发货")
    first.click("button:has-text('录完了')")
    until(first, "h1", "等别人录入")

    second.goto(f"{site.url}/paper-copies/{copy}/entry")
    assert second.locator("textarea").first.input_value() == ""
    fill_in(second, "先道谦，今天发货")
    second.set_viewport_size(PHONE)
    picture(second, "paper-entry-390", full=True)
    second.click("button:has-text('录完了')")
    until(second, "h1", "两份录入不同")
    picture(second, "paper-differs-390", full=True)

    third.goto(f"{site.url}/")
    picture(third, "paper-home-1280", full=True)
    third.goto(f"{site.url}/paper-copies/{copy}/compare")
    until(third, "h1", "2处录得不同")
    third.locator("label:has-text('第一份对')").nth(0).click()
    third.locator("label:has-text('都不对')").nth(1).click()
    third.locator("textarea:visible").fill("先道歉，再说明今天发货。")
    picture(third, "paper-compare-1280", full=True)
    third.set_viewport_size(PHONE)
    picture(third, "paper-compare-390", full=True)
    third.click("button:has-text('就这样定')")
    until(third, "h1", "已成为答卷")
    picture(third, "paper-settled-390", full=True)
    third.goto(f"{site.url}/sittings/{sitting}/paper")
    picture(third, "paper-copies-390", full=True)
