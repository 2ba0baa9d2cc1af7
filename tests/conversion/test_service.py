"""The road from the conversion exam to a decision, on the shipped papers and banks."""

from datetime import date, timedelta

import pytest

from cstrain.approvals import queries as approvals
from cstrain.exams import queries as exams
from cstrain.kernel.errors import DomainError, ForbiddenError
from cstrain.kernel.finding import State
from cstrain.onboarding.conversion import documents, queries, service
from cstrain.onboarding.conversion.facts import Outcome, Violations
from cstrain.onboarding.conversion.queries import records
from cstrain.people import queries as people
from cstrain.people.facts import Level, Status
from cstrain.performance.discipline import service as discipline
from cstrain.unit_of_work import unit_of_work
from tests.factories import conversion as road
from tests.factories import people as make
from tests.factories.discipline import make_entry

pytestmark = pytest.mark.usefixtures("context")
EXAM, HIRED, END, at = road.EXAM, road.HIRED, road.END, road.at


@pytest.fixture
def office():
    made = road.make_office()
    road.arrange(made)
    return made


def sittings(office, kind):
    found = exams.sittings_of(office.trainee, kinds=(kind,))
    return {one.paper.ref: one for one in reversed(found)}


def test_arranging_day_22_opens_the_case_and_sets_three_papers(office):
    found = sittings(office, "conversion")
    assert sorted(found) == ["conversion-oa", "conversion-product", "conversion-rules"]
    assert found["conversion-product"].opens_at == at(EXAM, 9)
    case = queries.case_for_enrolment(office.enrolment)
    assert case.violations is Violations.UNKNOWN
    with pytest.raises(DomainError, match="已经安排过"), unit_of_work():
        service.schedule_conversion(office.hr, at(HIRED), office.enrolment)


def test_nobody_arranges_or_decides_their_own_conversion(office):
    with pytest.raises(ForbiddenError), unit_of_work():
        service.state_violations(office.trainee, at(EXAM), office.case, Violations.NONE)
    with pytest.raises(ForbiddenError), unit_of_work():
        service.propose_decision(office.trainee, at(EXAM), office.case, Outcome.NEXT_DAY, "我觉得可以")


def test_papers_after_the_agreed_end_are_refused():
    made = road.make_office(probation_end=EXAM - timedelta(days=1))
    with pytest.raises(DomainError, match="试用期截止日"), unit_of_work():
        service.schedule_conversion(made.hr, at(HIRED), made.enrolment)


def test_three_passes_convert_on_the_next_day_though_signatures_come_later(office):
    road.take_exam(office)
    view = queries.case_view(office.case, at(EXAM, 18))
    assert view.proposal.outcome is Outcome.NEXT_DAY
    assert view.case.proposed is Outcome.NEXT_DAY
    later = at(EXAM + timedelta(days=6))
    with pytest.raises(DomainError, match="违纪"), unit_of_work():
        service.propose_decision(office.hr, later, office.case, Outcome.NEXT_DAY, "都及格")
    road.state_no_violation(office, later)
    with unit_of_work():
        service.write_summary(
            office.trainee, later, office.case, "学完了全部课程，能独立接待售后会话，OA流程已熟。"
        )
    decision = road.decide(office, later, "convert_next_day")
    day = EXAM + timedelta(days=1)
    assert people.get_person(office.trainee, EXAM).status is Status.PROBATION
    person = people.get_person(office.trainee, day)
    assert (person.status, person.level) == (Status.CONVERTED, Level.JUNIOR)
    assert queries.verify(decision)
    case = queries.case(office.case)
    assert (case.outcome, case.effective_on, case.is_open) == (Outcome.NEXT_DAY, day, False)
    documents = queries.documents_of(f"conversion:{office.case}")
    facts, content = queries.archived(documents[0].id)
    assert content.startswith(b"%PDF")
    assert facts.filename.endswith(".pdf")


