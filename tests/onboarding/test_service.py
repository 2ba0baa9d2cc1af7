from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cstrain.audit.models import AuditEntry
from cstrain.exams import queries as exams
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.notifications.queries import notices
from cstrain.onboarding import queries, service
from cstrain.onboarding.errors import SignRefusedError, WindowBrokenError
from cstrain.onboarding.facts import Capacity, DayState, EnrolmentState, subject_of
from cstrain.onboarding.models import SignOffSample
from cstrain.onboarding.rules.signing import SignRequest
from cstrain.unit_of_work import unit_of_work
from tests.factories.onboarding import (
    LOADED_AT,
    START_DATE,
    at,
    do_day,
    do_own_part,
    enter_sheet,
    make_enrolment,
    make_house,
    make_trainee,
)
from tests.factories.people import make_leave, make_person, make_role, make_roster

pytestmark = pytest.mark.usefixtures("context")


def messages(person) -> list[str]:
    return [notice.message for notice in notices(person).notices]


def actions() -> list[str]:
    return [entry.action for entry in session().query(AuditEntry).order_by(AuditEntry.seq)]


# enrolment


def test_enrolling_plans_every_day_and_arranges_the_exams(house):
    enrolment = make_enrolment(house)
    line = queries.timeline(enrolment, at(START_DATE))
    assert len(line.days) == 23
    assert line.days[22].on_day == date(2026, 11, 27)
    assert line.mentor.mentor == house.mentor
    arranged = {one.paper.ref: one for one in exams.sittings_of(line.enrolment.person)}
    assert set(arranged) == {f"exam-day-{number}" for number in (3, 5, 6, 8, 18)}
    third = arranged["exam-day-3"]
    assert third.subject == subject_of(enrolment, 3)
    assert third.opens_at == at(line.days[2].on_day, 8, 30)
    assert third.closes_at == at(line.days[2].on_day, 20)
    assert {"enrolment.create", "enrolment.mentor", "sitting.schedule"} <= set(actions())


def test_nobody_enrols_themself(house):
    with pytest.raises(ForbiddenError):
        service.enrol(house.hr, at(START_DATE), house.hr, house.cohort, START_DATE)


def test_only_somebody_on_probation_is_enrolled(house):
    with pytest.raises(DomainError, match="不在试用期"):
        service.enrol(house.hr, at(START_DATE), house.guide, house.cohort, START_DATE)


def test_a_person_has_one_open_enrolment(house):
    person = make_trainee()
    make_enrolment(house, person)
    with pytest.raises(ConflictError, match="已经在训"):
        service.enrol(house.hr, at(START_DATE), person, house.cohort, START_DATE)


def test_a_start_before_the_hire_date_is_refused(house):
    person = make_trainee(hire_date=date(2026, 11, 9))
    with pytest.raises(DomainError, match="早于入职日"):
        service.enrol(house.hr, at(START_DATE), person, house.cohort, START_DATE)


def test_a_broken_window_must_be_acknowledged(house):
    start = date(2026, 11, 10)
    person = make_trainee(hire_date=date(2026, 11, 1))
    with pytest.raises(WindowBrokenError) as error:
        service.enrol(house.hr, at(start), person, house.cohort, start)
    assert (error.value.last, error.value.limit, error.value.over) == (
        date(2026, 12, 5),
        date(2026, 12, 1),
        4,
    )
    assert queries.open_enrolment_of(person) is None
    with unit_of_work():
        enrolment = service.enrol(house.hr, at(start), person, house.cohort, start, window_acknowledged=True)
    assert "over=4" in queries.enrolment(enrolment).window_note


def test_roster_and_leave_decide_the_dates(house):
    person = make_trainee()
    make_leave(person, date(2026, 11, 4), date(2026, 11, 4))
    make_roster(person, {date(2026, 11, 8): True})
    enrolment = make_enrolment(house, person)
    found = queries.planned_days(enrolment)
    assert found[3] == date(2026, 11, 5)
    assert found[6] == date(2026, 11, 8)


