from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.finding import State
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.facts import Capacity, DayState, EnrolmentState, Grade, SheetFacts, TaskKind
from cstrain.onboarding.policy import Activity, DaySpec, OnboardingRules, Programme
from cstrain.onboarding.rules import days, gates, risk, sample, sheets, signing
from cstrain.policies.loader import SHIPPED, load
from cstrain.policies.yaml_source import read, validate

RULES = load(OnboardingRules, "onboarding.yaml")
NEW_AGENT = validate(Programme, read(SHIPPED / "programmes" / "new-agent.yaml"))
TODAY = date(2026, 11, 20)
TRAINEE, MENTOR, SUBSTITUTE, GUIDE, STRANGER = (PersonId(number) for number in range(1, 6))

SITUATION = signing.SignSituation(
    trainee=TRAINEE,
    mentor=MENTOR,
    substitutes=frozenset({SUBSTITUTE}),
    guide=GUIDE,
    signed_by="mentor",
    place="",
    state=EnrolmentState.ACTIVE,
    on_day=TODAY,
    today=TODAY,
    confirmed=True,
    signed=False,
)
GUIDED = replace(SITUATION, signed_by="guide", place="仓储部")


def request(state: int | None = 4, remark: str = "很好") -> signing.SignRequest:
    return signing.SignRequest(1, 4, state, remark)


def refused(actor: PersonId, situation: signing.SignSituation = SITUATION, **kwargs) -> DomainError | None:
    return signing.refusal(actor, request(**kwargs), situation, 2)


@pytest.mark.parametrize(
    ("actor", "situation", "capacity"),
    [
        (MENTOR, SITUATION, Capacity.MENTOR),
        (SUBSTITUTE, SITUATION, Capacity.SUBSTITUTE),
        (GUIDE, SITUATION, None),
        (STRANGER, SITUATION, None),
        (TRAINEE, SITUATION, None),
        (GUIDE, GUIDED, Capacity.GUIDE),
        (MENTOR, GUIDED, None),
        (SUBSTITUTE, GUIDED, None),
    ],
)
def test_who_may_sign_in_which_capacity(actor, situation, capacity):
    assert signing.capacity_of(actor, situation) is capacity
    assert (refused(actor, situation) is None) == (capacity is not None)


@pytest.mark.parametrize("office", ["mentor", "guide"])
def test_nobody_signs_their_own_day_in_any_office(office):
    own = replace(
        SITUATION, signed_by=office, mentor=TRAINEE, substitutes=frozenset({TRAINEE}), guide=TRAINEE
    )
    assert isinstance(refused(TRAINEE, own), ForbiddenError)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": EnrolmentState.CLOSED}, "已经结束"),
        ({"state": EnrolmentState.TRANSFERRED}, "已经结束"),
        ({"signed": True}, "已经签核过"),
        ({"on_day": TODAY + timedelta(days=1)}, "还没到"),
        ({"confirmed": False}, "还没有确认"),
    ],
)
def test_what_cannot_be_signed_yet_says_why(change, words):
    why = refused(MENTOR, replace(SITUATION, **change))
    assert isinstance(why, ConflictError)
    assert words in str(why)


@pytest.mark.parametrize("state", [None, 0, 6, -1])
def test_a_work_state_from_one_to_five_is_needed(state):
    assert "工作状态" in str(refused(MENTOR, state=state))


@pytest.mark.parametrize("state", [1, 2])
def test_a_low_work_state_needs_a_remark(state):
    assert "还没写评语" in str(refused(MENTOR, state=state, remark="  "))
    assert refused(MENTOR, state=state, remark="备注要写全") is None


@pytest.mark.parametrize("state", [3, 4, 5])
def test_a_good_work_state_needs_none(state):
    assert refused(MENTOR, state=state, remark="") is None


def test_a_guide_day_without_guide_names_the_place_and_who_to_ask():
    assert "人力资源部" in str(refused(MENTOR, replace(GUIDED, guide=None)))
    assert "请导师查看" in str(refused(MENTOR, GUIDED))