def test_a_failed_paper_is_sat_again_on_the_second_rostered_day_with_new_questions(office):
    first = road.take_exam(office, failed=("oa",))
    view = queries.case_view(office.case, at(EXAM, 18))
    assert view.proposal.outcome is Outcome.TRAIN_AND_RESIT
    resits = sittings(office, "resit")
    assert list(resits) == ["conversion-oa"]
    assert resits["conversion-oa"].opens_at == at(
        date(2026, 11, 21), 14
    )  # Thursday's release: Friday, Saturday
    again = road.sit(office, "conversion-oa", right=True, kind="resit")
    assert exams.shared_questions(first["oa"], again) == 0
    road.release(office, [again], at(date(2026, 11, 21), 17))
    view = queries.case_view(office.case, at(date(2026, 11, 22)))
    assert (view.proposal.outcome, view.proposal.effective_on) == (Outcome.AFTER_MONTH, date(2026, 11, 26))
    road.state_no_violation(office, at(date(2026, 11, 23)))
    road.decide(office, at(date(2026, 11, 24)), "convert_after_one_month")
    assert people.get_person(office.trainee, date(2026, 11, 25)).status is Status.PROBATION
    assert people.get_person(office.trainee, date(2026, 11, 26)).level is Level.JUNIOR


def test_leave_moves_the_resit_to_the_next_rostered_day(office):
    make.make_leave(office.trainee, date(2026, 11, 20), date(2026, 11, 21), at=at(EXAM, 8))
    road.take_exam(office, failed=("oa",))
    assert sittings(office, "resit")["conversion-oa"].opens_at == at(date(2026, 11, 24), 14)


def test_a_resit_beyond_the_agreed_end_is_not_arranged_and_hr_is_told():
    made = road.make_office(probation_end=EXAM + timedelta(days=1))
    road.arrange(made)
    road.take_exam(made, failed=("oa",))
    case = queries.case(made.case)
    assert sittings(made, "resit") == {}
    assert "晚于试用期截止日" in case.blocked
    assert [one.kind for one in queries.waiting_decisions(at(EXAM, 18))] == ["blocked"]


def test_a_bank_too_shallow_for_the_resit_blocks_it_with_the_numbers(office, monkeypatch):
    from cstrain.exams.service import arrange

    road.take_exam(office)  # all passed: nothing to resit
    assert sittings(office, "resit") == {}
    other = road.make_office(name="吴思远")
    road.arrange(other)
    attempts = {
        bank: road.sit(other, f"conversion-{bank}", right=bank != "oa") for bank in ("product", "rules", "oa")
    }
    monkeypatch.setattr(arrange, "pool", lambda bank: [])
    road.release(other, list(attempts.values()), at(EXAM, 17))
    assert "还缺" in queries.case(other.case).blocked


def extend(office, until, now):
    with unit_of_work():
        service.offer_extension(office.hr, now, office.case, until)
    with unit_of_work():
        service.record_consent(
            office.hr, now, office.case, until, now.astimezone(road.ZONE).date(), "纸质同意书，档案号12"
        )
    road.decide(office, now, "extend_probation", until=until)


def fail_resit(office):
    road.take_exam(office, failed=("oa",))
    again = road.sit(office, "conversion-oa", right=False, kind="resit")
    road.release(office, [again], at(date(2026, 11, 21), 17))
    road.state_no_violation(office, at(date(2026, 11, 23)))


def test_a_failed_resit_extends_probation_with_consent_and_one_more_resit(office):
    fail_resit(office)
    now = at(date(2026, 11, 24))
    view = queries.case_view(office.case, now)
    assert (view.proposal.outcome, view.proposal.until) == (Outcome.EXTEND, date(2027, 4, 25))
    with pytest.raises(DomainError, match="书面记录"), unit_of_work():
        service.propose_decision(
            office.hr, now, office.case, Outcome.EXTEND, "再给一次机会", date(2027, 1, 25)
        )
    extend(office, date(2027, 1, 25), now)
    contract = people.contract_of(office.trainee, date(2026, 12, 1))
    assert contract.probation_end == date(2027, 1, 25)
    case = queries.case(office.case)
    assert (case.extended_until, case.is_open) == (date(2027, 1, 25), True)
    view = queries.case_view(office.case, now)
    assert view.proposal.outcome is Outcome.TRAIN_AND_RESIT
    with unit_of_work():
        service.arrange_paper(office.hr, now, office.case, "conversion-oa", date(2026, 12, 10))
    third = road.sit(office, "conversion-oa", right=True, kind="resit")
    road.release(office, [third], at(date(2026, 12, 10), 17))
    road.decide(office, at(date(2026, 12, 11)), "convert_after_one_month")
    assert people.get_person(office.trainee, date(2026, 12, 11)).status is Status.CONVERTED
    attempts = [
        one.id for one in exams.attempts_of([office.trainee], at(END)) if one.paper.ref == "conversion-oa"
    ]
    assert len(attempts) == 3
    assert all(exams.shared_questions(a, b) == 0 for a in attempts for b in attempts if a < b)


