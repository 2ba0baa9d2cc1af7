"""The whole company as it stands on its last day: every state that is to be seen is there, honestly made."""

from __future__ import annotations

from datetime import timedelta

import pytest

pytestmark = pytest.mark.slow


def timeline_of(company, staff_no):
    from cstrain.extensions import now
    from cstrain.onboarding.queries import latest_enrolment_of, timeline

    found = latest_enrolment_of(company.one(staff_no))
    return timeline(found.id, now())


def case_of(company, staff_no):
    from cstrain.extensions import now
    from cstrain.onboarding.conversion.queries import case_for_enrolment, case_view

    return case_view(case_for_enrolment(timeline_of(company, staff_no).enrolment.id).id, now())


@pytest.mark.parametrize(
    ("staff_no", "day"),
    [
        ("HM050", 1),
        ("HM049", 2),
        ("HM048", 3),
        ("HM051", 4),
        ("HM047", 5),
        ("HM045", 8),
        ("HM044", 9),
        ("HM043", 12),
        ("HM042", 16),
        ("HM041", 17),
        ("HM040", 19),
        ("HM039", 22),
        ("HM038", 23),
    ],
)
def test_the_trainee_is_on_the_day_the_story_says(company, staff_no, day):
    found = timeline_of(company, staff_no).current
    assert (found.number, found.on_day) == (day, company.today)


def test_there_are_departments_mentors_and_cohorts_enough(company):
    from cstrain.extensions import now
    from cstrain.onboarding.queries import cohorts, loads, open_enrolments
    from cstrain.people.queries import departments

    assert len(departments()) >= 8
    assert len(open_enrolments()) >= 14
    assert len(cohorts()) >= 4
    held = loads(company.today)
    assert len(held) >= 6
    assert set(held.values()) == {1, 2, 3}
    assert now().date() == company.today


def test_the_showcase_has_late_days_an_unsigned_one_and_a_failed_exam(company):
    found = timeline_of(company, "HM041")
    assert {day.number for day in found.days if day.state == "late"} == {9, 14}
    assert [day.number for day in found.unsigned] == [16]
    failed = [score.attempt.paper.ref for score in found.scores if score.passed is False]
    assert "exam-day-6" in failed
    twelfth = found.day(12).sign
    assert (twelfth.capacity, twelfth.signed_by) == ("substitute", company.one("HM014"))


def test_late_and_out_of_order_signatures_are_marked(company):
    found = timeline_of(company, "HM044")
    assert found.late_days == 3
    assert [day.number for day in found.unsigned] == [6, 7, 8]


def test_a_guide_day_waits_for_the_mentor(company):
    day = timeline_of(company, "HM042").day(15)
    assert day.sign.capacity == "guide"
    assert day.sign.mentor_seen_at is None
    assert not day.done


def test_somebody_has_no_mentor(company):
    assert timeline_of(company, "HM049").mentor is None


def test_a_gate_waits_for_a_decision_on_a_sheet_below_the_threshold(company):
    gate = next(gate for gate in timeline_of(company, "HM047").gates if gate.gate.id == "day-3")
    assert gate.waits
    assert gate.proposal == "eliminate"


def test_the_newest_cohort_sits_basic_ability_and_the_one_before_has_sheets(company):
    newest, before = timeline_of(company, "HM045"), timeline_of(company, "HM041")
    assert (newest.programme.edition, before.programme.edition) == (2, 1)
    says = [each.finding.says for gate in newest.gates[:2] for each in gate.findings]
    assert len(says) == 5 and all("基础能力" in each for each in says)
    assert [gate.decided.decision for gate in newest.gates[:2]] == ["continue", "higher_demands"]
    assert {sheet.kind for sheet in newest.sheets} == {"observation"}
    assert {"typing", "telephone", "quick_phrase", "oral"} <= {sheet.kind for sheet in before.sheets}


