"""A quarterly downgrade in the browser: run by HR, contested by the person, answered, confirmed by two.

The department's quarter is closed; two fall. One contests and keeps the level, the other's fall takes effect.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.browser.road import Road, button, keeps_quiet, press, refused, tells
from tests.factories import rating as make
from tests.factories.rating import POOR, Q3

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN, SAID, ANSWERED, CONFIRMED = (date(2026, 11, day) for day in (20, 23, 25, 27))
WHY = "八月有两周在带新员工，接待量比平时少，请按班次重新核对。"


@pytest.fixture
def road(site, open_context) -> Road:
    with site.app.app_context():
        cast = make.cast()
        other = make.make_person("彭晓", department=cast.place, hire_date=make.HIRED, level="senior")
        cast.people["other"] = other
        for first in Q3.months:
            make.month(other, cast.place, first, cast["hr"], **{**POOR, "level": "senior"})
    return Road(site, open_context, cast)


def test_a_downgrade_is_contested_and_does_not_take_effect(road, picture) -> None:
    run_the_quarter(road, picture)
    comment_as_the_head(road)
    contest_it(road, picture)
    answer_it(road, picture)
    confirm_by_two(road, picture)
    see_what_came_of_it(road, picture)


def run_the_quarter(road: Road, picture) -> None:
    road.at(RUN, 9)
    page = road.open(road.cast["hr"], "/ratings")
    tells(page, "2026年第3季度可以评级", "售后客服部")
    page.click("summary:has-text('运行评级')")
    press(page, button("运行评级"))
    tells(page, "降一级2", "升一级1", "试用期低于标准")
    picture(page, "rating-sheet")


def comment_as_the_head(road: Road) -> None:
    page = road.open(road.cast["head"], "/")
    tells(page, "下属的降级等你写评语")
    page = road.open(road.cast["head"], "/ratings/1?outcome=down")
    press(page, "a:has-text('falls')")
    page.fill("#comment-text", "八月带了两位新人。")
    press(page, button("保存评语"))
    tells(page, "八月带了两位新人。")
    keeps_quiet(page, "提交申诉", "申诉等你答复")


def contest_it(road: Road, picture) -> None:
    road.at(SAID, 10)
    falls = road.cast["falls"]
    page = road.open(falls, "/", phone=True)
    tells(page, "看自己的评级，不同意可以申诉")
    page = road.open(falls, "/ratings", phone=True)
    press(page, "main a:has-text('2026年第3季度')")
    tells(page, "降为基础初级客服", "季度平均85%，要求≥90%", "八月带了两位新人。")
    refused(page, button("提交申诉"))
    page.fill("#contest-text", WHY)
    press(page, button("提交申诉"))
    tells(page, "申诉等答复", WHY)
    keeps_quiet(page, "提交申诉")
    picture(page, "rating-contested")


def answer_it(road: Road, picture) -> None:
    road.at(ANSWERED, 14)
    page = road.open(road.cast["hr"], "/ratings/1?stage=contested")
    press(page, "main th a:has-text('falls')")
    keeps_quiet(page, "成立时按今天的记录")  # who ran it does not judge it
    page = road.open(road.cast["gm"], "/ratings")
    tells(page, "评级申诉等你答复")
    press(page, button("去办"))
    page.check("#decide-upheld-0")
    page.fill("#decide-reason", "查了八月的班次，属实。")
    picture(page, "rating-decide")
    press(page, button("答复申诉"))
    tells(page, "保持基础中级客服", "申诉成立：查了八月的班次，属实。")


def confirm_by_two(road: Road, picture) -> None:
    road.at(CONFIRMED, 15)
    page = road.open(road.cast["gm"], "/ratings/1")
    keeps_quiet(page, "提出，等另一个人确认")  # who judged does not confirm
    page = road.open(road.cast["hr"], "/ratings/1")
    tells(page, "5个评级结果可以生效")
    page.fill("#propose-effective_on", "2026-12-01")
    press(page, button("提出，等另一个人确认"))
    keeps_quiet(page, "提交决定")
    page = road.open(road.cast["hr2"], "/ratings/1")
    page.check("#answer-agreed-0")
    picture(page, "rating-confirm")
    press(page, button("提交决定"))
    tells(page, "已生效")


def see_what_came_of_it(road: Road, picture) -> None:
    page = road.open(road.cast["falls"], "/ratings", phone=True)
    tells(page, "级别不变", "已生效")
    page = road.open(road.cast["other"], "/ratings")
    press(page, "main a:has-text('2026年第3季度')")
    tells(page, "降为基础中级客服", "已生效", "12月1日")
    picture(page, "rating-effect")
    from cstrain.people import queries as people

    with road.site.app.app_context():
        levels = [
            str(people.get_person(road.cast[who], date(2026, 12, 1)).level) for who in ("falls", "other")
        ]
    assert levels == ["intermediate", "intermediate"]