def test_the_employee_may_consent_online_only_to_what_was_offered(office):
    fail_resit(office)
    now, today = at(date(2026, 11, 24)), date(2026, 11, 24)
    with pytest.raises(DomainError, match="公司提出"), unit_of_work():
        service.record_consent(office.trainee, now, office.case, date(2027, 3, 1), today, "本人在线同意")
    with unit_of_work():
        service.offer_extension(office.hr, now, office.case, date(2027, 3, 1))
    with unit_of_work():
        service.record_consent(office.trainee, now, office.case, date(2027, 3, 1), today, "本人在线同意")
    assert records.consent_of(office.case).until == date(2027, 3, 1)


def test_a_disagreeing_office_needs_a_reason_from_the_second_person(office):
    road.take_exam(office)
    now = at(EXAM + timedelta(days=1))
    road.state_no_violation(office, now)
    with unit_of_work():
        service.propose_decision(office.hr, now, office.case, Outcome.NEXT_DAY, "都及格")
    with pytest.raises(DomainError, match="还有意见没有填"), unit_of_work():
        service.confirm_decision(office.hr_manager, now, office.case)
    road.give_all(office, now, verdict="disagree")
    with pytest.raises(ForbiddenError, match="你提出的"), unit_of_work():
        service.confirm_decision(office.hr, now, office.case)
    with pytest.raises(DomainError, match="不同意"), unit_of_work():
        service.confirm_decision(office.hr_manager, now, office.case)
    with unit_of_work():
        service.confirm_decision(office.hr_manager, now, office.case, "三卷都及格，按制度转正")
    assert "按制度转正" in queries.decisions_of(office.case)[0].reason


def test_a_refused_decision_can_be_proposed_again_with_fresh_opinions(office):
    road.take_exam(office)
    now = at(EXAM + timedelta(days=1))
    road.state_no_violation(office, now)
    with unit_of_work():
        service.propose_decision(office.hr, now, office.case, Outcome.NEXT_DAY, "都及格")
    with unit_of_work():
        service.refuse_decision(office.gm, now, office.case, "请补充小结")
    road.decide(office, now, "convert_next_day")
    assert queries.case(office.case).outcome is Outcome.NEXT_DAY


def test_a_choice_against_the_proposal_needs_a_real_reason(office):
    road.take_exam(office, failed=("oa",))
    now = at(EXAM + timedelta(days=1))
    road.state_no_violation(office, now)
    with pytest.raises(DomainError, match="至少10个字"), unit_of_work():
        service.propose_decision(office.hr, now, office.case, Outcome.NEXT_DAY, "可以")


def test_an_appeal_that_succeeds_cancels_the_unstarted_resit(office):
    from cstrain.grading import service as grading

    attempts = road.take_exam(office, failed=("oa",))
    assert not sittings(office, "resit")["conversion-oa"].cancelled
    trainer = make.make_person("韩雪", roles=["trainer"])
    for slot in exams.markable_slots(attempts["oa"]):
        with unit_of_work():
            change = grading.propose_change(
                office.hr, at(EXAM, 19), attempts["oa"], slot.slot, slot.marks, "申诉成立"
            )
        with unit_of_work():
            grading.confirm_change(trainer, at(EXAM, 20), change)
    assert sittings(office, "resit") == {}
    view = queries.case_view(office.case, at(EXAM, 21))
    assert (view.proposal.outcome, view.proposal.effective_on) == (Outcome.NEXT_DAY, EXAM + timedelta(days=1))


def entry(**more):
    from cstrain.onboarding.conversion.rules.elimination import EliminationInput

    values = {
        "condition": "转正三卷每卷达到80分",
        "acknowledged_on": HIRED,
        "evidence": "OA首考与补考成绩",
        "union_notice": "无工会",
        "reasons": "OA两次考试都没有及格。",
        "last_day": date(2026, 11, 30),
    }
    return EliminationInput(**(values | more))