def test_leave_moved_the_days_that_had_not_begun(company):
    from cstrain.onboarding.queries import replans_of
    from cstrain.people.queries import work_plan

    found = timeline_of(company, "HM046")
    moved = replans_of(found.enrolment.id)
    assert {number for number, _from, _to in moved[0].moved()} == set(range(8, 24))
    assert not work_plan(company.one("HM046")).is_rostered(company.today)


def test_who_failed_one_paper_waits_for_its_resit_on_a_coming_day(company):
    from cstrain.extensions import local_date

    view = case_of(company, "HM037")
    assert view.proposal.failed == ("conversion-oa",)
    line = next(line for line in view.papers if line.ref == "conversion-oa")
    assert line.sitting.kind == "resit"
    assert local_date(line.sitting.opens_at) > company.today
    assert view.trainings


def test_papers_wait_for_the_second_person_to_release_them(company):
    from cstrain.extensions import now
    from cstrain.grading.queries import waiting_release

    waiting = [one for one in waiting_release(now()) if one.attempt.person_id == company.one("HM038")]
    assert {one.attempt.paper.ref for one in waiting} == {
        "conversion-product",
        "conversion-rules",
        "conversion-oa",
    }
    assert {one.proposed_by for one in waiting} == {company.one("HM005")}


def test_a_chain_of_opinions_is_under_way_and_a_stand_in_may_speak(company):
    from cstrain.approvals.queries import waiting_for
    from cstrain.extensions import now

    view = case_of(company, "HM036")
    assert [one.state for one in view.chain.opinions] == ["given", "given", "given", "due", "ahead"]
    stand_in = waiting_for(company.one("HM002"), now())
    assert [(one.chain.about_id, one.for_person_id) for one in stand_in] == [
        (company.one("HM036"), company.one("HM003"))
    ]


def test_one_is_extended_with_consent_inside_the_law(company):
    view = case_of(company, "HM033")
    assert view.case.outcome == "extend_probation"
    assert view.consent.until == view.case.extended_until == view.contract.probation_end
    assert view.case.is_open


def test_one_is_eliminated_with_an_answer_on_file(company):
    from cstrain.onboarding.conversion.queries import documents_of, eliminations
    from cstrain.people.queries import get_person

    (one,) = eliminations()
    assert (one.person_id, one.state) == (company.one("HM035"), "decided")
    assert one.answer
    assert documents_of(f"elimination:{one.id}")
    assert get_person(one.person_id, company.today).status == "left"


@pytest.mark.parametrize(
    ("staff_no", "outcome", "resits"),
    [
        ("HM030", "convert_next_day", 0),
        ("HM031", "convert_after_one_month", 1),
        ("HM034", "convert_next_day", 0),
    ],
)
def test_the_converted_have_their_form_their_level_and_their_history(company, staff_no, outcome, resits):
    from cstrain.exams.queries import shared_questions
    from cstrain.onboarding.conversion.queries import archived, documents_of, verify
    from cstrain.people.queries import get_person, history_of

    view = case_of(company, staff_no)
    assert view.case.outcome == outcome
    (form,) = documents_of(f"conversion:{view.case.id}")
    assert archived(form.id)[1].startswith(b"%PDF")
    assert verify(view.decision.id)
    assert get_person(company.one(staff_no), company.today).level == "junior"
    assert [one.status for one in history_of(company.one(staff_no))] == ["converted", "probation"]
    again = [(line.first, one) for line in view.papers for one in line.resits]
    assert len(again) == resits
    assert all(shared_questions(first.attempt_id, one.attempt_id) == 0 for first, one in again)


def test_earlier_agents_have_levels_and_the_leaver_has_gone(company):
    from cstrain.people.queries import account_of, everybody, get_person

    levels = {facts.level for facts in everybody(company.today) if facts.level}
    assert levels == {"junior", "intermediate", "senior"}
    assert get_person(company.one("HM026"), company.today).status == "left"
    assert account_of(company.one("HM026")).closed_at is not None