def test_a_shorter_programme_runs_on_the_same_rails():
    house = make_house("仓库1期", "warehouse-support")
    enrolment = make_enrolment(house)
    for number in range(1, 8):
        do_day(house, enrolment, number)
    line = queries.timeline(enrolment, at(date(2026, 11, 9), 20))
    assert [day.state for day in line.days] == [DayState.DONE] * 7
    assert queries.training_record(line).days_done == 7
    assert line.programme.conversion is None


# mentors


def test_the_load_cap_names_the_numbers(house):
    for number in range(3):
        make_enrolment(house, make_trainee(f"学员{number}"))
    with pytest.raises(DomainError, match="现在带3人，上限是3人"):
        make_enrolment(house, make_trainee("第四人"))


def test_substitutes_do_not_count_in_the_load(house):
    enrolment = make_enrolment(house)
    other = make_person("钱立", roles=["mentor"])
    now = at(START_DATE)
    with unit_of_work():
        service.assign_substitute(
            house.hr, now, enrolment, other, START_DATE, START_DATE + timedelta(days=2), "导师休假"
        )
    assert queries.loads(START_DATE) == {house.mentor: 1}
    assert queries.is_mentor_of(other, queries.enrolment(enrolment).person, START_DATE)
    assert not queries.is_mentor_of(
        other, queries.enrolment(enrolment).person, START_DATE + timedelta(days=3)
    )


def test_a_new_mentor_ends_the_former_ones_time_and_history_stays(house):
    enrolment = make_enrolment(house)
    other = make_person("钱立", roles=["mentor"])
    day = START_DATE + timedelta(days=3)
    with unit_of_work():
        service.assign_mentor(house.hr, at(START_DATE), enrolment, other, day, "换组")
    history = queries.mentor_history(enrolment)
    assert [(one.mentor, one.first_day, one.last_day) for one in history] == [
        (other, day, None),
        (house.mentor, START_DATE, day - timedelta(days=1)),
    ]
    assert queries.mentor_on(enrolment, START_DATE).mentor == house.mentor
    assert queries.mentor_on(enrolment, day).mentor == other


@pytest.mark.parametrize("who", ["trainee", "nobody", "stranger"])
def test_who_cannot_be_a_mentor(house, who):
    enrolment = make_enrolment(house, with_mentor=False)
    trainee = queries.enrolment(enrolment).person
    choice = {"trainee": trainee, "nobody": house.guide, "stranger": make_person("路人")}[who]
    with pytest.raises(DomainError):
        service.assign_mentor(house.hr, at(START_DATE), enrolment, choice, START_DATE, "指定")


def test_a_trainee_who_is_promised_for_later_takes_a_place_from_then_on(house):
    for name in ("学员一", "学员二"):
        make_enrolment(house, make_trainee(name))
    third, fourth = (make_enrolment(house, make_trainee(name), with_mentor=False) for name in ("三", "四"))
    now, later = at(START_DATE), START_DATE + timedelta(days=7)
    with unit_of_work():
        service.assign_mentor(house.hr, now, third, house.mentor, later, "下周起")
    with pytest.raises(DomainError, match="现在带3人"), unit_of_work():
        service.assign_mentor(house.hr, now, fourth, house.mentor, START_DATE, "今天起")
    with pytest.raises(DomainError, match="现在带3人"), unit_of_work():
        service.assign_mentor(house.hr, now, fourth, house.mentor, later, "下周起")


def test_a_mentor_without_reason_is_refused(house):
    enrolment = make_enrolment(house, with_mentor=False)
    with pytest.raises(DomainError, match="没有写原因"):
        service.assign_mentor(house.hr, at(START_DATE), enrolment, house.mentor, START_DATE, " ")