def test_an_elimination_is_answered_confirmed_by_a_second_person_and_archived(office):
    fail_resit(office)
    now = at(date(2026, 11, 24))
    with unit_of_work():
        number = service.propose_elimination(office.hr, now, office.enrolment, entry())
    with unit_of_work():
        service.answer_elimination(office.trainee, now, number, "我希望再给一次机会。")
    with pytest.raises(DomainError, match="还有意见没有填"), unit_of_work():
        service.confirm_elimination(office.hr_manager, now, number)
    road.give_all(office, now)
    with pytest.raises(ForbiddenError), unit_of_work():
        service.confirm_elimination(office.hr, now, number)
    with unit_of_work():
        service.confirm_elimination(office.hr_manager, now, number)
    one = queries.elimination(number)
    assert (one.state, one.answer, one.letter_no) == ("decided", "我希望再给一次机会。", "BYZZ-2026-001")
    assert people.get_person(office.trainee, date(2026, 12, 1)).status is Status.LEFT
    assert queries.case(office.case).outcome is Outcome.ELIMINATE
    assert len(queries.documents_of(f"elimination:{number}")) == 1
    assert len(queries.documents_of(f"conversion:{office.case}")) == 1


def test_an_elimination_before_any_case_needs_two_persons_and_no_chain():
    made = road.make_office(signed=3)
    now = at(date(2026, 10, 29))
    with unit_of_work():
        number = service.propose_elimination(made.hr, now, made.enrolment, entry(last_day=date(2026, 10, 30)))
    assert approvals.chain(f"elimination:{number}") is None
    with unit_of_work():
        service.confirm_elimination(made.supervisor, now, number)
    assert people.get_person(made.trainee, date(2026, 10, 31)).status is Status.LEFT


def test_a_refused_elimination_lets_the_case_go_on(office):
    fail_resit(office)
    now = at(date(2026, 11, 24))
    with unit_of_work():
        number = service.propose_elimination(office.hr, now, office.enrolment, entry())
    with unit_of_work():
        service.refuse_elimination(office.hr_manager, now, number, "先谈延长")
    extend(office, date(2027, 1, 25), now)
    assert queries.case(office.case).extended_until == date(2027, 1, 25)


def test_an_elimination_after_the_agreed_end_is_refused(office):
    fail_resit(office)
    with pytest.raises(DomainError, match="视为转正"), unit_of_work():
        service.propose_elimination(office.hr, at(END + timedelta(days=1)), office.enrolment, entry())


def test_a_probation_that_ends_undecided_converts_by_lapse_and_is_never_extended(office):
    from cstrain.onboarding.conversion.jobs import run

    road.take_exam(office, failed=("oa",))
    assert run(at(END, 23)) == 0
    assert run(at(END + timedelta(days=1))) == 1
    assert run(at(END + timedelta(days=1), 10)) == 0
    person = people.get_person(office.trainee, END + timedelta(days=1))
    assert (person.status, person.level) == (Status.CONVERTED, Level.JUNIOR)
    case = queries.case(office.case)
    assert (case.outcome, case.is_open) == (Outcome.LAPSED, False)
    assert queries.verify(queries.decisions_of(office.case)[0].id)
    assert "视为转正" in people.history_of(office.trainee)[0].reason


def test_signatures_after_the_lapse_still_make_a_proposed_conversion_effective_earlier(office):
    from cstrain.onboarding.conversion.jobs import run

    road.take_exam(office)
    now = at(EXAM + timedelta(days=2))
    road.state_no_violation(office, now)
    with unit_of_work():
        service.propose_decision(office.hr, now, office.case, Outcome.NEXT_DAY, "都及格")
    late = at(END + timedelta(days=2))
    assert run(late) == 1
    road.give_all(office, late)
    with unit_of_work():
        service.confirm_decision(office.hr_manager, late, office.case)
    assert people.get_person(office.trainee, EXAM + timedelta(days=1)).status is Status.CONVERTED


