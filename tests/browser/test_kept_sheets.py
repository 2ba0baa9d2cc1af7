"""Sheets that keep themselves while they are filled: an Eaglet interview, a joint assessment; a meeting."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import PHONE
from tests.browser.road import button, press
from tests.factories import assessment as month
from tests.factories import eaglets as make
from tests.factories.eaglets import INTERVIEWS, SCREENING, at

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def kept(page) -> None:
    """Wait until the page says that the draft is kept."""
    page.locator("[data-kept]", has_text=re.compile(r"草稿已保存 \d")).wait_for()


def test_an_interview_sheet_survives_a_reload_and_is_handed_in(site, open_context, picture) -> None:
    site.clock.set(at())
    with site.app.app_context():
        cast = make.applied()
    site.clock.set(SCREENING)
    with site.app.app_context():
        make.screened(cast)
    site.clock.set(INTERVIEWS)
    for device, who in ((PHONE, "gm"), (None, "director")):
        page = open_context(cast.people[who], device).new_page()
        page.goto(f"{site.url}/eaglet/applications/1/interview")
        points = page.locator("[data-stepper] input")
        for place in range(points.count()):
            points.nth(place).fill("8")
            points.nth(place).dispatch_event("input")
        page.fill("[name=note]", f"{who}先记一句")
        kept(page)
        page.reload()
        assert points.first.input_value() == "8" and page.input_value("[name=note]") == f"{who}先记一句"
        picture(page, f"eaglet-interview-kept-{who}", full=True)
        press(page, button("交并密封"))


def test_points_of_a_month_survive_a_reload(site, open_context, picture) -> None:
    with site.app.app_context():
        people = month.company()
        month.open_round(people)
        made = month.sheet_of(people["person"])
    for device, who in ((PHONE, "qc"), (None, "leader")):
        page = open_context(people[who], device).new_page()
        page.goto(f"{site.url}/assessment/sheets/{made}/rate")
        first = page.locator("[name^=points_]").first
        first.fill("20")
        page.fill("[name=note]", "两次没有核对")
        kept(page)
        page.reload()
        assert first.input_value() == "20" and page.input_value("[name=note]") == "两次没有核对"
        picture(page, f"assessment-kept-{who}", full=True)


def test_a_meeting_is_corrected_on_its_page(site, open_context, picture) -> None:
    site.clock.set(INTERVIEWS)
    with site.app.app_context():
        cast = make.studying()
    page = open_context(cast.members[0], PHONE).new_page()
    page.goto(f"{site.url}/eaglet/1/study")
    page.locator("summary", has_text="报一次学习安排").click()
    form = page.locator("form", has=page.locator("[name=hours]"))
    form.locator("[name=day]").fill("2026-11-30")
    for name, text in {"hours": "14:00–16:00", "place": "三楼", "content": "关键词"}.items():
        form.locator(f"[name={name}]").fill(text)
    press(page, form.get_by_role("button", name="报给人力资源部"))
    press(page, page.get_by_role("link", name="更正这次学习"))
    picture(page, "eaglet-session", full=True)
    page.fill("[name=place]", "四楼")
    press(page, button("保存更正"))
    page.locator("summary", has_text="更正前的记录").click()
    picture(page, "eaglet-study-corrected", full=True)
    assert "三楼" in page.inner_text("main") and "四楼" in page.inner_text("main")