def test_guides_are_for_guide_days_only(house):
    enrolment = make_enrolment(house)
    with pytest.raises(NotFoundError):
        service.assign_guide(house.hr, at(START_DATE), enrolment, 5, house.guide)
    with pytest.raises(DomainError, match="带教人"):
        service.assign_guide(house.hr, at(START_DATE), enrolment, 4, house.mentor)


# days


def test_a_day_done_in_full(house):
    enrolment = make_enrolment(house)
    do_day(house, enrolment, 1)
    day = queries.timeline(enrolment, at(START_DATE, 20)).day(1)
    assert day.done and day.state is DayState.DONE
    assert day.sign.capacity is Capacity.MENTOR
    assert not day.sign.late and not day.sign.out_of_order
    assert "第%(number)s天已签核。" in messages(queries.enrolment(enrolment).person)


def test_confirming_needs_the_own_part(house):
    enrolment = make_enrolment(house)
    person = queries.enrolment(enrolment).person
    with pytest.raises(DomainError, match="5项没做完"):
        service.confirm_day(person, at(START_DATE), enrolment, 1)


def test_a_day_to_come_is_closed(house):
    enrolment = make_enrolment(house)
    person = queries.enrolment(enrolment).person
    with pytest.raises(ConflictError, match="还没开放"):
        service.tick_activity(person, at(START_DATE), enrolment, 2, "d02-buying")
    with pytest.raises(ConflictError, match="还没开放"):
        service.start_quiz(person, at(START_DATE), enrolment, 2)


def test_activities_are_ticked_by_whom_they_belong_to(house):
    enrolment = make_enrolment(house)
    person, now = queries.enrolment(enrolment).person, at(START_DATE)
    with pytest.raises(ForbiddenError):
        service.tick_activity(person, now, enrolment, 1, "d01-welcome")
    with pytest.raises(ForbiddenError):
        service.tick_activity(house.mentor, now, enrolment, 1, "d01-shop")
    with pytest.raises(ForbiddenError):
        service.tick_activity(house.hr, now, enrolment, 1, "d01-welcome")
    with pytest.raises(NotFoundError):
        service.tick_activity(person, now, enrolment, 1, "d02-buying")
    with unit_of_work():
        service.tick_activity(person, now, enrolment, 1, "d01-shop")
        service.tick_activity(person, now, enrolment, 1, "d01-shop")


def test_the_pre_start_block_is_ticked_before_day_one(house):
    start = date(2026, 11, 9)
    person = make_trainee(hire_date=START_DATE)
    enrolment = make_enrolment(house, person, start, now=at(START_DATE, 8), with_pre_start=True)
    with unit_of_work():
        service.tick_activity(person, at(START_DATE), enrolment, 0, "pre-typing")
    with pytest.raises(ConflictError, match="登记过"):
        service.tick_activity(person, at(START_DATE), enrolment, 0, "pre-typing")
    plain = make_enrolment(house, make_trainee("无集训"))
    with pytest.raises(NotFoundError):
        service.tick_activity(queries.enrolment(plain).person, at(START_DATE), plain, 0, "pre-typing")


def test_the_quiz_is_one_sitting_that_may_be_retaken(house):
    enrolment = make_enrolment(house)
    person = queries.enrolment(enrolment).person
    with unit_of_work():
        first = service.start_quiz(person, at(START_DATE), enrolment, 1)
        again = service.start_quiz(person, at(START_DATE, 15), enrolment, 1)
    assert first == again
    assert exams.sitting(first).max_attempts is None
    with pytest.raises(NotFoundError):
        service.start_quiz(house.mentor, at(START_DATE), enrolment, 1)


# signing


def test_the_mentor_signs_several_in_one_go(house):
    first, second = make_enrolment(house), make_enrolment(house, make_trainee("何雨桐"))
    now = at(START_DATE)
    for one in (first, second):
        do_own_part(one, 1, now)
    with unit_of_work():
        service.sign_days(
            house.mentor, now, [SignRequest(first, 1, 4, ""), SignRequest(second, 1, 2, "备注要写全")]
        )
    for one in (first, second):
        assert queries.timeline(one, now).day(1).sign is not None