def test_the_end_of_probation_is_reminded_of_at_7_3_and_1_days_with_escalation(office):
    from cstrain.onboarding.conversion.jobs import probation_ends

    assert probation_ends(at(END - timedelta(days=8))) == []
    told = {
        days: {due.person for due in probation_ends(at(END - timedelta(days=days)))} for days in (7, 3, 1)
    }
    assert told[7] == {office.hr, office.hr_manager, office.supervisor}
    assert told[3] >= told[7] | {office.gm_office}
    keys = {due.key for days in (7, 5, 3, 2, 1, 0) for due in probation_ends(at(END - timedelta(days=days)))}
    assert len([key for key in keys if key.endswith(f":{office.hr}")]) == 3


def test_nobody_is_reminded_of_a_decided_probation(office):
    from cstrain.onboarding.conversion.jobs import probation_ends

    road.take_exam(office)
    now = at(EXAM + timedelta(days=1))
    road.state_no_violation(office, now)
    road.decide(office, now, "convert_next_day")
    assert probation_ends(at(END - timedelta(days=3))) == []


def test_papers_that_are_not_arranged_are_reminded_of_in_working_days_and_escalated():
    from cstrain.onboarding.conversion.jobs import exams_to_arrange

    made = road.make_office()
    assert exams_to_arrange(at(date(2026, 11, 12))) == []  # six working days before
    first = exams_to_arrange(at(date(2026, 11, 13)))  # five: a Sunday lies between
    assert {due.person for due in first} == {made.hr, made.hr_manager}
    assert {due.url for due in first} == {f"/conversions/enrolments/{made.enrolment}/papers"}
    assert first[0].values == {"name": "陈嘉豪", "day": EXAM, "left": 5, "papers": 3}
    second = exams_to_arrange(at(date(2026, 11, 16)))
    assert {due.person for due in second} == {made.hr, made.hr_manager, made.supervisor}
    assert [due.url for due in second if due.person == made.supervisor] == [f"/enrolments/{made.enrolment}"]
    days = [EXAM + timedelta(days=number) for number in range(-6, 3)]
    dues = [due for day in days for due in exams_to_arrange(at(day))]
    assert len({due.key for due in dues if due.person == made.hr}) == 4  # 5, 3, 1, and once it is over
    assert "是今天" in exams_to_arrange(at(EXAM))[0].message
    assert "本应在" in exams_to_arrange(at(EXAM + timedelta(days=1)))[0].message
    road.arrange(made)
    assert exams_to_arrange(at(EXAM - timedelta(days=1))) == []


def test_what_asked_to_arrange_is_read_once_it_is_done():
    from cstrain.notifications.queries import notices
    from cstrain.notifications.service import run_reminders

    made = road.make_office()
    run_reminders(at(date(2026, 11, 13)))
    asked = [one for one in notices(made.hr).notices if "还没有安排" in one.message]
    assert [(one.due_on, one.read_at) for one in asked] == [(EXAM, None)]
    road.arrange(made)
    assert all(one.read_at for one in notices(made.hr).notices if "还没有安排" in one.message)
    told = [one for one in notices(made.trainee).notices if "考试" in one.message]
    assert sum("转正考试安排在" in one.message for one in told) == 1
    assert [one.values["n"] for one in told if "最近安排" in one.message] == [5]  # the exams of days 3 to 18


def test_a_paper_whose_sitting_was_cancelled_is_to_be_arranged_again(office):
    from cstrain.exams import service as exam_service
    from cstrain.onboarding.conversion.jobs import exams_to_arrange

    soon = at(EXAM - timedelta(days=2))
    with unit_of_work():
        exam_service.cancel(office.hr, soon, sittings(office, "conversion")["conversion-oa"].id, "停电")
    due = next(due for due in exams_to_arrange(soon) if due.person == office.hr)
    assert due.values["papers"] == 1 and due.url == f"/conversions/{office.case}"


def test_the_papers_keep_their_hours_when_the_days_move(office):
    from tests.factories.people import make_leave

    make_leave(office.trainee, EXAM, EXAM, at=at(EXAM - timedelta(days=1)))
    moved = sittings(office, "conversion")
    after = EXAM + timedelta(days=1)
    assert {ref: one.opens_at for ref, one in moved.items() if not one.cancelled} == {
        "conversion-product": at(after, 9),
        "conversion-rules": at(after, 10, 30),
        "conversion-oa": at(after, 14),
    }


