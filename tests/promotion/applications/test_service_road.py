"""The road from the application to the appointment, end to end on both databases; what is refused on it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.facts import Violation
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.people.facts import Level
from cstrain.promotion.applications import queries, service
from cstrain.promotion.applications.facts import State
from cstrain.unit_of_work import unit_of_work
from tests.factories import applications as road
from tests.factories.applications import DAY, at
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("context")
LAST = date(2026, 12, 1)  # five working days of six a week after Wednesday 25 November


def state(cast) -> State:
    return queries.application(cast.application).state


def act(does, *values, **named):
    with unit_of_work():
        return does(*values, **named)


def test_the_whole_road_changes_the_level_on_its_day(cast):
    notice, _published = road.to_notice(cast)
    assert state(cast) is State.NOTICE
    assert queries.notice(notice).last_day == LAST
    with pytest.raises(ConflictError, match="公示到"):
        act(service.close_notice, cast.hr, at(LAST, 18), notice)
    act(service.close_notice, cast.hr, at(LAST + timedelta(days=1)), notice)
    with pytest.raises(ConflictError, match="生效日"):
        act(service.appoint, cast.hr, at(LAST + timedelta(days=1)), cast.application, LAST)
    assert people.get_person(cast.applicant, date(2027, 1, 1)).level is Level.JUNIOR
    act(service.appoint, cast.hr, at(LAST + timedelta(days=1)), cast.application, date(2027, 1, 1))
    assert people.get_person(cast.applicant, date(2026, 12, 31)).level is Level.JUNIOR
    assert people.get_person(cast.applicant, date(2027, 1, 1)).level is Level.INTERMEDIATE
    found = queries.application(cast.application)
    assert found.state is State.APPOINTED and not found.is_open
    assert [one.kind for one in found.events] == [
        "submit", "review", "pass", "defend", "approve", "publish", "clear", "appoint",
    ]  # fmt: skip


def test_what_each_act_rested_on_is_sealed_and_whole(cast):
    road.to_notice(cast)
    kept = queries.evidence(cast.application)
    assert [(one.stage, one.whole) for one in kept] == [("submit", True), ("check", True), ("decide", True)]
    assert [one["state"] for one in kept[0].findings] == ["met", "unknown"]
    assert [one["state"] for one in kept[1].findings] == ["met", "met"]
    session().execute(
        sa.text("UPDATE application_evidence SET content = replace(content, 'junior', 'senior')")
    )
    session().expire_all()
    assert not any(one.whole for one in queries.evidence(cast.application))


def test_an_unmet_condition_blocks_with_its_reason_and_an_unknown_one_does_not(cast):
    cast.book.violations = (Violation("v:1", "泄露顾客电话"),)
    with pytest.raises(DomainError, match=r"\(A\)"):
        road.submit(cast)
    cast.book.violations = None
    road.submit(cast)
    assert state(cast) is State.SUBMITTED


def test_only_the_applicant_applies_and_only_once_at_a_time(cast):
    with pytest.raises(ForbiddenError):
        act(service.submit, cast.hr, at(), cast.applicant, "general", "intermediate", "代交")
    road.submit(cast)
    with pytest.raises(ConflictError):
        road.submit(cast)
    act(service.withdraw, cast.applicant, at(), cast.application, "再准备一下")
    assert state(cast) is State.WITHDRAWN
    road.submit(cast)


def test_another_road_or_level_cannot_be_applied_for(cast):
    with pytest.raises(DomainError, match="不能申请"):
        act(service.submit, cast.applicant, at(), cast.applicant, "general", "senior", "跳一级")
    cast.book.change(road="rating")
    with pytest.raises(DomainError, match="不能申请"):
        road.submit(cast)


def test_the_review_is_the_direct_superiors_and_complete(cast):
    road.submit(cast)
    for other in (cast.director, cast.hr, cast.colleague):
        with pytest.raises(ForbiddenError):
            act(service.endorse, other, at(), cast.application, {"initiative": (5, "好")})
    with pytest.raises(ForbiddenError, match="自己"):
        act(service.endorse, cast.applicant, at(), cast.application, {"initiative": (5, "好")})
    with pytest.raises(DomainError, match="没有评价"):
        act(service.review, cast.supervisor, at(), cast.application, recommends=True, text="好")
    with pytest.raises(DomainError, match="1至5"):
        act(service.endorse, cast.supervisor, at(), cast.application, {"initiative": (6, "好")})
    road.review(cast)
    with pytest.raises(ConflictError):
        act(service.endorse, cast.supervisor, at(), cast.application, {"initiative": (5, "改主意")})


def test_either_of_two_supervisors_reviews_and_only_one_does(cast):
    place = people.get_person(cast.supervisor, DAY).department_id
    other = make_person("许静", roles=["supervisor"], department=place)
    road.submit(cast)
    assert [one.kind for one in queries.waiting_for(other, at())] == ["review"]
    act(service.endorse, other, at(), cast.application, {"initiative": (5, "常提改进")})
    act(service.review, other, at(), cast.application, recommends=True, text="同意")
    assert queries.application(cast.application).state is State.REVIEWED
    with pytest.raises(ConflictError):
        act(service.review, cast.supervisor, at(), cast.application, recommends=False, text="不同意")


def test_a_low_rating_is_an_unmet_condition_and_hr_returns_it_with_the_clause(cast):
    road.submit(cast)
    road.review(cast, rating=3)
    with pytest.raises(DomainError, match=r"\(D\)"):
        road.check(cast)
    with pytest.raises(DomainError, match="哪一条"):
        act(service.return_application, cast.hr, at(), cast.application, "(Z)", "不符")
    act(service.return_application, cast.hr, at(), cast.application, "(D)", "上级评价3分")
    found = queries.application(cast.application)
    assert found.state is State.RETURNED and found.events[-1].detail == {"clause": "(D)"}


def test_hr_confirms_in_words_what_the_system_does_not_know(cast):
    cast.book.violations = None
    road.submit(cast)
    road.review(cast)
    with pytest.raises(DomainError, match="待确认"):
        road.check(cast)
    act(service.pass_check, cast.hr, at(), cast.application, {0: "查了纸质违纪登记，没有记录。"})
    assert queries.confirmations(cast.application) == {0: "查了纸质违纪登记，没有记录。"}
    road.issue(cast)
    road.decide(cast, road.defend(cast))
    assert state(cast) is State.APPROVED


def test_a_step_without_defence_and_notice_goes_straight_to_the_decision(cast):
    cast.book.change(panel="", notice_working_days=None)
    road.submit(cast)
    road.review(cast)
    road.check(cast)
    assert state(cast) is State.DEFENDED
    road.decide(cast, at(DAY + timedelta(days=1)))
    assert state(cast) is State.CLEARED


def test_a_mean_below_the_mark_cannot_be_approved_but_declined(cast):
    road.to_defence(cast)
    now = road.defend(cast, less=20)
    with pytest.raises(DomainError, match="分数线"):
        road.decide(cast, now)
    road.decide(cast, now, "decline")
    assert state(cast) is State.DECLINED


def test_the_decision_takes_two_persons_and_none_who_reviewed_or_checked(cast):
    road.to_defence(cast)
    now = road.defend(cast)
    for other in (cast.supervisor, cast.hr):
        with pytest.raises(ForbiddenError, match="别的一步"):
            act(service.propose_decision, other, now, cast.application, "approve", "好")
    with pytest.raises(ForbiddenError, match="自己"):
        act(service.propose_decision, cast.applicant, now, cast.application, "approve", "好")
    act(service.propose_decision, cast.gm, now, cast.application, "approve", "好")
    with pytest.raises(ForbiddenError, match="另一个人"):
        act(service.confirm_decision, cast.gm, now, cast.application)
    with pytest.raises(ForbiddenError, match="副总经理"):
        act(service.confirm_decision, cast.gm_office, now, cast.application)
    act(service.refuse_decision, cast.deputy, now, cast.application, "再看一下")
    road.decide(cast, now)
    assert state(cast) is State.APPROVED


def test_a_trial_begins_with_the_appointment_and_ends_by_two_persons(cast):
    cast.book.change(trial_months=1, panel="", notice_working_days=None)
    road.submit(cast)
    road.review(cast)
    road.check(cast)
    road.decide(cast, at(DAY))
    begin = date(2026, 12, 1)
    act(service.appoint, cast.hr, at(DAY), cast.application, begin)
    found = queries.application(cast.application)
    assert (found.state, found.trial_until) == (State.TRIAL, date(2026, 12, 31))
    with pytest.raises(ConflictError, match="试岗到"):
        act(service.propose_trial, cast.hr, at(date(2026, 12, 30)), found.id, "confirm_trial", "好")
    over = at(date(2026, 12, 31))
    act(service.propose_trial, cast.hr, over, found.id, "fail_trial", "独立值班两次出错")
    with pytest.raises(ForbiddenError):
        act(service.confirm_trial, cast.hr, over, found.id)
    act(service.confirm_trial, cast.gm, over, found.id)
    assert state(cast) is State.UNCONFIRMED
    assert people.get_person(cast.applicant, date(2026, 12, 30)).level is Level.INTERMEDIATE
    assert people.get_person(cast.applicant, date(2026, 12, 31)).level is Level.JUNIOR


def test_states_only_move_forward(cast):
    road.submit(cast)
    for does, who, more in (
        (service.propose_decision, cast.gm, ("approve", "好")),
        (service.publish_notice, cast.hr, ("好",)),
        (service.appoint, cast.hr, (DAY,)),
        (service.pass_check, cast.hr, ({},)),
    ):
        with pytest.raises(ConflictError):
            act(does, who, at(), cast.application, *more)
    road.review(cast)
    road.check(cast)
    with pytest.raises(ConflictError):
        road.check(cast)


def test_who_leaves_has_no_open_application(cast):
    road.submit(cast)
    act(
        people_service.leave_company,
        cast.hr,
        at(),
        cast.applicant,
        last_day=DAY,
        reason="个人原因",
        successor=None,
    )
    assert state(cast) is State.LEFT


def test_a_quality_that_another_office_must_rate_is_for_hr_to_confirm(cast):
    both = [
        {"kind": "endorsement", "topic": topic, "text": text, "clause": "(D)", "roles": [role]}
        for topic, text, role in (("initiative", "主动", "supervisor"), ("record", "人事评价", "hr"))
    ]
    cast.book.change(criteria=both)
    road.submit(cast)
    with pytest.raises(DomainError, match="没有这一项"):
        act(service.endorse, cast.supervisor, at(), cast.application, {"record": (5, "好")})
    road.review(cast)
    assert [one.office for one in queries.endorsements(cast.application)] == ["supervisor"]
    with pytest.raises(DomainError, match="人事评价"):
        road.check(cast)
    act(service.pass_check, cast.hr, at(), cast.application, {1: "人事档案没有问题"})
    assert state(cast) is State.CHECKED


# appeals


def test_an_appeal_is_decided_by_somebody_who_had_no_part(cast):
    road.submit(cast)
    road.review(cast, rating=3)
    act(service.return_application, cast.hr, at(), cast.application, "(D)", "评价3分")
    with pytest.raises(ForbiddenError):
        act(service.file_appeal, cast.supervisor, at(), cast.application, "不服")
    act(service.file_appeal, cast.applicant, at(), cast.application, "改进记录没有看。")
    with pytest.raises(ConflictError):
        road.submit(cast)
    for part in (cast.hr, cast.supervisor, cast.applicant):
        with pytest.raises(ForbiddenError):
            act(service.decide_appeal, part, at(), cast.application, upheld=True, reason="成立")
    act(service.decide_appeal, cast.deputy, at(), cast.application, upheld=True, reason="有改进记录")
    assert state(cast) is State.REVIEWED
    with pytest.raises(ForbiddenError, match="别的一步"):
        act(service.pass_check, cast.hr, at(), cast.application, {})


def test_an_appeal_comes_in_time_and_once(cast):
    road.submit(cast)
    road.review(cast, rating=3)
    act(service.return_application, cast.hr, at(), cast.application, "(D)", "评价3分")
    with pytest.raises(ConflictError, match="申诉期"):
        act(service.file_appeal, cast.applicant, at(DAY + timedelta(days=8)), cast.application, "晚了")
    act(service.file_appeal, cast.applicant, at(DAY + timedelta(days=5)), cast.application, "按时")
    act(
        service.decide_appeal,
        cast.gm,
        at(DAY + timedelta(days=6)),
        cast.application,
        upheld=False,
        reason="无据",
    )
    assert state(cast) is State.RETURNED
    with pytest.raises(ConflictError):
        act(service.file_appeal, cast.applicant, at(DAY + timedelta(days=5)), cast.application, "再来")
    road.submit(cast, at(DAY + timedelta(days=7)))


def test_a_declined_application_goes_back_to_be_decided(cast):
    road.to_defence(cast)
    now = road.defend(cast)
    road.decide(cast, now, "decline")
    act(service.file_appeal, cast.applicant, now, cast.application, "请再看一次答辩记录")
    act(service.decide_appeal, cast.deputy, now, cast.application, upheld=True, reason="理由不足")
    road.decide(cast, now)
    assert state(cast) is State.APPROVED


def test_who_proposed_or_sent_back_a_decision_or_arranged_the_defence_decides_no_appeal(cast):
    road.to_defence(cast)
    now = road.defend(cast)
    act(service.propose_decision, cast.gm_office, now, cast.application, "approve", "达到要求")
    act(service.refuse_decision, cast.deputy, now, cast.application, "再看看")
    act(service.propose_decision, cast.gm_office, now, cast.application, "decline", "还差一点")
    act(service.confirm_decision, cast.gm, now, cast.application)
    act(service.file_appeal, cast.applicant, now, cast.application, "请再看一次")
    for part in (cast.gm_office, cast.deputy, cast.hr):
        with pytest.raises(ForbiddenError, match="办过别的一步"):
            act(service.decide_appeal, part, now, cast.application, upheld=False, reason="维持")
    act(service.decide_appeal, cast.hr_manager, now, cast.application, upheld=False, reason="维持")