def test_one_refusal_stops_them_all_and_says_which(house):
    first, second = make_enrolment(house), make_enrolment(house, make_trainee("何雨桐"))
    now = at(START_DATE)
    for one in (first, second):
        do_own_part(one, 1, now)
    with pytest.raises(SignRefusedError) as error:
        service.sign_days(house.mentor, now, [SignRequest(first, 1, 4, ""), SignRequest(second, 1, 2, "")])
    assert set(error.value.refusals) == {(second, 1)}
    assert queries.timeline(first, now).day(1).sign is None


def test_never_for_oneself_never_for_anothers_trainee(house):
    enrolment = make_enrolment(house)
    now = at(START_DATE)
    do_own_part(enrolment, 1, now)
    trainee = queries.enrolment(enrolment).person
    other = make_person("钱立", roles=["mentor"])
    for actor in (trainee, other, house.hr, house.guide, house.supervisor):
        with pytest.raises(ForbiddenError):
            service.sign_day(actor, now, enrolment, 1, 4, "好")


def test_a_substitute_signs_only_on_their_dates(house):
    enrolment = make_enrolment(house)
    now = at(START_DATE)
    do_own_part(enrolment, 1, now)
    other = make_person("钱立", roles=["mentor"])
    tomorrow = START_DATE + timedelta(days=1)
    with unit_of_work():
        service.assign_substitute(house.hr, now, enrolment, other, tomorrow, tomorrow, "导师休假")
    with pytest.raises(ForbiddenError):
        service.sign_day(other, now, enrolment, 1, 4, "好")
    with unit_of_work():
        service.sign_day(other, at(tomorrow), enrolment, 1, 4, "好")
    sign = queries.timeline(enrolment, at(tomorrow)).day(1).sign
    assert sign.capacity is Capacity.SUBSTITUTE and sign.late


def test_guide_days_are_signed_by_the_guide_and_seen_by_the_mentor(house):
    enrolment = make_enrolment(house)
    fourth = queries.planned_days(enrolment)[4]
    now = at(fourth)
    do_own_part(enrolment, 4, now)
    enter_sheet(house, enrolment, 4, "observation", now)
    with pytest.raises(ForbiddenError, match="带教人"):
        service.sign_day(house.mentor, now, enrolment, 4, 4, "好")
    with pytest.raises(NotFoundError):
        service.see_day(house.mentor, now, enrolment, 4)
    with unit_of_work():
        service.sign_day(house.guide, now, enrolment, 4, 5, "好")
    assert not queries.timeline(enrolment, now).day(4).done
    with pytest.raises(ForbiddenError):
        service.see_day(house.guide, now, enrolment, 4)
    with unit_of_work():
        service.see_day(house.mentor, now, enrolment, 4)
    day = queries.timeline(enrolment, now).day(4)
    assert day.done and day.sign.out_of_order
    with pytest.raises(ConflictError):
        service.see_day(house.mentor, now, enrolment, 4)


def test_a_late_signature_is_accepted_and_marked(house):
    enrolment = make_enrolment(house)
    do_own_part(enrolment, 1, at(START_DATE))
    late = at(START_DATE + timedelta(days=2))
    with unit_of_work():
        service.sign_day(house.mentor, late, enrolment, 1, 4, "好")
    line = queries.timeline(enrolment, late)
    assert line.day(1).sign.late and line.late_days == 1


def test_a_second_signature_is_refused_and_a_note_may_be_added(house):
    enrolment = make_enrolment(house)
    do_day(house, enrolment, 1)
    sign = queries.timeline(enrolment, at(START_DATE)).day(1).sign
    with pytest.raises(ConflictError, match="已经签核过"):
        service.sign_day(house.mentor, at(START_DATE), enrolment, 1, 4, "好")
    with pytest.raises(ForbiddenError):
        service.add_note(house.hr, at(START_DATE), sign.id, "写错了")
    with unit_of_work():
        service.add_note(house.mentor, at(START_DATE), sign.id, "评语写错了天")
    assert [note.text for note in queries.notes_of([sign.id])[sign.id]] == ["评语写错了天"]


