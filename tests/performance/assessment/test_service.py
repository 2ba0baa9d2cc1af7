"""Plans by three people, joint assessment to the month's record, contests, interviews: on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.notifications.models import Notice
from cstrain.people import service as staff
from cstrain.people.queries import assignments_of, get_person
from cstrain.performance import queries as performance
from cstrain.performance import service as months
from cstrain.performance.assessment import jobs, queries, rules, service
from cstrain.performance.assessment.facts import State
from cstrain.performance.assessment.models import (
    AssessmentAnswer,
    AssessmentHand,
    AssessmentRating,
    AssessmentReview,
    InterviewFollowUp,
    JointAssessment,
    PerformanceInterview,
    PostPlan,
)
from tests.conftest import START
from tests.factories.assessment import (
    NOVEMBER,
    OCTOBER,
    act,
    company,
    interview,
    make_final,
    make_interview,
    make_plan,
    open_round,
    place_of,
    points_for,
    rate,
    rate_all,
    sheet_of,
    target,
)
from tests.factories.people import make_role
from tests.factories.performance import close_department, make_month
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
TODAY = date(2026, 11, 20)


@pytest.fixture
def people():
    return company()


def month_of(person):
    found = performance.revisions(person, OCTOBER)
    return found[0] if found else None


def end_office(person, role) -> None:
    found = next(one for one in assignments_of(person) if one.role == role)
    act(staff.revoke_role, None, START - timedelta(days=3), found.id)


def told(person) -> list[str]:
    return list(session().scalars(sa.select(Notice.message).where(Notice.person_id == person)))


# --- plans


def test_a_plan_passes_three_people_and_binds_the_post_from_its_month(people) -> None:
    made = make_plan(people)
    one = queries.plan(made)
    assert (one.state, one.number) == ("approved", 1)
    place = (place_of(), "客服专员")
    assert queries.plans_for([place], NOVEMBER)[place].id == made
    assert queries.plans_for([place], OCTOBER) == {}
    assert set(queries.bound_people(one, TODAY)) == {people["person"], people["mate"]}
    assert any("新的绩效计划" in each for each in told(people["person"]))
    later = make_plan(people, date(2026, 12, 1), targets=[target("接待量", source="chats", unit="次")])
    assert queries.plans_for([place], NOVEMBER)[place].id == made
    assert queries.plans_for([place], date(2026, 12, 1))[place].id == later
    assert queries.plan(later).number == 2


def test_a_plan_of_the_department_above_binds_where_there_is_no_nearer_one(people) -> None:
    above = queries.plan(make_plan(people)).department_id
    stranger = people["stranger"]
    centre = staff_place(people["director"])
    made = act(service.draft, people["director"], START, centre, "客服专员", NOVEMBER, [target()])
    act(service.check, people["qc"], START, made)
    act(service.approve, people["deputy"], START, made)
    place = (staff_place(stranger), "客服专员")
    assert queries.plans_for([place], NOVEMBER)[place].id == made
    assert queries.bound_people(queries.plan(made), TODAY) == [stranger]
    assert above != centre


def staff_place(person) -> int:
    return int(get_person(person, TODAY).department_id)


def test_nobody_takes_two_steps_of_a_plan_nor_sets_their_own_targets(people) -> None:
    made = act(service.draft, people["supervisor"], START, place_of(), "客服专员", NOVEMBER, [target()])
    for who in ("supervisor", "person"):
        with pytest.raises(ForbiddenError):
            act(service.check, people[who], START, made)
    with pytest.raises(ConflictError):
        act(service.approve, people["director"], START, made)
    with pytest.raises(ConflictError):
        act(service.draft, people["supervisor"], START, place_of(), "客服专员", NOVEMBER, [target()])
    act(service.check, people["hr"], START, made)
    for who in ("supervisor", "hr"):
        with pytest.raises(ForbiddenError):
            act(service.approve, people[who], START, made)
    with pytest.raises(ForbiddenError):
        act(service.draft, people["supervisor"], START, place_of(), "主管", NOVEMBER, [target()])


def test_a_returned_plan_stays_with_its_reason_and_the_next_has_a_new_number(people) -> None:
    made = act(service.draft, people["supervisor"], START, place_of(), "客服专员", NOVEMBER, [target()])
    with pytest.raises(DomainError):
        act(service.send_back, people["hr"], START, made, " ")
    act(service.send_back, people["hr"], START, made, "目标值没有依据")
    assert queries.plan(made).returned_why == "目标值没有依据"
    with pytest.raises(ConflictError):
        act(service.check, people["hr_manager"], START, made)
    again = act(service.draft, people["supervisor"], START, place_of(), "客服专员", NOVEMBER, [target()])
    assert queries.plan(again).number == 2


def test_a_plan_whose_month_is_over_is_not_approved_any_more(people) -> None:
    made = act(service.draft, people["supervisor"], START, place_of(), "客服专员", NOVEMBER, [target()])
    act(service.check, people["hr"], START, made)
    with pytest.raises(DomainError, match="已经过去"):
        act(service.approve, people["director"], START + timedelta(days=20), made)


# --- the joint assessment


def test_a_round_gives_everybody_but_the_heads_a_sheet_with_the_plan_of_the_month(people) -> None:
    made = open_round(people)
    every = queries.sheets_of_round(made)
    assert {one.person_id for one in every} == {people["person"], people["mate"], people["leader"]}
    assert any("等你评分" in each for each in told(people["qc"]))
    with pytest.raises(ConflictError, match="没有还缺"):
        open_round(people)
    with pytest.raises(DomainError, match="还没有过完"):
        open_round(people, NOVEMBER)
    with pytest.raises(ForbiddenError):
        act(service.open_round, people["person"], START, place_of(), date(2026, 9, 1))


def test_the_combined_score_and_grade_go_into_the_month_beside_what_is_there(people) -> None:
    make_month(people["person"], OCTOBER, csat=92, chats=400)
    make_final(people)
    found = month_of(people["person"])
    assert (found.values["score"], found.grade, found.values["csat"]) == (Decimal("80.00"), "B", 92)
    assert (found.revision, found.entered_by) == (2, people["director"])
    one = queries.sheet(sheet_of(people["person"]))
    assert (
        one.final.record_id == found.id and one.final.intact and one.final.contest_until == date(2026, 11, 24)
    )
    assert one.final.content["values"] == {"csat": "92.00", "chats": "400", "deductions": "0"}
    assert any("已经终审" in each for each in told(people["person"]))


def test_a_month_without_a_record_gets_one_and_unknown_figures_stay_unknown(people) -> None:
    make_final(people, "0.9")
    found = month_of(people["person"])
    assert dict(found.values) == {"score": Decimal("90.00")} and found.grade == "A"


def test_in_a_closed_month_the_score_is_a_correction_that_another_person_agrees_to(people) -> None:
    make_month(people["person"], OCTOBER, csat=92, score=70)
    close_department(place_of(), OCTOBER)
    made = make_final(people)
    one = queries.sheet(made)
    assert month_of(people["person"]).values["score"] == 70 and one.final.correction_id is not None
    with pytest.raises(ForbiddenError):
        act(months.decide_correction, people["director"], START, one.final.correction_id, agreed=True)
    act(months.decide_correction, people["hr"], START, one.final.correction_id, agreed=True)
    assert month_of(people["person"]).values["score"] == 80


def test_a_correction_that_was_not_agreed_to_may_be_asked_for_again(people) -> None:
    make_month(people["person"], OCTOBER, score=70)
    close_department(place_of(), OCTOBER)
    made = make_final(people)
    with pytest.raises(ConflictError):
        act(service.write_again, people["director"], START, made)
    number = queries.sheet(made).final.correction_id
    act(months.decide_correction, people["hr"], START, number, agreed=False, note="先核对")
    with pytest.raises(ForbiddenError):
        act(service.write_again, people["qc"], START, made)
    act(service.write_again, people["director"], START, made)
    waiting = performance.waiting_corrections(people["hr"])
    assert [one.changes["score"] for one in waiting] == ["80.00"]


def test_nobody_rates_themself_for_another_office_or_twice(people) -> None:
    open_round(people)
    made = sheet_of(people["person"])
    for who, office in (("person", "leader"), ("mate", "leader"), ("leader", "qc"), ("supervisor", "leader")):
        with pytest.raises(ForbiddenError):
            rate(people, made, office, by=who)
    rate(people, made, "leader")
    with pytest.raises(ConflictError):
        rate(people, made, "leader")
    own = sheet_of(people["leader"])
    with pytest.raises(ForbiddenError):
        rate(people, own, "leader")
    rate(people, own, "leader", by="supervisor")


def test_the_final_review_waits_for_every_office_and_is_not_for_who_rated(people) -> None:
    open_round(people)
    made = sheet_of(people["person"])
    rate(people, made, "qc")
    with pytest.raises(ConflictError, match="还没有评分的岗位"):
        act(service.finish, people["director"], START, made)
    rate(people, made, "vip")
    rate(people, made, "leader")
    for who in ("qc", "leader", "hr", "person", "deputy"):
        with pytest.raises(ForbiddenError):
            act(service.finish, people[who], START, made)
    with pytest.raises(DomainError, match="另定分数"):
        act(service.finish, people["director"], START, made, Decimal(95), "很好")
    act(service.finish, people["director"], START, made)
    with pytest.raises(ConflictError):
        act(service.finish, people["director"], START, made)
    with pytest.raises(ConflictError):
        rate(people, made, "qc")


def test_below_qualified_the_director_decides_with_reasons(people) -> None:
    open_round(people)
    made = sheet_of(people["person"])
    rate_all(people, made, "0.5")
    with pytest.raises(DomainError, match="理由"):
        act(service.finish, people["director"], START, made)
    act(service.finish, people["director"], START, made, Decimal("60.5"), "病假期间的会话不计")
    assert (month_of(people["person"]).grade, month_of(people["person"]).values["score"]) == (
        "C",
        Decimal("60.5"),
    )
    assert queries.sheet(made).final.content["combined"] != "60.50"


def test_an_office_that_nobody_holds_is_accepted_in_words_and_its_weight_is_spread(people) -> None:
    end_office(people["vip"], "vip_manager")
    open_round(people)
    made = sheet_of(people["person"])
    rate(people, made, "qc", share="1")
    rate(people, made, "leader", share="0.8")
    with pytest.raises(DomainError, match="没有人评分"):
        act(service.finish, people["director"], START, made)
    act(service.finish, people["director"], START, made, None, "贵宾经理空缺")
    final = queries.sheet(made).final
    assert final.content["vacant"] == ["vip"] and final.score == Decimal("88.57")


def test_a_returned_office_rates_again_and_the_first_points_stay(people) -> None:
    open_round(people)
    made = sheet_of(people["person"])
    rate_all(people, made)
    with pytest.raises(DomainError, match="理由"):
        act(service.return_sheet, people["director"], START, made, ["qc"], " ")
    with pytest.raises(DomainError, match="勾选"):
        act(service.return_sheet, people["director"], START, made, ["nothing"], "核对")
    act(service.return_sheet, people["director"], START, made, ["qc"], "请核对第3通会话")
    one = queries.sheet(made)
    assert [each.id for each in one.missing] == ["qc"]
    rate(people, made, "qc", share="1")
    one = queries.sheet(made)
    assert [each.revision for each in one.ratings if each.office == "qc"] == [1, 2]
    assert rules.result_of(one) == Decimal("86.00")
    refused(
        AssessmentHand(assessment_id=made, person_id=people["person"], holder_id=people["qc"], part="review")
    )


def test_without_a_director_of_the_department_the_next_office_reviews(people) -> None:
    end_office(people["director"], "service_director")
    open_round(people)
    made = sheet_of(people["person"])
    rate_all(people, made)
    act(service.finish, people["deputy"], START, made)
    assert queries.sheet(made).final.by == people["deputy"]


# --- the person's word


def test_the_person_acknowledges_once(people) -> None:
    made = make_final(people)
    with pytest.raises(ForbiddenError):
        act(service.answer, people["mate"], START, made, contests=False)
    act(service.answer, people["person"], START, made, contests=False)
    assert rules.state(queries.sheet(made), None, TODAY) is State.ACKNOWLEDGED
    with pytest.raises(ConflictError):
        act(service.answer, people["person"], START, made, contests=True, says="不同意")


def test_a_contest_is_decided_by_the_director_and_changes_the_month_by_a_new_revision(people) -> None:
    made = make_final(people)
    with pytest.raises(DomainError):
        act(service.answer, people["person"], START, made, contests=True, says=" ")
    act(service.answer, people["person"], START, made, contests=True, says="十月有三天系统故障")
    for who in ("qc", "leader", "person", "hr"):
        with pytest.raises(ForbiddenError):
            act(service.decide, people[who], START, made, stands=True, score=None, reason="维持")
    for stands, score in ((True, Decimal(90)), (False, None), (False, Decimal(80)), (False, Decimal(101))):
        with pytest.raises(DomainError):
            act(service.decide, people["director"], START, made, stands=stands, score=score, reason="故障")
    act(service.decide, people["director"], START, made, stands=False, score=Decimal(86), reason="故障属实")
    one, found = queries.sheet(made), month_of(people["person"])
    assert (one.decision.stands, one.counts.grade, found.grade, found.revision) == (False, "A", "A", 2)
    assert one.final.score == 80
    with pytest.raises(ConflictError):
        act(service.decide, people["director"], START, made, stands=True, score=None, reason="再来")


def test_a_contest_that_fails_leaves_the_month_as_it_is(people) -> None:
    made = make_final(people)
    act(service.answer, people["person"], START, made, contests=True, says="不同意")
    act(service.decide, people["director"], START, made, stands=True, score=None, reason="已核对，维持")
    assert month_of(people["person"]).revision == 1 and queries.sheet(made).decision.stands is True


def test_a_contest_comes_within_the_days(people) -> None:
    made = make_final(people)
    late = START + timedelta(days=5)
    with pytest.raises(ConflictError, match="异议期"):
        act(service.answer, people["person"], late, made, contests=True, says="不同意")
    assert rules.state(queries.sheet(made), None, date(2026, 11, 25)) is State.LAPSED
    act(service.answer, people["person"], late, made, contests=False)


def test_without_a_contest_there_is_nothing_to_decide(people) -> None:
    made = make_final(people)
    with pytest.raises(ConflictError):
        act(service.decide, people["director"], START, made, stands=True, score=None, reason="维持")
    with pytest.raises(NotFoundError):
        act(service.decide, people["director"], START, 999, stands=True, score=None, reason="维持")


def test_two_at_once_make_one_rating_and_one_final_review(app, people) -> None:
    open_round(people)
    made = sheet_of(people["person"])
    rate(people, made, "vip")
    rate(people, made, "leader")
    given = points_for(made, "qc", "0.8")
    won, lost = race(
        app, *[lambda: service.rate(people["qc"], START, made, "qc", given, "") for _ in range(2)]
    )
    assert (len(won), len(lost), len(queries.sheet(made).ratings)) == (1, 1, 3)
    won, lost = race(app, *[lambda: service.finish(people["director"], START, made) for _ in range(2)])
    assert (len(won), len(lost), len(queries.sheet(made).reviews)) == (1, 1, 1)


# --- interviews


def test_an_interview_is_signed_by_both_and_followed_up_by_the_superior(people) -> None:
    made = make_interview(people["leader"], people["person"])
    with pytest.raises(NotFoundError):
        act(service.sign, people["leader"], START, made)
    act(service.sign, people["person"], START, made, "会改进")
    with pytest.raises(ConflictError):
        act(service.sign, people["person"], START, made)
    one = queries.interview(made)
    assert one.remark == "会改进" and len(one.actions) == 2
    first, second = one.actions
    with pytest.raises(ForbiddenError):
        act(service.follow_up, people["person"], START, made, first.id, "done", "")
    for outcome, note, due in (("moved", "忙", TODAY), ("not_done", "", None), ("other", "x", None)):
        with pytest.raises(DomainError):
            act(service.follow_up, people["leader"], START, made, first.id, outcome, note, due)
    later = date(2026, 12, 1)
    act(service.follow_up, people["leader"], START, made, first.id, "moved", "培训改期", later)
    act(service.follow_up, people["leader"], START, made, second.id, "not_done", "没有时间")
    one = queries.interview(made)
    assert (one.actions[0].due_on, one.actions[0].outcome, one.actions[1].outcome) == (
        later,
        None,
        "not_done",
    )
    assert [action.id for _, action in queries.open_actions(people["leader"])] == [first.id]
    act(service.follow_up, people["supervisor"], START, made, first.id, "done", "")
    with pytest.raises(ConflictError):
        act(service.follow_up, people["supervisor"], START, made, first.id, "done", "")
    with pytest.raises(NotFoundError):
        act(service.follow_up, people["supervisor"], START, made, 999, "done", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"held_on": date(2026, 11, 21)},
        {"held_on": date(2026, 9, 30)},
        {"discussed": " "},
        {"actions": (("学", date(2026, 11, 19)),)},
    ],
)
def test_an_interview_that_cannot_be_is_refused(people, changes) -> None:
    with pytest.raises(DomainError):
        act(service.hold, people["leader"], START, interview(people["person"], **changes))


def test_nobody_holds_an_interview_with_themself(people) -> None:
    with pytest.raises(ForbiddenError):
        make_interview(people["leader"], people["leader"])


# --- what waits, reminders


def kinds(person) -> list[str]:
    return [one.kind for one in queries.duties(person, TODAY)]


def test_everybody_sees_what_waits_for_them_and_nobody_else_does(app, people) -> None:
    with app.test_request_context():
        open_round(people)
        made = sheet_of(people["person"])
        assert kinds(people["qc"]) == ["rate"] and queries.duties(people["qc"], TODAY)[0].count == 3
        assert kinds(people["leader"]) == ["rate"] and queries.duties(people["leader"], TODAY)[0].count == 2
        assert kinds(people["supervisor"]) == ["rate"] and kinds(people["director"]) == []
        rate_all(people, made, "0.5")
        assert kinds(people["director"]) == ["review"] and kinds(people["deputy"]) == []
        act(service.finish, people["director"], START, made, None, "投诉多")
        assert kinds(people["person"]) == ["answer"]
        assert "interview" in kinds(people["leader"]) and "interview" in kinds(people["supervisor"])
        assert "interview" not in kinds(people["director"])
        act(service.answer, people["person"], START, made, contests=True, says="不同意")
        assert kinds(people["director"]) == ["contest"]
        make_interview(people["leader"], people["person"], actions=(("复习", TODAY),))
        assert kinds(people["person"]) == ["sign"] and "interview" not in kinds(people["supervisor"])
        assert "follow" in kinds(people["leader"])
        plan = act(service.draft, people["supervisor"], START, place_of(), "客服专员", NOVEMBER, [target()])
        assert "plan_drafted" in kinds(people["hr"]) and "plan_checked" not in kinds(people["deputy"])
        act(service.check, people["hr"], START, plan)
        assert "plan_checked" in kinds(people["deputy"]) and "plan_drafted" not in kinds(people["hr_manager"])


def test_reminders_come_on_the_last_day_and_once(people) -> None:
    open_round(people)
    made = sheet_of(people["person"])
    due = queries.sheet(made).round.due_on
    early = START + (due - TODAY - timedelta(days=1))
    assert jobs.sheets_due(early) == []
    found = jobs.sheets_due(START + (due - TODAY))
    assert {one.person for one in found} == {people[who] for who in ("qc", "vip", "leader", "supervisor")}
    assert len({one.key for one in found}) == len(found) == 4
    rate_all(people, made)
    act(service.finish, people["director"], START, made)
    act(service.answer, people["person"], START, made, contests=True, says="不同意")
    until = queries.sheet(made).answer.decide_by
    keys = [one.key for one in jobs.sheets_due(START + (until - TODAY)) if "contest" in one.key]
    assert keys == [f"assessment-contest:{made}:{people['director']}"]
    make_interview(people["leader"], people["person"])
    assert jobs.interviews_due(START) == []
    later = jobs.interviews_due(START + timedelta(days=5))
    assert {one.person for one in later} == {people["leader"], people["person"]}


# --- the database refuses what the services refuse


def refused(row) -> None:
    session().add(row)
    with pytest.raises(IntegrityError):
        session().flush()
    session().rollback()


def test_the_tables_refuse_acts_about_oneself_and_two_steps_by_one_person(people) -> None:
    plan = make_plan(people)
    made = make_final(people)
    talk = make_interview(people["leader"], people["person"])
    action = queries.interview(talk).actions[0].id
    me, sup, other = people["person"], people["supervisor"], people["hr"]
    fields = {
        "department_id": place_of(),
        "post": "x",
        "number": 1,
        "effective_from": NOVEMBER,
        "targets": [],
    }
    fields |= {"drafted_by": sup, "drafted_at": START, "checked_at": START}
    refused(PostPlan(**fields, checked_by=sup))
    refused(PostPlan(**fields, checked_by=other, approved_by=other, approved_at=START))
    refused(PostPlan(**fields, checked_by=other, approved_by=sup, approved_at=START))
    one = queries.sheet(made).round.id
    refused(JointAssessment(round_id=one, person_id=me, month=NOVEMBER, opened_by=me, opened_at=START))
    refused(AssessmentHand(assessment_id=made, person_id=me, holder_id=me, part="rate"))
    rating = {"assessment_id": made, "office": "qc", "revision": 9, "part": "rate", "points": {}, "score": 1}
    refused(AssessmentRating(**rating, note="", rated_by=me, rated_at=START))
    refused(AssessmentRating(**rating, note="", rated_by=people["director"], rated_at=START))
    review = {"assessment_id": made, "kind": "contest", "once": "contest", "part": "review", "offices": []}
    review |= {"score": 1, "grade": "D", "reason": "x", "content": {}, "digest": "x", "reviewed_at": START}
    refused(AssessmentReview(**review, reviewed_by=people["qc"]))
    refused(AssessmentReview(**review, reviewed_by=me))
    answer = {"assessment_id": made, "kind": "acknowledged", "says": "", "answered_at": START}
    refused(AssessmentAnswer(**answer, person_id=people["mate"]))
    talk_row = {"month": OCTOBER, "held_on": TODAY, "discussed": "x", "entered_at": START}
    refused(PerformanceInterview(**talk_row, person_id=me, held_by=me))
    note = {"action_id": action, "number": 1, "outcome": "done", "note": "", "noted_at": START}
    refused(InterviewFollowUp(**note, person_id=me, noted_by=me))
    refused(InterviewFollowUp(**note, person_id=people["mate"], noted_by=people["leader"]))
    assert plan


def test_who_only_began_to_rate_may_still_review(people) -> None:
    open_round(people)
    made = sheet_of(people["person"])
    make_role(people["director"], "qc_manager")
    points = points_for(made, "qc", "0.8")
    act(service.keep_points, people["director"], START, made, "qc", points, "先记一句")
    kept = queries.own_draft(made, people["director"], "qc")
    assert kept is not None and kept.note == "先记一句"
    rate_all(people, made)
    act(service.finish, people["director"], START, made, None, "")
    assert queries.own_draft(made, people["director"], "qc") is None
    assert queries.sheet(made).final is not None
