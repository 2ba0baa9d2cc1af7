"""Passes that relied on a changed section, sitting again, and decisions that nobody need."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cstrain.audit.models import AuditEntry
from cstrain.grading.retests import queries, service
from cstrain.grading.retests.facts import Arrangement, Stage
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.lessons.queries import lesson_change
from cstrain.people.service import leave_company
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories import exams as make
from tests.factories.credentials import make_papers, make_pass
from tests.factories.people import make_leave, make_person
from tests.factories.sources import CHANGED, REF, load_lesson, name_source
from tests.racing import race

PAPER = "gap-machine"
DAY = timedelta(days=1)
CHANGED_AT = START + 20 * DAY
LATER = START + 22 * DAY
"""Late enough to sit the paper again, by its own rules."""

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def two() -> tuple[int, int]:
    return make_person("周敏", roles=["trainer"]), make_person("吴刚", roles=["trainer"])


@pytest.fixture
def lessons(tmp_path):
    load_lesson(tmp_path)
    make_papers(PAPER)
    name_source(f"{REF}#查订单")
    return tmp_path


@pytest.fixture
def holder(lessons, two) -> int:
    person = make_person("林晓雯")
    make_pass(person, two, PAPER)
    return person


def change(folder) -> None:
    load_lesson(folder, CHANGED, CHANGED_AT)


def lines(at=LATER):
    return [line for group in queries.relying(lesson_change(REF, 2), at) for line in group.lines]


def wanted(*people, opens=LATER + DAY) -> Arrangement:
    return Arrangement(PAPER, people, opens, opens + timedelta(hours=2), "三楼", "重考", None)


def arrange(actor, *people, at=LATER) -> int:
    with unit_of_work():
        return service.arrange(actor, at, REF, 2, wanted(*people))


def waive(actor, attempts, reason="改动不影响操作") -> int:
    with unit_of_work():
        return service.waive(actor, LATER, REF, 2, attempts, reason)


def test_a_pass_relied_on_what_was_asked_before_the_change(lessons, holder) -> None:
    change(lessons)
    (line,) = lines()
    assert (line.person.id, line.paper_ref, line.stage) == (holder, PAPER, Stage.DUE)
    assert (line.touched.questions, line.touched.marks) == (2, Decimal(20))
    assert line.enough == (line.raw - line.touched.earned >= 80)


def test_another_section_concerns_nobody(lessons, holder) -> None:
    from tests.factories.lessons import BODY

    load_lesson(lessons, BODY.replace("没核对就回答", "没有核对就回答"), CHANGED_AT)
    assert lines() == []


def test_a_pass_from_after_the_change_relies_on_nothing_old(lessons, two) -> None:
    change(lessons)
    make_pass(make_person(), two, PAPER, at=LATER)
    assert lines(LATER + DAY) == []


def test_who_did_not_pass_relies_on_nothing(lessons, two) -> None:
    make_pass(make_person(), two, PAPER, right=2)
    change(lessons)
    assert lines() == []


def test_who_passed_again_since_is_done(lessons, holder, two) -> None:
    change(lessons)
    make_pass(holder, two, PAPER, at=LATER)
    (line,) = lines(LATER + DAY)
    assert line.stage is Stage.PASSED and line.passed_on == date(2026, 12, 12)


def test_who_left_or_is_on_long_leave_is_named_apart(lessons, holder, two) -> None:
    away, gone = make_person("请假的"), make_person("离职的")
    for person in (away, gone):
        make_pass(person, two, PAPER)
    change(lessons)
    make_leave(away, date(2026, 12, 1), date(2027, 1, 31))
    with unit_of_work():
        leave_company(two[0], START, gone, date(2026, 11, 30), "另谋高就")
    assert {line.person.id: line.stage for line in lines()} == {
        holder: Stage.DUE,
        away: Stage.AWAY,
        gone: Stage.LEFT,
    }
    (group,) = queries.relying(lesson_change(REF, 2), LATER)
    assert [line.person.id for line in group.to_retest] == [holder]


def test_a_sitting_is_arranged_by_the_rules_of_exams(lessons, holder, two) -> None:
    change(lessons)
    made = arrange(two[0], holder)
    assert [line.stage for line in lines()] == [Stage.ARRANGED]
    (sitting,) = queries.sittings(lesson_change(REF, 2), LATER)
    assert (sitting.id, sitting.candidates, sitting.sat, sitting.place) == (made, 1, 0, "三楼")
    at = LATER + DAY
    attempt = make.make_attempt(holder, made, at)
    make.submit(holder, attempt, at)
    (sitting,) = queries.sittings(lesson_change(REF, 2), at)
    assert sitting.sat == 1 and [line.stage for line in lines(at)] == [Stage.SAT]


def test_nothing_is_revoked_by_a_change_or_an_arrangement(lessons, holder, two) -> None:
    from cstrain.grading.credentials.queries import passed_people

    change(lessons)
    arrange(two[0], holder)
    assert passed_people([PAPER], [holder], LATER)[PAPER] == {holder}


def test_arranging_refuses_oneself_nobody_strangers_and_twice(lessons, holder, two) -> None:
    make_pass(two[0], (holder, two[1]), PAPER)
    change(lessons)
    with pytest.raises(ForbiddenError):
        arrange(two[0], two[0])
    with pytest.raises(DomainError, match="没有选择"):
        arrange(two[0])
    with pytest.raises(ConflictError, match="不受这次改动影响"):
        arrange(two[0], make_person())
    arrange(two[0], holder)
    with pytest.raises(ConflictError, match="已经安排过"):
        arrange(two[1], holder)


def test_a_cancelled_sitting_leaves_people_to_be_arranged_again(lessons, holder, two) -> None:
    from cstrain.exams import service as exams

    change(lessons)
    made = arrange(two[0], holder)
    with unit_of_work():
        exams.cancel(two[0], LATER, made, "换时间")
    assert [line.stage for line in lines()] == [Stage.DUE]
    arrange(two[0], holder)


def test_somebody_decides_that_no_sitting_is_needed_and_says_why(lessons, holder, two) -> None:
    from cstrain.extensions import session

    change(lessons)
    attempt = lines()[0].attempt_id
    assert waive(two[0], [attempt]) == 1
    (line,) = lines()
    assert line.stage is Stage.WAIVED and line.waiver.reason == "改动不影响操作"
    assert session().query(AuditEntry).filter_by(action="retest.waive").count() == 1
    with pytest.raises(ConflictError):
        waive(two[1], [attempt])
    arrange(two[0], holder)


def test_nobody_lets_themself_off_and_nobody_who_is_not_concerned(lessons, holder, two) -> None:
    change(lessons)
    attempt = lines()[0].attempt_id
    with pytest.raises(ForbiddenError):
        waive(holder, [attempt])
    for wrong in ([], [999_999], [attempt, 999_999]):
        with pytest.raises(ConflictError):
            waive(two[0], wrong)


def test_two_at_once_arrange_one_sitting(app, lessons, holder, two) -> None:
    change(lessons)
    winners, refused = race(
        app,
        lambda: service.arrange(two[0], LATER, REF, 2, wanted(holder)),
        lambda: service.arrange(two[1], LATER, REF, 2, wanted(holder)),
    )
    assert len(winners) == len(refused) == 1
    assert len(queries.sittings(lesson_change(REF, 2), LATER)) == 1


def test_a_ready_sitting_takes_what_the_paper_takes_and_the_place_of_last_time(lessons, holder, two) -> None:
    found = queries.draft(PAPER, two[0], LATER)
    assert (found.place, found.minutes) == ("三楼培训室", 30)
    assert found.closes_at - found.opens_at == timedelta(minutes=90) and found.opens_at > LATER


def test_the_number_of_statements_does_not_grow_with_the_people(app, lessons, holder, two) -> None:
    for _ in range(3):
        make_pass(make_person(), two, PAPER)
    change(lessons)
    found = lesson_change(REF, 2)
    with counted(app) as statements:
        queries.relying(found, LATER)
    assert len(statements) <= 26, len(statements)