def test_the_sample_is_checked_by_somebody_else(house):
    enrolment = make_enrolment(house)
    do_day(house, enrolment, 1)
    sign = queries.timeline(enrolment, at(START_DATE)).day(1).sign
    with unit_of_work():
        session().query(SignOffSample).delete()
        session().add(SignOffSample(sign_off_id=sign.id, drawn_at=at(START_DATE)))
    drawn = queries.samples(waiting=True)[0]
    assert (drawn.person, drawn.on_day) == (queries.enrolment(enrolment).person, START_DATE)
    with pytest.raises(ForbiddenError):
        service.confirm_sample(house.mentor, at(START_DATE), drawn.id, True, "")
    with pytest.raises(DomainError, match="写明情况"):
        service.confirm_sample(house.hr, at(START_DATE), drawn.id, False, " ")
    with unit_of_work():
        service.confirm_sample(house.hr, at(START_DATE), drawn.id, True, "问过学员")
    assert queries.samples(waiting=True) == []
    assert queries.samples(waiting=False)[0].agrees


# sheets and gates


def test_a_sheet_is_corrected_by_another_sheet(house):
    enrolment = make_enrolment(house)
    now = at(START_DATE)
    first = enter_sheet(house, enrolment, 1, "typing", now, speed="28")
    marks = {"speed": Decimal(48), "accuracy": Decimal(97)}
    with pytest.raises(ConflictError, match="更正"):
        service.enter_sheet(house.mentor, now, enrolment, 1, "typing", marks, "截图")
    with unit_of_work():
        service.enter_sheet(
            house.mentor, now, enrolment, 1, "typing", marks, "截图", corrects=first, reason="录错了"
        )
    every = queries.sheets_of([enrolment])
    assert [(one.marks["speed"], one.replaced) for one in every] == [(28, True), (48, False)]
    with pytest.raises(ConflictError, match="更正过"):
        service.enter_sheet(
            house.mentor, now, enrolment, 1, "typing", marks, "截图", corrects=first, reason="又错了"
        )


def test_nobody_enters_their_own_sheet(house):
    enrolment = make_enrolment(house)
    person = queries.enrolment(enrolment).person
    with pytest.raises(ForbiddenError):
        service.enter_sheet(person, at(START_DATE), enrolment, 1, "typing", {}, "截图")


def test_a_sheet_that_the_day_does_not_have_is_not_found(house):
    enrolment = make_enrolment(house)
    with pytest.raises(NotFoundError):
        service.enter_sheet(house.mentor, at(START_DATE), enrolment, 1, "mystery_customer", {}, "x")


def gate(enrolment, gate_id, now):
    return next(one for one in queries.timeline(enrolment, now).gates if one.gate.id == gate_id)


def test_a_gate_waits_for_people_only_when_it_is_not_passed(house):
    enrolment = make_enrolment(house)
    now = at(START_DATE)
    enter_sheet(house, enrolment, 1, "typing", now, speed="28")
    assert gate(enrolment, "day-1", now).proposal is None
    enter_sheet(house, enrolment, 1, "telephone", now)
    found = gate(enrolment, "day-1", now)
    assert found.proposal == "improve" and found.waits
    assert queries.board(queries.BoardFilter(), now).group("act")[0].gate_waiting == "第1天基础能力"


def test_people_decide_at_a_gate_with_a_reason(house):
    enrolment = make_enrolment(house)
    now = at(START_DATE)
    enter_sheet(house, enrolment, 1, "typing", now, speed="20")
    with pytest.raises(DomainError, match="没有写原因"):
        service.decide_gate(house.hr, now, enrolment, "day-1", "improve", "")
    person = queries.enrolment(enrolment).person
    with pytest.raises(ForbiddenError):
        service.decide_gate(person, now, enrolment, "day-1", "improve", "我还行")
    with unit_of_work():
        service.decide_gate(house.hr, now, enrolment, "day-1", "improve", "第一天紧张，两天后再测")
    found = gate(enrolment, "day-1", now)
    assert found.proposal == "eliminate"
    assert found.decided.decision == "improve" and not found.waits