@given(
    actor=st.integers(1, 6),
    people=st.tuples(*[st.integers(1, 6)] * 4),
    office=st.sampled_from(["mentor", "guide"]),
    state=st.one_of(st.none(), st.integers(-1, 7)),
    confirmed=st.booleans(),
    offset=st.integers(-3, 3),
)
def test_an_accepted_signature_is_never_ones_own_and_always_by_the_right_person(
    actor, people, office, state, confirmed, offset
):
    trainee, mentor, substitute, guide = (PersonId(one) for one in people)
    situation = replace(
        SITUATION,
        trainee=trainee,
        mentor=mentor,
        substitutes=frozenset({substitute}),
        guide=guide,
        signed_by=office,
        confirmed=confirmed,
        on_day=TODAY + timedelta(days=offset),
    )
    if signing.refusal(PersonId(actor), request(state=state), situation, 2) is None:
        assert actor != trainee
        assert actor in ({guide} if office == "guide" else {mentor, substitute})
        assert confirmed and offset <= 0 and state in {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("on_day", "grace", "late"),
    [(TODAY, 0, 0), (TODAY - timedelta(days=1), 0, 1), (TODAY - timedelta(days=1), 1, 0), (TODAY, 3, 0)],
)
def test_lateness_counts_calendar_days_beyond_the_grace(on_day, grace, late):
    assert signing.days_late(on_day, TODAY, grace) == late


def test_a_signature_is_out_of_order_while_an_earlier_day_is_unsigned():
    assert signing.is_out_of_order(3, {1: True, 2: False, 3: False})
    assert not signing.is_out_of_order(3, {1: True, 2: True, 3: False, 4: False})


SPEC = DaySpec(
    day=4,
    title="仓库里的一天",
    lessons=("day-04",),
    activities=(
        Activity(id="visit", kind="visit", title="走一遍"),
        Activity(id="talk", kind="talk", title="答疑", by="mentor"),
        Activity(id="extra", kind="talk", title="加餐", required=False),
    ),
    quiz="quiz-day-4",
    exams=("exam-day-5",),
    sheets=("observation",),
    signed_by="guide",
    place="仓储部",
)
TITLES = days.Titles({"day-04": "仓库"}, {"quiz-day-4": "小测"}, {"observation": "当天观察"})
FULL = days.DayWork(
    read=frozenset({"day-04"}),
    ticked=frozenset({"visit", "talk"}),
    attempted=frozenset({"quiz-day-4", "exam-day-5"}),
    sheets=frozenset({"observation"}),
    confirmed=True,
    signed=True,
    seen=True,
)


def test_a_day_is_done_only_when_every_required_part_is():
    assert days.is_done(days.tasks(SPEC, FULL, TITLES))


@pytest.mark.parametrize(
    "change",
    [
        {"read": frozenset()},
        {"ticked": frozenset({"visit"})},
        {"ticked": frozenset({"talk"})},
        {"attempted": frozenset({"exam-day-5"})},
        {"attempted": frozenset({"quiz-day-4"})},
        {"sheets": frozenset()},
        {"confirmed": False},
        {"signed": False},
        {"seen": False},
    ],
)
def test_each_missing_part_keeps_the_day_open(change):
    assert not days.is_done(days.tasks(SPEC, replace(FULL, **change), TITLES))


def test_the_trainee_confirms_without_waiting_for_mentor_or_examiner():
    work = replace(FULL, ticked=frozenset({"visit"}), sheets=frozenset(), confirmed=False, signed=False)
    parts = days.tasks(SPEC, work, TITLES)
    assert days.trainee_lacks(parts) == ()
    days.check_confirm(parts, confirmed=False)


def test_a_confirmation_names_what_is_missing():
    parts = days.tasks(SPEC, days.DayWork(), TITLES)
    with pytest.raises(DomainError, match=r"4项.*仓库.*走一遍.*小测"):
        days.check_confirm(parts, confirmed=False)
    with pytest.raises(ConflictError):
        days.check_confirm(parts, confirmed=True)


def test_only_guide_days_have_the_mentors_look():
    kinds = [task.kind for task in days.tasks(SPEC.model_copy(update={"signed_by": "mentor"}), FULL, TITLES)]
    assert TaskKind.SEE not in kinds and TaskKind.SIGN in kinds


