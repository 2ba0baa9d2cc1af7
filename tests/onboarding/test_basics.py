"""Edition 2 of the programme: typing, calls and phrases are sat, and gates read the released sections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cstrain.bundled import bundled
from cstrain.exams import queries as exams
from cstrain.grading import service as grading
from cstrain.grading.band.queries import banded
from cstrain.grading.band.service import look
from cstrain.grading.facts import SectionScore
from cstrain.grading.live_queries import live_tasks
from cstrain.grading.queries import waiting_release
from cstrain.kernel.errors import NotFoundError
from cstrain.onboarding import service
from cstrain.onboarding.facts import Grade
from cstrain.onboarding.policy import OnboardingRules
from cstrain.onboarding.programme_source import shipped_programmes
from cstrain.onboarding.queries import timeline
from cstrain.onboarding.rules import gates
from cstrain.policies.loader import load
from cstrain.questions.queries import keyed_versions
from cstrain.questions.service import load_banks
from cstrain.unit_of_work import unit_of_work
from tests.factories import exams as make
from tests.factories.onboarding import LOADED_AT, at, make_enrolment, make_house
from tests.factories.people import make_person

RULES = load(OnboardingRules, "onboarding.yaml")
NEW_START = date(2026, 11, 10)
SHEETS = {"typing", "telephone", "quick_phrase", "oral", "mystery_customer"}


def editions():
    return {one.edition: one for one in shipped_programmes() if one.ref == "new-agent"}


def test_edition_2_differs_from_edition_1_in_nothing_but_the_sheets_it_replaces() -> None:
    first, second = editions()[1], editions()[2]
    assert second.effective_from == NEW_START
    for old, new in zip(first.days, second.days, strict=True):
        assert replace_papers(old) == replace_papers(new)
        assert SHEETS.isdisjoint(new.sheets)
        assert [one for one in old.sheets if one not in SHEETS] == list(new.sheets)
        assert set(old.exams) <= set(new.exams)
    added = {new.day: set(new.exams) - set(first.day(new.day).exams) for new in second.days}
    assert {day: refs for day, refs in added.items() if refs} == {
        1: {"basic-ability"},
        3: {"basic-ability-3"},
        6: {"quick-phrase"},
        8: {"oral-8"},
        10: {"mystery-customer"},
    }
    for old, new in zip(first.gates, second.gates, strict=True):
        assert old.proposals == new.proposals
        assert [check.sheet for check in old.checks] == [check.sheet for check in new.checks]


def replace_papers(day):
    return day.model_copy(update={"exams": (), "sheets": ()})


# rules


def section(**measures: str) -> SectionScore:
    return SectionScore(
        "打字", Decimal(30), Decimal(50), {name: Decimal(one) for name, one in measures.items()}
    )


@pytest.mark.parametrize(
    ("speed", "accuracy", "grade"),
    [
        ("40", "95", Grade.PASSED),
        ("39.99", "99", Grade.WEAK),
        ("60", "94.99", Grade.WEAK),
        ("25", "99", Grade.WEAK),
        ("24.99", "99", Grade.FAR_BELOW),
        ("0", "0", Grade.FAR_BELOW),
    ],
)
def test_a_typing_section_is_graded_by_what_was_measured(typed, speed, accuracy, grade) -> None:
    found = judge("typing", typed, section(speed=speed, accuracy=accuracy))
    assert found.grade is grade
    assert f"每分钟字数{speed}" in found.finding.says and "《小试卷》打字" in found.finding.says


@pytest.mark.parametrize(
    ("earned", "of", "grade"),
    [
        ("30", "50", Grade.PASSED),
        ("29.999", "50", Grade.WEAK),
        ("20", "50", Grade.WEAK),
        ("19.999", "50", Grade.FAR_BELOW),
        ("21", "35", Grade.PASSED),
    ],
)
def test_a_telephone_section_is_graded_by_its_share_of_the_marks(typed, earned, of, grade) -> None:
    part = SectionScore("电话沟通", Decimal(earned), Decimal(of), {})
    assert judge("telephone", typed, part).grade is grade


def test_before_the_paper_and_before_its_release_a_section_is_unknown(typed) -> None:
    assert "还没有考" in judge("typing", None, None).finding.says
    found = judge("typing", typed, None)
    assert found.grade is Grade.UNKNOWN and "成绩还没有发布" in found.finding.says
    assert judge("typing", typed, section()).grade is Grade.UNKNOWN


def judge(kind: str, score, part):
    return gates.judge_section(RULES.sheet(kind), RULES.threshold(kind), "小试卷", score, part)


@pytest.fixture
def typed(context):
    """A score as the rules take it; its own numbers do not matter."""
    from cstrain.grading.queries import score

    person = make_person()
    attempt = make.make_attempt(person)
    return replace(score(attempt, make.START), passed=False)


# the road of a new hire


@pytest.fixture
def house(app):
    with app.app_context():
        with unit_of_work():
            for name in ("basics", "service"):
                load_banks(LOADED_AT, bundled("question_banks") / name)
        yield make_house(starts_on=NEW_START)


@pytest.fixture
def enrolment(house):
    return make_enrolment(house, start=NEW_START)


def sit_basics(house, enrolment, typed_share: int = 100, aloud: int = 100) -> int:
    """Sit the first day's paper at ten and have the call marked; return the attempt."""
    now = at(NEW_START)
    person = timeline(enrolment, now).enrolment.person
    examiner = make_person("叶蓁", roles=["examiner"])
    sitting = next(one for one in exams.sittings_of(person) if one.paper.ref == "basic-ability")
    with unit_of_work():
        attempt = exam_start(person, sitting.id, now)
    slots = {slot.slot: slot.version_id for slot in exams.markable_slots(attempt)}
    keys = {slot: one.key for slot, one in ((n, keyed_versions([v])[v]) for n, v in slots.items())}
    passage = keys[1]["passage"]
    text = passage[: 180 * typed_share // 100]
    value = f'{{"text": "{text}", "ms": 180000}}'
    make.save(person, attempt, [make.event(1, value.replace("\n", " "), 1)], at=now)
    points = {one["id"]: Decimal(one["of"] * aloud) / 100 for one in keys[2]["rubric"]}
    with unit_of_work():
        grading.begin_live(examiner, now, attempt, 2)
    with unit_of_work():
        grading.finish_live(examiner, now, attempt, 2, points, "")
    make.submit(person, attempt, at=now)
    return attempt


def exam_start(person, sitting, now):
    from cstrain.exams import service as exam_service

    return exam_service.start(person, sitting, now, "tab")


def release(house, attempt, now) -> None:
    other = make_person("冯晓岚", roles=["hr_manager"])
    with unit_of_work():
        if any(near.must and near.waiting.attempt.id == attempt for near in banded(now)):
            look(house.hr, now, attempt, "看过")
        grading.propose_release(house.hr, now, [attempt])
    with unit_of_work():
        grading.confirm_release(other, now, [attempt])


def gate_of(enrolment, now, gate_id: str = "day-1"):
    return next(one for one in timeline(enrolment, now).gates if one.gate.id == gate_id)


def test_the_papers_of_basic_ability_are_arranged_with_the_plan(house, enrolment) -> None:
    person = timeline(enrolment, at(NEW_START)).enrolment.person
    arranged = {one.paper.ref for one in exams.sittings_of(person)}
    assert {"basic-ability", "basic-ability-3", "quick-phrase", "oral-8", "exam-day-3"} <= arranged
    with pytest.raises(NotFoundError), unit_of_work():
        service.enter_sheet(house.mentor, at(NEW_START), enrolment, 1, "typing", {}, "截图")


def test_a_gate_waits_for_the_release_and_then_reads_speed_and_marks(house, enrolment) -> None:
    now = at(NEW_START, 18)
    assert [one.grade for one in gate_of(enrolment, now).findings] == [Grade.UNKNOWN, Grade.UNKNOWN]
    attempt = sit_basics(house, enrolment, typed_share=60, aloud=80)
    before = gate_of(enrolment, now)
    assert before.proposal is None
    assert all("还没有发布" in one.finding.says for one in before.findings)
    release(house, attempt, now)
    typing, phone = gate_of(enrolment, now).findings
    assert (typing.grade, phone.grade) == (Grade.WEAK, Grade.PASSED)
    assert "每分钟字数36，准确率100%" in typing.finding.says
    assert "80分" in phone.finding.says
    assert gate_of(enrolment, now).proposal == "improve"


def test_far_below_at_the_first_gate_is_proposed_for_elimination(house, enrolment) -> None:
    now = at(NEW_START, 18)
    attempt = sit_basics(house, enrolment, typed_share=30, aloud=30)
    release(house, attempt, now)
    found = gate_of(enrolment, now)
    assert found.proposal == "eliminate" and found.waits


def test_a_day_is_done_without_sheets_once_its_papers_are_in(house, enrolment) -> None:
    sit_basics(house, enrolment)
    kinds = {task.ref for task in timeline(enrolment, at(NEW_START)).day(1).tasks if task.kind == "exam"}
    assert kinds == {"basic-ability"}
    assert not [task for task in timeline(enrolment, at(NEW_START)).day(1).missing() if task.kind == "exam"]
    assert live_tasks(at(NEW_START)) == []
    assert len(waiting_release(at(NEW_START))) == 1


def test_who_began_with_edition_1_goes_on_with_sheets(app) -> None:
    with app.app_context():
        house = make_house()
        enrolment = make_enrolment(house)
        line = timeline(enrolment, at(line_start()))
        assert line.programme.edition == 1
        assert set(line.day(1).spec.sheets) == {"typing", "telephone"}
        assert "还没有成绩单" in line.gates[0].findings[0].finding.says


def line_start() -> date:
    from tests.factories.onboarding import START_DATE

    return START_DATE + timedelta(days=1)
