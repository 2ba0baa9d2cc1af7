"""The Eaglet plan in the browser: an application, an interview, the group, one exemption, the end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from cstrain.people import queries as people
from tests.browser.conftest import PHONE
from tests.browser.road import button, press
from tests.factories import eaglets as make
from tests.factories.eaglets import AFTER, INTERVIEWS, SCREENING, STUDY, at

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Desk:
    """The site, its clock, and a page for each person."""

    def __init__(self, site: Any, open_context: Any) -> None:
        self.site, self._open = site, open_context

    def at(self, now: datetime) -> None:
        """Let the server's clock stand at an instant."""
        self.site.clock.set(now)

    def page(self, person: int, path: str, *, phone: bool = False) -> Any:
        """Open a page as somebody; nothing may be wider than the window."""
        page = self._open(person, PHONE if phone else None).new_page()
        page.goto(self.site.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        return page


@pytest.fixture
def desk(site, open_context) -> Desk:
    return Desk(site, open_context)


def test_a_plan_is_walked_to_its_end_with_one_exemption(desk, picture) -> None:
    desk.at(at())
    with desk.site.app.app_context():
        cast = make.announced()
    person, waived = cast.everybody[0], cast.members[1]
    page = desk.page(person, "/eaglet/1/apply", phone=True)
    for name, text in make.WORDS.items():
        page.fill(f"[name={name}]", text)
    page.fill("[name=months]", "1.5")
    page.check("[name=promise]")
    picture(page, "eaglet-apply", full=True)
    press(page, button("提交申请书"))
    cast.applications[person] = 1
    page = desk.page(cast.people["soso"], "/eaglet/applications/1")
    page.locator("label:has(input[name=rating][value='5'])").click()
    page.fill("[name=text]", "学得快，愿意教别人")
    press(page, button("提交评语"))
    with desk.site.app.app_context():
        make.state(cast, person)
        for place, each in cast.applicants.items():
            for number, one in enumerate(each):
                if one != person:
                    make.apply(cast, one)
                    make.comment(cast, place, one)
                    make.state(cast, one, value=str(89 - number))
    desk.at(SCREENING)
    page = desk.page(cast.people["hr"], "/eaglet/1/screening/1")
    picture(page, "eaglet-screening", full=True)
    press(page, button("完成筛选"))
    desk.at(INTERVIEWS)
    page = desk.page(cast.people["gm"], "/eaglet/applications/1/interview", phone=True)
    picture(page, "eaglet-interview", full=True)
    with desk.site.app.app_context():
        make.interviewed(cast)
    press(desk.page(cast.people["hr"], "/eaglet/1/result/1"), button("打开并排名"))
    page = desk.page(cast.people["director"], "/eaglet/1/result/1")
    picture(page, "eaglet-result", full=True)
    page.fill("[name=text]", "祝贺四位同事入选。")
    press(page, button("公布结果"))
    page = desk.page(cast.people["director"], "/eaglet/1/study")
    page.select_option("[name=person]", str(cast.members[0]))
    page.fill("main [name=reason]", "基础好")
    press(page, button("定为学习组长"))
    picture(desk.page(cast.members[0], "/eaglet/1/study"), "eaglet-study", full=True)
    picture(desk.page(cast.members[0], "/eaglet/1/study", phone=True), "eaglet-study-phone", full=True)
    finish(desk, picture, cast, waived)


def finish(desk: Desk, picture: Any, cast: make.Cast, waived: int) -> None:
    """One is exempt, all sit, HR proposes the end, the general manager agrees."""
    desk.at(STUDY)
    with desk.site.app.app_context():
        make.exempt(cast, waived)
        make.sat(cast, {(cast.members[2], "soso-upgrade"): 3}, waived)
    desk.at(AFTER)
    page = desk.page(cast.people["hr"], "/eaglet/1/exams")
    assert "免试" in page.text_content("main") and "86.5" in page.text_content("main")
    picture(page, "eaglet-exams", full=True)
    page.fill("[name=effective_on]", "2027-01-04")
    page.fill("[name=text]", "本期圆满结束。")
    press(page, button("提出，等另一个人确认"))
    page = desk.page(cast.people["gm"], "/eaglet/1/exams")
    page.locator("label:has(input[name=agreed][value=yes])").click()
    press(page, button("提交决定"))
    page = desk.page(waived, "/eaglet/1", phone=True)
    picture(page, "eaglet-end-phone", full=True)
    assert "这期计划已结束" in page.text_content("h1")
    with desk.site.app.app_context():
        after = people.people(cast.members, make.date(2027, 1, 4))
    moved = {one for one, facts in after.items() if facts.department_id == cast.departments["vip"]}
    assert moved == set(cast.members) - {cast.members[2]}
