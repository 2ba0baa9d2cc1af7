"""The road of a plan from the proposal to the VIP department, on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.people import queries as people
from cstrain.people.facts import Track
from cstrain.promotion.eaglet import queries, service
from cstrain.promotion.eaglet.facts import Phase
from cstrain.promotion.eaglet.service import NewNotice
from cstrain.unit_of_work import unit_of_work
from tests.factories import eaglets as make
from tests.factories.eaglets import AFTER, DAY, INTERVIEWS, SCREENING, STUDY, at

pytestmark = pytest.mark.usefixtures("context")


def phase(cast, day: date) -> Phase:
    return queries.plan(cast.plan, day).phase


def test_a_plan_ends_with_who_passed_in_the_vip_department_one_of_them_exempt(clock) -> None:
    clock.set(at())
    cast = make.applied()
    plan = queries.plan(cast.plan, DAY)
    notice = plan.notice
    assert notice is not None and plan.phase is Phase.OPEN
    assert (notice.screen_by, notice.interview_from, notice.interview_to) == (
        date(2026, 11, 24),
        date(2026, 11, 27),
        date(2026, 11, 30),  # the seventh day is a Sunday
    )
    clock.set(SCREENING)
    make.screened(cast)
    sheet = queries.screening(queries.plan(cast.plan, SCREENING.date()), notice, [], SCREENING.date())
    assert sheet.intact and not sheet.late
    invited = [line.application for line in sheet.lines if line.invited]
    assert invited == [cast.applications[one] for one in sorted(cast.everybody, key=_order(cast))]
    clock.set(INTERVIEWS)
    make.opened(make.interviewed(cast))
    assert phase(cast, INTERVIEWS.date()) is Phase.DECIDING
    with unit_of_work():
        service.form_group(cast.people["director"], INTERVIEWS, cast.plan, {}, "祝贺")
        service.name_leader(cast.people["director"], INTERVIEWS, cast.plan, cast.members[0], "基础好")
    assert [one.person for one in queries.active_members(cast.plan, INTERVIEWS.date())] == [
        cast.members[2],
        cast.members[0],
        cast.members[1],
        cast.members[3],
    ]
    clock.set(STUDY)
    exempt, failing = cast.members[1], cast.members[2]
    make.exempt(cast, exempt)
    make.sat(cast, {(failing, "soso-upgrade"): 3}, exempt)
    clock.set(AFTER)
    with unit_of_work():
        made = service.propose_closing(cast.people["hr"], AFTER, cast.plan, date(2027, 1, 4), "圆满结束")
    with pytest.raises(ForbiddenError):
        service.answer_closing(cast.people["hr"], AFTER, cast.plan, made, agreed=True)
    with unit_of_work():
        service.answer_closing(cast.people["gm"], AFTER, cast.plan, made, agreed=True)
    assert phase(cast, AFTER.date()) is Phase.CLOSED
    after = people.people(cast.members, date(2027, 1, 4))
    moved = {one for one, facts in after.items() if facts.department_id == cast.departments["vip"]}
    assert moved == set(cast.members) - {failing}
    assert after[exempt].track is Track.VIP and after[exempt].post == "搜索推广专员"
    outcome = {one.person: one for one in queries.outcomes(queries.plan(cast.plan, DAY), cast.members, AFTER)}
    waived = outcome[exempt].papers[1]
    assert (waived.state, waived.ground_mark, waived.ground_on) == (
        "exempt",
        Decimal("86.5"),
        date(2026, 9, 1),
    )


def _order(cast):
    order = {"one": 0, "soso": 1, "two": 2}
    place = {one: order[key] for key, each in cast.applicants.items() for one in each}
    return lambda one: (place[one], cast.applications[one])


def test_a_place_that_nobody_fills_is_announced_again_or_left_open(clock) -> None:
    clock.set(at())
    cast = make.applied({"soso": ("周敏", "钱立"), "one": ("苏婷",), "two": ()})
    clock.set(SCREENING)
    make.screened(cast)
    clock.set(INTERVIEWS)
    make.opened(make.interviewed(cast))
    with pytest.raises(DomainError, match="再次通知还是空缺"):
        service.form_group(cast.people["director"], INTERVIEWS, cast.plan, {}, "公布")
    with unit_of_work():
        service.form_group(cast.people["director"], INTERVIEWS, cast.plan, {"two": "again"}, "公布")
    plan = queries.plan(cast.plan, INTERVIEWS.date())
    assert plan.phase is Phase.AGAIN and dict(plan.unfilled) == {"two": 1}
    with unit_of_work():
        service.publish_notice(
            cast.people["hr"],
            INTERVIEWS,
            cast.plan,
            NewNotice("再次报名", INTERVIEWS.date(), INTERVIEWS.date()),
        )
    clock.set(STUDY)
    make.screened(cast, STUDY)
    with unit_of_work():
        service.open_interviews(cast.people["hr"], STUDY, cast.plan)
        service.form_group(cast.people["director"], STUDY, cast.plan, {"two": "open"}, "空缺")
    assert phase(cast, STUDY.date()) is Phase.STUDYING
    assert len(queries.active_members(cast.plan, STUDY.date())) == 3


def test_nothing_is_closed_while_a_result_is_awaited(clock) -> None:
    clock.set(INTERVIEWS)
    cast = make.studying()
    with pytest.raises(ConflictError, match="场次还没有都定下来"):
        service.propose_closing(cast.people["hr"], AFTER, cast.plan, date(2027, 1, 4), "结束")