def test_nobody_is_eliminated_at_an_advisory_gate_or_without_findings(house):
    enrolment = make_enrolment(house)
    now = at(START_DATE)
    with pytest.raises(DomainError, match="参考"):
        service.decide_gate(house.hr, now, enrolment, "day-8", "eliminate", "原因")
    with pytest.raises(ConflictError, match="不能据此淘汰"):
        service.decide_gate(house.hr, now, enrolment, "day-1", "eliminate", "原因")
    with pytest.raises(NotFoundError):
        service.decide_gate(house.hr, now, enrolment, "day-22", "continue", "原因")


# plans


def test_leave_moves_what_has_not_begun_and_keeps_why(house):
    enrolment = make_enrolment(house)
    do_day(house, enrolment, 1)
    person = queries.enrolment(enrolment).person
    before = queries.planned_days(enrolment)
    make_leave(person, date(2026, 11, 4), date(2026, 11, 5), at=at(date(2026, 11, 3)))
    after = queries.planned_days(enrolment)
    assert (after[1], after[2]) == (before[1], before[2])
    assert after[3] == date(2026, 11, 6)
    change = queries.replans_of(enrolment)[0]
    assert change.reason == "登记请假后自动重排"
    assert change.before == before and change.after == after
    moved = [one for one in exams.sittings_for([subject_of(enrolment, 3)]) if not one.cancelled]
    assert [one.opens_at for one in moved] == [at(date(2026, 11, 6), 8, 30)]
    told = messages(person)
    assert sum("培训日期" in text for text in told) == 1 and any("跟着改期" in text for text in told)
    assert not any("取消" in text for text in told)


def test_replanning_by_hand_needs_a_reason_and_a_change(house):
    enrolment = make_enrolment(house)
    now = at(START_DATE)
    with pytest.raises(DomainError, match="没有写原因"):
        service.replan(house.hr, now, enrolment, date(2026, 11, 9), "")
    with pytest.raises(ConflictError, match="日期不用变"):
        service.replan(house.hr, now, enrolment, START_DATE, "试试")
    with pytest.raises(WindowBrokenError):
        service.replan(house.hr, now, enrolment, date(2026, 11, 20), "店铺大促")
    with unit_of_work():
        plan = service.replan(
            house.hr, now, enrolment, date(2026, 11, 4), "店铺大促", window_acknowledged=True
        )
    assert plan.dates == queries.planned_days(enrolment)


def test_a_started_exam_stays_where_it_was(house):
    enrolment = make_enrolment(house)
    third = queries.planned_days(enrolment)[3]
    do_own_part(enrolment, 3, at(third))
    with unit_of_work():
        service.replan(house.hr, at(third, 12), enrolment, third + timedelta(days=1), "出差")
    sittings = exams.sittings_for([subject_of(enrolment, 3)])
    assert [one.cancelled for one in sittings if one.kind == "exam"] == [False]
    assert queries.planned_days(enrolment)[3] == third


def test_a_pause_keeps_what_was_done_and_plans_the_rest_anew(house):
    enrolment = make_enrolment(house)
    do_day(house, enrolment, 1)
    person = queries.enrolment(enrolment).person
    now = at(START_DATE + timedelta(days=1))
    with unit_of_work():
        service.pause(house.hr, now, enrolment, "病假一个月")
    assert [one for one in exams.sittings_of(person) if one.kind == "exam"] == []
    with pytest.raises(ConflictError, match="暂停"):
        service.tick_activity(person, now, enrolment, 2, "d02-buying")
    back = date(2026, 12, 7)
    with unit_of_work():
        service.resume(house.hr, at(back, 8), enrolment, back, "康复", window_acknowledged=True)
    days = queries.planned_days(enrolment)
    assert (days[1], days[2]) == (START_DATE, back)
    assert len([one for one in exams.sittings_of(person) if one.kind == "exam"]) == 5
    assert [one.kind for one in queries.moments_of(enrolment)] == ["resume", "pause"]