@pytest.mark.parametrize(
    ("done", "late", "offset", "is_exam", "closed", "state"),
    [
        (True, False, -1, False, False, DayState.DONE),
        (True, True, -1, True, False, DayState.LATE),
        (True, False, 0, False, True, DayState.DONE),
        (False, False, 0, True, False, DayState.TODAY),
        (False, False, -1, True, False, DayState.WAIT),
        (False, False, 1, True, False, DayState.EXAM),
        (False, False, 1, False, False, DayState.LOCKED),
        (False, False, 1, True, True, DayState.SKIPPED),
        (False, False, -1, False, True, DayState.SKIPPED),
    ],
)
def test_how_a_day_stands_on_the_strip(done, late, offset, is_exam, closed, state):
    found = days.day_state(
        done=done,
        late=late,
        on_day=TODAY + timedelta(days=offset),
        today=TODAY,
        is_exam=is_exam,
        closed_on=TODAY if closed else None,
    )
    assert found is state


@pytest.mark.parametrize(
    ("state", "offset", "words"),
    [
        (EnrolmentState.PAUSED, 0, "暂停"),
        (EnrolmentState.CLOSED, 0, "结束"),
        (EnrolmentState.ACTIVE, 1, "还没开放"),
    ],
)
def test_a_day_that_is_not_open_says_why(state, offset, words):
    with pytest.raises(ConflictError, match=words):
        days.check_open(state, TODAY + timedelta(days=offset), TODAY, 5)
    days.check_open(EnrolmentState.ACTIVE, TODAY - timedelta(days=9), TODAY, 5)


@pytest.mark.parametrize(
    ("speed", "accuracy", "grade"),
    [
        ("40", "95", Grade.PASSED),
        ("39.9", "99", Grade.WEAK),
        ("60", "94.9", Grade.WEAK),
        ("25", "95", Grade.WEAK),
        ("24.9", "100", Grade.FAR_BELOW),
        (None, "95", Grade.UNKNOWN),
        ("50", None, Grade.UNKNOWN),
    ],
)
def test_typing_counts_at_95_percent_accuracy(speed, accuracy, grade):
    threshold = RULES.threshold("typing")
    given_marks = {"speed": speed, "accuracy": accuracy}
    marks = {name: Decimal(value) for name, value in given_marks.items() if value is not None}
    assert gates.grade_sheet(threshold, marks, None) is grade


@pytest.mark.parametrize(
    ("total", "grade"),
    [("60", Grade.PASSED), ("59.5", Grade.WEAK), ("40", Grade.WEAK), ("39.5", Grade.FAR_BELOW)],
)
def test_telephone_is_weak_below_60_and_far_below_under_40(total, grade):
    assert gates.grade_sheet(RULES.threshold("telephone"), {}, Decimal(total)) is grade


@pytest.mark.parametrize(
    ("gate_id", "grades", "proposal"),
    [
        ("day-1", [Grade.PASSED, Grade.PASSED], "continue"),
        ("day-1", [Grade.PASSED, Grade.WEAK], "improve"),
        ("day-1", [Grade.WEAK, Grade.FAR_BELOW], "eliminate"),
        ("day-1", [Grade.PASSED, Grade.UNKNOWN], None),
        ("day-1", [Grade.FAR_BELOW, Grade.UNKNOWN], "eliminate"),
        ("day-3", [Grade.PASSED] * 3, "higher_demands"),
        ("day-3", [Grade.PASSED, Grade.PASSED, Grade.WEAK], "eliminate"),
        ("day-8", [Grade.FAR_BELOW, Grade.PASSED, Grade.PASSED], "improve"),
        ("day-22", [Grade.PASSED] * 3, "convert_next_day"),
        ("day-22", [Grade.PASSED, Grade.WEAK, Grade.PASSED], "resit"),
        ("resit", [Grade.PASSED, Grade.WEAK, Grade.PASSED], "plan"),
        ("day-1", [], None),
    ],
)
def test_a_gate_proposes_for_the_worst_grade(gate_id, grades, proposal):
    assert gates.propose(NEW_AGENT.gate(gate_id), grades) == proposal


