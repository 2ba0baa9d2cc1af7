"""From arranging a unified exam to typing the room's code, in a browser, at a desk and on a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cstrain.exams import ports, queries
from cstrain.exams.service import schedule
from cstrain.unit_of_work import unit_of_work
from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import START
from tests.exams.test_service_sittings import Known
from tests.factories import exams as make
from tests.factories.people import make_person

pytestmark = pytest.mark.browser
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(site) -> dict[str, int]:
    with site.app.app_context():
        make.make_bank(each=8)
        make.make_paper(title="SOSO升级考试", unified=True)
        make.make_paper("tiny-next", title="综合能力", requires=["tiny-exam"])
        return {
            "hr": make_person("王敏", roles=["hr"]),
            "watcher": make_person("监考甲", roles=["invigilator"]),
            "person": make_person("林晓雯", staff_no="T9001"),
            "slow": make_person("周子昂", staff_no="T9002"),
        }


def _fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def _look(page: Any, picture: Any, name: str) -> None:
    """Take pictures at a desk and on a phone; nothing may stick out at the side."""
    for size, viewport in (("desk", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(viewport)
        assert _fits(page), f"{name} at {viewport['width']} px"
        picture(page, f"sitting-{name}-{size}", full=True)
    page.set_viewport_size(DESKTOP)


def test_a_unified_exam_is_arranged_and_entered_with_the_code(site, open_context, cast, picture) -> None:
    hr = open_context(cast["hr"]).new_page()
    hr.goto(f"{site.url}/sittings/new?paper=tiny-exam&q=T900")
    hr.fill("#opens_at", "2026-11-20T09:30")
    hr.fill("#closes_at", "2026-11-20T10:30")
    hr.fill("#late_minutes", "10")
    hr.fill("#place", "三楼机房")
    hr.check("#needs_code")
    for person in ("person", "slow"):
        hr.check(f"#person-{cast[person]}")
    hr.click("form[method=post] button.btn-main")
    assert "统一考试" in hr.inner_text("[role=alert]") and hr.input_value("#late_minutes") == "10"
    _look(hr, picture, "refused")
    hr.fill("#closes_at", "2026-11-20T10:10")
    hr.click("form[method=post] button.btn-main")
    hr.wait_for_url("**/watch")
    sitting = int(hr.url.split("/")[4])
    _look(hr, picture, "watch")
    code = hr.inner_text(".room-code [aria-hidden]")

    hr.goto(f"{site.url}/sittings/{sitting}/candidates/{cast['slow']}")
    assert hr.locator("#opens_at").count() == 0
    hr.fill("#extra_minutes", "15")
    hr.check("#late")
    hr.fill("#reason", "右手腕劳损，医生建议放慢操作")
    hr.click("form[method=post] button.btn-main")
    hr.wait_for_url("**/candidates")
    _look(hr, picture, "candidates")
    hr.goto(f"{site.url}/sittings/{sitting}/candidates/{cast['slow']}")
    _look(hr, picture, "accommodation")

    mine = open_context(cast["person"], PHONE).new_page()
    mine.goto(f"{site.url}/sittings/{sitting}")
    assert "9:30" in mine.inner_text("h1")
    site.clock.set(START + 32 * MINUTE)
    mine.reload()
    _look(mine, picture, "enter")
    mine.set_viewport_size(PHONE)
    mine.fill("#code", "AAAAAA")
    with mine.expect_navigation(wait_until="domcontentloaded"):
        mine.click(".actbar button")
    assert "考场码不对" in mine.inner_text("#code-error") and mine.input_value("#code") == "AAAAAA"
    assert mine.evaluate("document.activeElement.id") == "code"
    _look(mine, picture, "wrong-code")
    mine.fill("#code", code.lower())
    mine.press("#code", "Enter")
    mine.wait_for_url("**/attempts/*")

    site.clock.set(START + 45 * MINUTE)
    late = open_context(cast["slow"]).new_page()
    late.goto(f"{site.url}/sittings/{sitting}")
    late.fill("#code", code)
    late.click(".actbar button")
    late.wait_for_url("**/attempts/*")
    with site.app.app_context():
        attempts = queries.attempts_at(sitting, site.clock.now())
        (attempt,) = [one for one in attempts if one.person_id == cast["slow"]]
        assert attempt.deadline == START + (30 + 40 + 15) * MINUTE


def test_late_and_locked_exams_say_why_on_a_phone(site, open_context, cast, picture, monkeypatch) -> None:
    known = Known()
    monkeypatch.setattr(ports.passes, "_filling", known)
    known.passes["tiny-exam"] = {cast["person"]}
    with site.app.app_context():
        locked = make.make_sitting([cast["person"]], "tiny-next")
        with unit_of_work():
            late = schedule(
                None,
                START,
                paper_ref="tiny-exam",
                kind="exam",
                subject="arranged",
                people=[cast["person"]],
                opens_at=START,
                closes_at=START + 35 * MINUTE,
                late_minutes=5,
            )
    known.passes.clear()
    site.clock.set(START + 10 * MINUTE)
    page = open_context(cast["person"], PHONE).new_page()
    page.goto(f"{site.url}/exams")
    _look(page, picture, "list")
    page.goto(f"{site.url}/sittings/{locked}")
    assert "要先通过：SOSO升级考试" in page.inner_text("main")
    _look(page, picture, "locked")
    page.goto(f"{site.url}/sittings/{late}")
    assert "监考员" in page.inner_text("main")
    _look(page, picture, "late")