def test_an_appeal_is_open_and_one_person_has_not_acknowledged_a_document(company):
    from cstrain.grading.queries import appeals
    from cstrain.rulebook.queries import tracking

    assert [one.person_id for one in appeals(state="open")] == [company.one("HM040")]
    missing = {
        one.document.ref: [person.staff_no for person in one.waiting] for one in tracking(company.today)
    }
    assert missing.pop("exam-rules") == ["HM043", "HM050"]
    assert {number for numbers in missing.values() for number in numbers} == {"HM050"}


def test_notices_and_checks_of_signatures_are_there(company):
    from cstrain.notifications.queries import unread
    from cstrain.onboarding.queries import samples

    waiting = [unread(person) for person in company.people.values()]
    assert any(waiting) and max(waiting) < 10
    assert samples(waiting=True)
    assert samples(waiting=False)


def test_the_audit_chain_is_whole_and_never_runs_backwards(company):
    from cstrain.audit.queries import all_entries, verify

    assert verify().faults == ()
    instants = [entry.at for entry in all_entries()]
    assert instants == sorted(instants)
    assert instants[-1] - instants[0] > timedelta(days=149)


def test_a_second_start_does_nothing_and_tells_the_same_log_ins(demo):
    from cstrain.audit.queries import head
    from cstrain.demo.service import ensure_demo, log_ins

    with demo.app.app_context():
        before = head()
    again = ensure_demo(demo.app, demo.clock, demo.today + timedelta(days=3))
    assert (again.built, again.log_ins) == (False, log_ins())
    with demo.app.app_context():
        assert head() == before


def test_everybody_printed_may_log_in_without_a_second_factor(demo):
    from cstrain.demo.service import log_ins
    from cstrain.people.accounts import needs_second_factor
    from cstrain.people.queries import account_of, roles_of

    with demo.app.test_request_context():
        for one in log_ins():
            person = demo.world.one(one.staff_no)
            assert account_of(person).has_password
            assert roles_of(person, demo.today)
            assert not needs_second_factor(person)


def test_cases_of_the_management_exam_wait_for_markers_who_do_not_always_agree(company):
    from cstrain.extensions import now
    from cstrain.grading.written import queries

    waiting = [queries.waiting_count(company.one(number), now()) for number in ("HM009", "HM010", "HM029")]
    assert all(each >= 2 for each in waiting)
    assert len(queries.marked_twice(now() - timedelta(days=90))) >= 10
    tasks = queries.open_tasks(now())
    assert {len(task.marks) for task in tasks} == {0, 1}


def test_the_management_exam_of_some_weeks_ago_is_released_and_somebody_failed(company):
    from cstrain.extensions import now
    from cstrain.grading.queries import scores

    people = [company.one(f"HM{number:03d}") for number in (*range(13, 19), 21, 22)]
    every = [score for each in scores(people, now()).values() for score in each]
    found = [score.passed for score in every if score.attempt.paper.ref == "management-ability"]
    assert len(found) == 8 and set(found) == {True, False}


def test_one_agent_meets_the_conditions_of_an_exemption_and_one_has_no_evidence(company):
    from cstrain.extensions import now
    from cstrain.grading.credentials import queries as credentials
    from cstrain.kernel.finding import State

    at = now()
    waiting = credentials.exemptions_for(company.one("HM005"), at)
    found = {
        one.person_id: credentials.finding_for(one.person_id, one.paper_ref, one.asked_on, at).state
        for one in waiting
    }
    assert found == {company.one("HM023"): State.MET, company.one("HM024"): State.UNKNOWN}


def test_a_choice_is_on_public_notice_and_joint_assessments_have_all_their_offices(company):
    from cstrain.extensions import db
    from cstrain.performance.assessment.models import AssessmentRating
    from cstrain.promotion.competition.queries import candidates_of, notice_of, notices_of

    notices = [one for number in (1, 2) for one in notices_of(number).values()]
    assert [one.outcome for one in notices] == [None]
    chosen = next(one for one in candidates_of([1]) if notice_of(one.id) is not None)
    assert chosen.person == notices[0].person and notices[0].last_day >= company.today
    rated = {row.office for row in db.session.query(AssessmentRating)}
    assert rated == {"qc", "vip", "leader"}