def test_a_plan_made_by_hand_is_not_pulled_forward_by_the_roster(house):
    enrolment = make_enrolment(house)
    person = queries.enrolment(enrolment).person
    far = date(2026, 11, 16)
    with unit_of_work():
        service.replan(house.hr, at(START_DATE), enrolment, far, "等新系统", window_acknowledged=True)
    before = queries.planned_days(enrolment)
    make_roster(person, {date(2026, 11, 7): False}, at=at(START_DATE, 11))
    assert queries.planned_days(enrolment) == before


def test_closing_skips_the_rest_and_deletes_nothing(house):
    enrolment = make_enrolment(house)
    do_day(house, enrolment, 1)
    with unit_of_work():
        service.close_enrolment(house.hr, at(START_DATE, 18), enrolment, "转正")
    line = queries.timeline(enrolment, at(START_DATE, 19))
    assert line.day(1).state is DayState.DONE
    assert {day.state for day in line.days[1:]} == {DayState.SKIPPED}
    assert queries.open_enrolment_of(line.enrolment.person) is None
    assert queries.loads(START_DATE + timedelta(days=1)) == {}


def test_a_transfer_to_another_programme_ends_the_old_way(house):
    enrolment = make_enrolment(house)
    with unit_of_work():
        other = service.create_cohort(house.hr, LOADED_AT, "仓库1期", "warehouse-support", START_DATE)
        new = service.transfer(
            house.hr,
            at(START_DATE),
            enrolment,
            other,
            date(2026, 11, 9),
            "调到仓库对接岗",
            window_acknowledged=True,
        )
    assert queries.enrolment(enrolment).state is EnrolmentState.TRANSFERRED
    assert queries.enrolment(new).programme_ref == "warehouse-support"
    assert len(queries.enrolments_of(queries.enrolment(new).person)) == 2


def test_a_move_to_another_cohort_of_the_programme_keeps_the_days(house):
    enrolment = make_enrolment(house)
    do_day(house, enrolment, 1)
    with unit_of_work():
        other = service.create_cohort(house.hr, LOADED_AT, "第2期", "new-agent", date(2026, 11, 9))
        same = service.transfer(house.hr, at(START_DATE), enrolment, other, START_DATE, "分班")
    assert same == enrolment
    line = queries.timeline(enrolment, at(START_DATE, 20))
    assert line.enrolment.cohort_name == "第2期" and line.day(1).done


# people who leave


def test_a_leaving_mentor_leaves_trainees_without_one(house):
    from cstrain.people.service import leave_company

    enrolment = make_enrolment(house)
    with unit_of_work():
        leave_company(house.hr, at(START_DATE), house.mentor, date(2026, 11, 6), "辞职")
    assert queries.mentor_on(enrolment, date(2026, 11, 6)) is not None
    assert queries.mentor_on(enrolment, date(2026, 11, 7)) is None
    row = queries.board(queries.BoardFilter(), at(date(2026, 11, 7))).rows[0]
    assert row.group == "act" and ("没有导师", {}) in row.reasons
    assert any("没有导师" in text for text in messages(house.hr))


def test_a_named_successor_takes_over(house):
    from cstrain.people.service import leave_company

    enrolment = make_enrolment(house)
    other = make_person("钱立", roles=["mentor"])
    with unit_of_work():
        leave_company(house.hr, at(START_DATE), house.mentor, date(2026, 11, 6), "辞职", other)
    assert queries.mentor_on(enrolment, date(2026, 11, 7)).mentor == other