def test_a_missed_paper_is_told_to_hr_and_can_be_arranged_again(office):
    from cstrain.onboarding.conversion.jobs import missed_sittings

    later = at(EXAM + timedelta(days=1))
    assert {due.values["paper"] for due in missed_sittings(later)} == {"产品", "规则", "OA"}
    with unit_of_work():
        service.arrange_paper(office.hr, later, office.case, "conversion-oa", EXAM + timedelta(days=2))
    assert sittings(office, "conversion")["conversion-oa"].opens_at > later


def test_who_leaves_during_probation_closes_the_case_and_the_opinions(office):
    from cstrain.people import service as people_service

    road.take_exam(office)
    now = at(EXAM + timedelta(days=1))
    road.state_no_violation(office, now)
    with unit_of_work():
        act = service.propose_decision(office.hr, now, office.case, Outcome.NEXT_DAY, "都及格")
    with unit_of_work():
        people_service.leave_company(office.hr, now, office.trainee, EXAM + timedelta(days=4), "辞职")
    assert not queries.case(office.case).is_open
    assert approvals.act(act).state == "refused"
    assert approvals.waiting_for(office.mentor, now) == []


def test_a_result_that_changes_after_the_decision_is_pointed_out_not_undone(office):
    from cstrain.grading.events import ResultReleased, result_changed
    from cstrain.notifications.queries import notices

    attempts = road.take_exam(office)
    now = at(EXAM + timedelta(days=1))
    road.state_no_violation(office, now)
    road.decide(office, now, "convert_next_day")
    with unit_of_work():
        result_changed.send(ResultReleased(attempts["oa"], office.trainee, "conversion-oa", False, now))
    assert queries.case(office.case).outcome is Outcome.NEXT_DAY
    assert any("复核" in one.message for one in notices(office.hr).notices)


def test_the_board_says_what_waits_and_why(office):
    road.take_exam(office, failed=("oa",))
    note = queries.board_notes([office.enrolment], at(EXAM, 18))[office.enrolment]
    assert (note.proposal, note.proposal_state, note.group) == ("专项培训后补考", "late", "watch")
    assert note.resit_says == "11月21日 周六 14:00"
    assert "OA" in note.resit_note
    assert [one.mark for one in note.opinions] == ["导", "部", "人", "办", "总"]
    assert note.progress == "等补考"


@pytest.mark.parametrize(
    ("kind", "ends_on", "probation_end", "words"),
    [
        ("fixed_term", date(2027, 10, 25), date(2027, 2, 25), "不得超过二个月"),
        ("task_based", None, date(2026, 11, 25), "不得约定试用期"),
        ("part_time", date(2029, 10, 25), date(2026, 11, 25), "非全日制"),
    ],
)
def test_a_contract_with_an_unlawful_probation_is_not_recorded(kind, ends_on, probation_end, words):
    person = make.make_person("郑凯", status="probation", hire_date=HIRED)
    with pytest.raises(DomainError, match=words):
        make.make_contract(person, kind, HIRED, ends_on, probation_end)
    assert people.contracts_of(person) == []


def test_a_second_probation_of_the_same_person_is_not_recorded():
    person = make.make_person("郑凯", hire_date=HIRED)
    make.make_contract(person, starts_on=HIRED, ends_on=date(2027, 10, 25), probation_end=date(2026, 12, 25))
    with pytest.raises(DomainError, match="只能约定一次试用期"):
        make.make_contract(
            person, starts_on=date(2027, 10, 26), ends_on=date(2030, 10, 25), probation_end=date(2027, 12, 25)
        )


def test_violations_of_the_register_count_beside_what_hr_states(office):
    def found():
        view = queries.case_view(office.case, at(EXAM, 18))
        return next(one for one in view.assessment.findings if one.kind == "no_violation"), view

    assert found()[0].state is State.UNKNOWN
    made = make_entry(
        office.hr, office.trainee, "violation", at=at(EXAM), day=EXAM - timedelta(days=1), text="迟到没有说明"
    )
    finding, view = found()
    assert finding.state is State.NOT_MET and "迟到没有说明" in finding.says
    assert documents.form_data(view)["records"][0][:2] == ["违纪", "违纪：迟到没有说明"]
    road.state_no_violation(office, at(EXAM))
    assert found()[0].state is State.NOT_MET
    with unit_of_work():
        discipline.withdraw(office.hr, at(EXAM, 12), made, "是另一位同事")
    assert found()[0].state is State.MET