def _sheet(**marks: str) -> SheetFacts:
    return SheetFacts(
        7,
        1,
        1,
        "typing",
        {name: Decimal(value) for name, value in marks.items()},
        None,
        "",
        2,
        None,
        None,
        "",
        False,
    )


def test_a_finding_repeats_the_numbers_and_names_the_clause():
    found = gates.judge_sheet(
        RULES.sheet("typing"), RULES.threshold("typing"), _sheet(speed="28", accuracy="96"), 3
    )
    assert found.grade is Grade.WEAK
    assert found.finding.state is State.NOT_MET
    assert found.finding.says == "第3天打字测试每分钟字数28，准确率96%，未达到合格线40且准确率95%。"
    assert "40" in found.finding.clause
    assert found.finding.records[0].ref == "7"


def test_a_missing_sheet_is_unknown_never_a_no():
    found = gates.judge_sheet(RULES.sheet("typing"), RULES.threshold("typing"), None, 1)
    assert found.finding.state is State.UNKNOWN


def test_the_sample_is_deterministic_and_about_a_tenth():
    keys = [f"{enrolment}/{day}/9/2026" for enrolment in range(200) for day in range(1, 24)]
    drawn = [key for key in keys if sample.in_sample(key, Decimal("0.1"))]
    assert drawn == [key for key in keys if sample.in_sample(key, Decimal("0.1"))]
    assert 0.08 < len(drawn) / len(keys) < 0.12
    assert not any(sample.in_sample(key, Decimal(0)) for key in keys)
    assert all(sample.in_sample(key, Decimal(1)) for key in keys)


def test_a_sheet_needs_every_number_in_range_and_evidence():
    spec = RULES.sheet("typing")
    good = {"speed": Decimal(41), "accuracy": Decimal("96.5")}
    assert sheets.check_marks(spec, good, "截图3号") == good
    with pytest.raises(DomainError, match="准确率没有填"):
        sheets.check_marks(spec, {"speed": Decimal(41), "accuracy": None}, "截图3号")
    with pytest.raises(DomainError, match="只能填0到100"):
        sheets.check_marks(spec, {**good, "accuracy": Decimal(101)}, "截图3号")
    with pytest.raises(DomainError, match="只能填"):
        sheets.check_marks(spec, {**good, "accuracy": Decimal("NaN")}, "截图3号")
    with pytest.raises(DomainError, match="没有写依据"):
        sheets.check_marks(spec, good, " ")


def test_every_sheet_of_judged_items_is_out_of_a_hundred():
    for spec in RULES.sheets:
        assert spec.total in {None, Decimal(100)}, spec.kind


@pytest.mark.parametrize(
    ("facts", "group", "reasons"),
    [
        (risk.RiskFacts(), "fine", 0),
        (risk.RiskFacts(gate_waiting="第1天基础能力"), "act", 1),
        (risk.RiskFacts(has_mentor=False), "act", 1),
        (risk.RiskFacts(unsigned_days=3), "act", 1),
        (risk.RiskFacts(unsigned_days=2), "watch", 1),
        (risk.RiskFacts(late_days=3), "watch", 1),
        (risk.RiskFacts(late_days=2), "fine", 0),
        (risk.RiskFacts(mean_state=Decimal("2.9")), "watch", 1),
        (risk.RiskFacts(mean_state=Decimal("3.0")), "fine", 0),
        (risk.RiskFacts(over_window=2), "watch", 1),
        (risk.RiskFacts(failed_papers=(("第8天综合考试", Decimal("79.5")),)), "watch", 1),
        (risk.RiskFacts(mentor_load=4, mentor_cap=3), "watch", 1),
        (risk.RiskFacts(mentor_load=3, mentor_cap=3), "fine", 0),
        (risk.RiskFacts(paused=True), "watch", 1),
        (risk.RiskFacts(noted_group="act"), "act", 0),
        (risk.RiskFacts(noted_group="watch", has_mentor=False), "act", 1),
    ],
)
def test_the_board_groups_by_what_is_urgent(facts, group, reasons):
    found, why = risk.judge(facts, RULES.board)
    assert (found, len(why)) == (group, reasons)
