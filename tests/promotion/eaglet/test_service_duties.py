"""Separation of duties and seals of Eaglet plans: by services and by direct SQL."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import g
from sqlalchemy.exc import IntegrityError

from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.promotion.eaglet import models, queries, service
from cstrain.promotion.eaglet.facts import RemovalState
from cstrain.promotion.eaglet.service import NewCheck, NewNotice, NewSession
from cstrain.unit_of_work import unit_of_work
from tests.factories import eaglets as make
from tests.factories.eaglets import DAY, INTERVIEWS, SCREENING, WORDS, at
from tests.factories.people import make_role

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def study(clock):
    clock.set(INTERVIEWS)
    return make.studying()


def forget_roles() -> None:
    """Let the next question about roles be answered anew, as in another request."""
    g.pop("roles", None)


# who acts is never who it is about


def test_who_proposed_does_not_approve_and_nobody_signs_twice() -> None:
    cast = make.make_cast()
    both = cast.people["director"]
    make_role(both, "gm")
    with unit_of_work():
        plan = service.propose(both, at(), "雏鹰计划", "缺人")
    with pytest.raises(ForbiddenError, match="你提出的"):
        service.approve(both, at(), plan, "gm", agrees=True)
    deputy = cast.people["deputy"]
    make_role(deputy, "gm")
    with unit_of_work():
        service.approve(deputy, at(), plan, "gm", agrees=True)
    with pytest.raises(ConflictError, match="别的职务"):
        service.approve(deputy, at(), plan, "deputy_gm", agrees=True)


def test_a_no_ends_the_proposal_and_needs_its_reason() -> None:
    cast = make.make_cast()
    with unit_of_work():
        plan = service.propose(cast.people["director"], at(), "雏鹰计划", "缺人")
    with pytest.raises(DomainError, match="理由"):
        service.approve(cast.people["gm"], at(), plan, "gm", agrees=False)
    with unit_of_work():
        service.approve(cast.people["gm"], at(), plan, "gm", agrees=False, text="没有预算")
    with pytest.raises(ConflictError):
        service.approve(cast.people["deputy"], at(), plan, "deputy_gm", agrees=True)


def test_who_runs_the_plan_does_not_apply_and_who_applies_does_not_run_it() -> None:
    cast = make.announced()
    supervisor, person = cast.people["soso"], cast.everybody[0]
    make.apply(cast, person)
    with unit_of_work():
        service.apply(supervisor, at(), cast.plan, make.Decimal(1), WORDS)
    with pytest.raises(ForbiddenError, match="你报名了"):
        service.comment(supervisor, at(), cast.applications[person], rating=1, text="不行")
    make_role(person, "hr")
    with pytest.raises(ForbiddenError, match="自己"):
        service.state(person, at(), cast.applications[person], "conversion", "100", "我看的")
    with pytest.raises(ForbiddenError):
        service.apply(cast.people["elsewhere"], at(), cast.plan, make.Decimal(1), WORDS)
    with pytest.raises(ConflictError, match="已经报名"):
        service.apply(person, at(), cast.plan, make.Decimal(1), WORDS)


def test_who_has_said_what_counts_of_a_rival_does_not_apply_to_that_notice() -> None:
    cast = make.announced()
    supervisor, person = cast.people["soso"], cast.everybody[0]
    make.apply(cast, person)
    with unit_of_work():
        service.comment(supervisor, at(), cast.applications[person], rating=2, text="还差一点")
    with pytest.raises(ForbiddenError, match="写过评语"):
        service.apply(supervisor, at(), cast.plan, make.Decimal(1), WORDS)


def test_what_the_system_knows_is_not_stated_away() -> None:
    cast = make.announced()
    person = cast.everybody[0]
    make.apply(cast, person)
    with pytest.raises(ConflictError, match="以记录为准"):
        service.state(cast.people["hr"], at(), cast.applications[person], "tenure", "met", "看了")
    with pytest.raises(DomainError):
        service.state(cast.people["hr"], at(), cast.applications[person], "endorsement", "met", "看了")


def test_nobody_interviews_themself_twice_or_too_early(clock) -> None:
    cast = make.applied()
    clock.set(SCREENING)
    make.screened(cast)
    one = cast.applications[cast.everybody[0]]
    with pytest.raises(ConflictError, match="面试日期"):
        service.hand_in(cast.people["gm"], SCREENING, one, make.points())
    clock.set(INTERVIEWS)
    make_role(cast.people["gm"], "deputy_gm")
    with unit_of_work():
        service.hand_in(cast.people["gm"], INTERVIEWS, one, make.points())
    with pytest.raises(ForbiddenError):
        service.hand_in(cast.people["gm"], INTERVIEWS, one, make.points())
    make_role(cast.everybody[0], "deputy_gm")
    make_role(cast.everybody[1], "deputy_gm")
    with pytest.raises(ForbiddenError, match="自己"):
        service.hand_in(cast.everybody[0], INTERVIEWS, one, make.points())
    with pytest.raises(ForbiddenError, match="你报名了"):
        service.hand_in(cast.everybody[1], INTERVIEWS, one, make.points())
    with pytest.raises(ConflictError, match="密封"):
        service.open_interviews(cast.people["hr"], INTERVIEWS, cast.plan)


def test_a_tie_of_an_office_is_declared_on_the_sheet(clock) -> None:
    clock.set(INTERVIEWS)
    make.interviewed(make.screened(make.applied()))
    rows = session().scalars(
        sa.select(models.EagletSheet).where(models.EagletSheet.office == "service_director")
    )
    assert {tuple(row.ties) for row in rows} == {("superior",)}


def test_who_opened_the_interviews_does_not_publish_the_result(clock) -> None:
    clock.set(INTERVIEWS)
    cast = make.interviewed(make.screened(make.applied()))
    make.opened(cast)
    make_role(cast.people["hr"], "service_director", department=cast.departments["soso"])
    forget_roles()
    with pytest.raises(ForbiddenError, match="另一个人公布"):
        service.form_group(cast.people["hr"], INTERVIEWS, cast.plan, {}, "公布")


# the group


def test_only_the_leader_reports_and_only_others_are_checked(study) -> None:
    leader, other = study.members[:2]
    new = NewSession(INTERVIEWS.date(), "14:00", "三楼", "关键词", ["room"])
    with pytest.raises(ForbiddenError, match="学习组长"):
        service.report_session(other, INTERVIEWS, study.plan, new)
    with pytest.raises(NotFoundError):
        service.report_session(study.people["hr"], INTERVIEWS, study.plan, new)
    with unit_of_work():
        first = service.report_session(leader, INTERVIEWS, study.plan, new)
    with unit_of_work():
        service.report_session(leader, INTERVIEWS, study.plan, new, replaces=first)
    (shown,) = queries.sessions_of(study.plan)
    assert shown.corrected and shown.id != first
    with pytest.raises(NotFoundError):
        service.report_session(leader, INTERVIEWS, study.plan, new, replaces=first)
    check = NewCheck(leader, INTERVIEWS.date(), "出价", make.Decimal(80))
    with pytest.raises(ForbiddenError, match="自己"):
        service.record_check(leader, INTERVIEWS, study.plan, check)
    with unit_of_work():
        service.record_check(other, INTERVIEWS, study.plan, check)
    make_role(leader, "hr")
    with pytest.raises(ForbiddenError):
        service.answer_request(leader, INTERVIEWS, study.plan, 1, granted=True, text="")


def test_one_of_three_complaints_is_not_enough_and_an_improper_one_does_not_count(study) -> None:
    leader, *others = study.members
    ids = []
    for one in others[:2]:
        with unit_of_work():
            ids.append(service.complain(one, INTERVIEWS, study.plan, "不按计划"))
    with pytest.raises(ConflictError):
        service.complain(others[0], INTERVIEWS, study.plan, "再说一次")
    for made, proper in zip(ids, (True, False), strict=True):
        with unit_of_work():
            service.judge_complaint(
                study.people["hr"], INTERVIEWS, study.plan, made, proper=proper, text="查过了"
            )
    found = queries.study(study.plan, INTERVIEWS.date())
    assert found.leads(leader)
    with pytest.raises(ConflictError, match="现在有学习组长"):
        service.name_leader(study.people["director"], INTERVIEWS, study.plan, others[0], "换人")
    with unit_of_work():
        again = service.complain(others[1], INTERVIEWS, study.plan, "有新的事实")
        service.judge_complaint(study.people["hr"], INTERVIEWS, study.plan, again, proper=True, text="属实")
    assert queries.study(study.plan, INTERVIEWS.date()).leader is None


def test_a_removal_waits_for_the_appeal_and_its_days(study) -> None:
    leader, other, third = study.members[:3]
    with unit_of_work():
        made = service.ask_removal(leader, INTERVIEWS, study.plan, other, "故意缺席")
    make_role(study.people["hr"], "gm")
    with unit_of_work():
        service.decide_removal(
            study.people["hr"], INTERVIEWS, study.plan, made, removed=True, text="三次缺席"
        )
    today = INTERVIEWS.date()
    (removal,) = queries.removals_of(study.plan, today)
    assert removal.appeal_by == date(2026, 12, 1)  # three working days, Sunday off
    assert removal.state is RemovalState.WINDOW
    assert queries.study(study.plan, today).is_member(other)
    assert not queries.study(study.plan, date(2026, 12, 2)).is_member(other)
    with unit_of_work():
        service.appeal_removal(other, INTERVIEWS, study.plan, made, "请了假")
    forget_roles()
    assert queries.study(study.plan, date(2026, 12, 2)).is_member(other)
    with pytest.raises(ForbiddenError, match="别人决定"):
        service.hear_appeal(study.people["hr"], INTERVIEWS, study.plan, made, upheld=False, text="驳回")
    with unit_of_work():
        service.hear_appeal(study.people["gm"], INTERVIEWS, study.plan, made, upheld=False, text="驳回")
    assert not queries.study(study.plan, today).is_member(other)
    assert queries.study(study.plan, today).is_member(third)


# direct SQL


def _insert(table, **values) -> None:
    session().execute(sa.insert(table).values(**values))


def test_the_tables_refuse_one_person_in_two_parts(study) -> None:
    plan, hr, member = study.plan, study.people["hr"], study.members[0]
    application = study.applications[member]
    (leader,) = session().scalars(sa.select(models.EagletLeader.id))
    session_ = {"plan_id": plan, "about_id": member, "reason": "x", "asked_at": at(), "answer": ""}
    session_ |= {"appeal": "", "ruling": ""}
    bad = [
        (models.EagletApproval, {"plan_id": plan, "office": "x", "by_id": hr, "proposed_by": hr}
         | {"agreed": True, "text": "", "at": at()}),
        (models.EagletEvent, {"plan_id": plan, "kind": "comment", "by_id": hr, "about_id": hr}
         | {"at": at(), "detail": {}}),
        (models.EagletSheet, {"application_id": application, "about_id": member, "office": "x"}
         | {"rater_id": member, "points": {}, "note": "", "ties": [], "sealed_at": at()}),
        (models.EagletLeader, {"plan_id": plan, "person_id": hr, "named_by": hr, "reason": ""}
         | {"named_at": at()}),
        (models.EagletComplaint, {"leader_id": leader, "by_id": member, "about_id": member, "reason": "x"}
         | {"at": at(), "answer": ""}),
        (models.EagletComplaint, {"leader_id": leader, "by_id": hr, "about_id": member, "reason": "x"}
         | {"at": at(), "answer": "", "answered_by": hr, "answered_at": at(), "proper": True}),
        (models.EagletCheck, {"plan_id": plan, "person_id": hr, "held_on": DAY, "topic": "x", "mark": 80}
         | {"note": "", "by_id": hr, "at": at()}),
        (models.EagletRemoval, session_ | {"asked_by": member}),
        (models.EagletRemoval, session_ | {"asked_by": hr, "answered_by": hr, "answered_at": at()}
         | {"removed": True}),
        (models.EagletClosing, {"plan_id": plan, "text": "", "effective_on": DAY, "sealed": "", "sha256": ""}
         | {"proposed_by": hr, "proposed_at": at(), "answered_by": hr, "answered_at": at()}
         | {"agreed": True, "answer": ""}),
    ]  # fmt: skip
    for table, values in bad:
        with pytest.raises(IntegrityError), session().begin_nested():
            _insert(table, **values)


def test_no_sheet_can_be_closed_before_the_window_is(clock) -> None:
    cast = make.applied()
    with pytest.raises(ConflictError):
        service.screen(cast.people["hr"], at(DAY + timedelta(days=1)), cast.plan)
    with pytest.raises(ConflictError):
        service.publish_notice(cast.people["hr"], at(), cast.plan, NewNotice("再来", DAY, DAY))