def test_a_leaving_trainee_ends_the_enrolment(house):
    from cstrain.people.service import leave_company

    enrolment = make_enrolment(house)
    person = queries.enrolment(enrolment).person
    with unit_of_work():
        leave_company(house.hr, at(START_DATE), person, date(2026, 11, 5), "辞职")
    found = queries.enrolment(enrolment)
    assert (found.state, found.closed_on) == (EnrolmentState.CLOSED, date(2026, 11, 5))


# reminders, ratings, cohorts


def test_unsigned_days_remind_the_mentor_then_the_supervisor(house):
    from cstrain.onboarding.jobs import unsigned_days

    enrolment = make_enrolment(house)
    do_own_part(enrolment, 1, at(START_DATE))
    assert unsigned_days(at(START_DATE, 20)) == []
    first = unsigned_days(at(START_DATE + timedelta(days=1)))
    assert [(due.person, due.url) for due in first] == [(house.mentor, "/trainees")]
    third = unsigned_days(at(START_DATE + timedelta(days=3)))
    assert house.supervisor in {due.person for due in third}
    assert len({due.key for due in third}) == len(third)


def test_trainees_without_mentor_and_guide_days_without_guide_are_reminded_of(house):
    from cstrain.onboarding.jobs import without_guide, without_mentor

    with unit_of_work():
        enrolment = service.enrol(house.hr, at(START_DATE, 8), make_trainee(), house.cohort, START_DATE)
    assert {due.person for due in without_mentor(at(START_DATE))} == {house.hr}
    assert without_guide(at(START_DATE)) == []
    third = queries.planned_days(enrolment)[3]
    assert [due.values["number"] for due in without_guide(at(third))] == [4]


def test_the_trainee_rates_once_from_the_last_day_on(house):
    enrolment = make_enrolment(house)
    person = queries.enrolment(enrolment).person
    with pytest.raises(ConflictError, match="还没到评价"):
        service.rate(person, at(START_DATE), enrolment, 5, 4, "")
    last = queries.planned_days(enrolment)[23]
    with unit_of_work():
        service.rate(person, at(last), enrolment, 5, 4, "讲得清楚")
    with pytest.raises(ConflictError, match="已经评价过"):
        service.rate(person, at(last), enrolment, 5, 4, "")
    session().rollback()
    assert queries.ratings([enrolment])[enrolment].mentor_stars == 5


def test_a_cohort_is_evaluated_when_everybody_is_through(house):
    enrolment = make_enrolment(house)
    with pytest.raises(ConflictError, match="还有1人在训"):
        service.evaluate_cohort(house.hr, at(START_DATE), house.cohort, "总结")
    with unit_of_work():
        service.close_enrolment(house.hr, at(START_DATE), enrolment, "转正")
        service.evaluate_cohort(house.hr, at(START_DATE), house.cohort, "仓库两天应放在一起")
    assert queries.cohort(house.cohort).evaluation == "仓库两天应放在一起"


def test_who_has_no_role_in_time_cannot_take_over(house):
    enrolment = make_enrolment(house, with_mentor=False)
    later = make_person("将来的导师")
    make_role(later, "mentor", valid_from=date(2027, 1, 1))
    with pytest.raises(DomainError, match="没有“导师”角色"):
        service.assign_mentor(house.hr, at(START_DATE), enrolment, later, START_DATE, "指定")


# the whole way


def test_all_twenty_three_days_can_be_completed(house):
    enrolment = make_enrolment(house)
    for number in range(1, 24):
        if number != 22:  # the conversion papers belong to the conversion case
            do_day(house, enrolment, number, work_state=3 + number % 3)
    line = queries.timeline(enrolment, at(date(2026, 11, 27), 20))
    record = queries.training_record(line)
    assert (record.days_total, record.days_done, record.unfinished) == (23, 22, (22,))
    assert record.mean_state == Decimal("4.0")
    assert {day.state for day in line.days if day.number != 22} == {DayState.DONE}
