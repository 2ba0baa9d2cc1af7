"""Release by two persons, changes by two persons, appeals in time and decided by somebody else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from cstrain.exams import jobs
from cstrain.extensions import session
from cstrain.grading import queries, service
from cstrain.grading.events import result_changed, result_released
from cstrain.grading.models import MarkChange, Release, Result
from cstrain.grading.service.marking import judge
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make

pytestmark = pytest.mark.usefixtures("context")
DAY = timedelta(days=1)


def act(function, *arguments, at=START, **options):
    first, *rest = arguments
    with unit_of_work():
        return function(first, at, *rest, **options)


@pytest.fixture
def released(attempt, staff):
    act(service.propose_release, staff[0], [attempt])
    act(service.confirm_release, staff[1], [attempt])
    return attempt


def listen(signal):
    """Collect what a signal says until the test ends; returns the list and how to stop."""
    heard: list[object] = []
    signal.connect(heard.append)
    return heard, lambda: signal._listeners.remove(heard.append)


# --- marking


def test_handing_in_marks_once(person, attempt) -> None:
    assert session().query(Result).count() == 1
    with unit_of_work():
        service.mark_attempt(attempt, START)
    assert session().query(Result).count() == 1
    assert session().query(Result).one().raw == 80


def test_marking_again_from_the_log_gives_the_same_bytes(attempt) -> None:
    result = session().query(Result).one()
    again = judge(attempt, queries.score(attempt, START).attempt.paper.id)
    assert again.digest == result.digest and again.raw == result.raw


def test_running_out_of_time_is_marked_too(person) -> None:
    made = make.make_attempt(person)
    make.answer_right(person, made)
    jobs.run(START + DAY)
    assert session().query(Result).one().raw == 100


def test_an_open_attempt_is_not_marked(person) -> None:
    made = make.make_attempt(person)
    with pytest.raises(ConflictError), unit_of_work():
        service.mark_attempt(made, START)


# --- release


def test_before_release_nobody_sees_a_mark(person, attempt) -> None:
    (score,) = queries.scores_of(person, START)
    assert (score.raw, score.shown, score.passed, score.released_at) == (None, None, None, None)
    with pytest.raises(NotFoundError):
        queries.slot_results(attempt, START)


def test_a_quiz_shows_its_result_at_once(person) -> None:
    made = make.make_attempt(person, release="auto", kind="quiz")
    make.answer_right(person, made)
    heard, stop = listen(result_released)
    try:
        make.submit(person, made)
    finally:
        stop()
    (score,) = queries.scores_of(person, START)
    assert score.passed and score.shown == 100 and len(heard) == 1
    assert len(queries.slot_results(made, START)) == 10


def test_one_person_cannot_release(attempt, staff) -> None:
    act(service.propose_release, staff[0], [attempt])
    with pytest.raises(ForbiddenError):
        act(service.confirm_release, staff[0], [attempt])
    assert queries.score(attempt, START).released_at is None


def test_two_persons_release_and_the_candidate_is_told(person, attempt, staff) -> None:
    from cstrain.notifications.models import Notice

    heard, stop = listen(result_released)
    try:
        act(service.propose_release, staff[0], [attempt])
        act(service.confirm_release, staff[1], [attempt])
    finally:
        stop()
    score = queries.score(attempt, START)
    assert score.passed and score.shown == 80 and len(heard) == 1
    notices = session().query(Notice).filter_by(person_id=person, url=f"/results/{attempt}").count()
    assert notices == 1
    with pytest.raises(ConflictError):
        act(service.confirm_release, staff[2], [attempt])
    with pytest.raises(ConflictError):
        act(service.propose_release, staff[2], [attempt])


def test_nobody_releases_their_own(person, attempt, staff) -> None:
    for function in (service.propose_release, service.confirm_release):
        with pytest.raises(ForbiddenError):
            act(function, person, [attempt])


def test_nothing_is_confirmed_that_nobody_proposed(attempt, staff) -> None:
    with pytest.raises(ConflictError):
        act(service.confirm_release, staff[0], [attempt])


def test_an_open_attempt_is_not_released(person, staff) -> None:
    made = make.make_attempt(person)
    with pytest.raises(ConflictError):
        act(service.propose_release, staff[0], [made])


def test_the_database_itself_refuses_one_person_in_both_places(attempt, staff) -> None:
    with pytest.raises(sa.exc.IntegrityError), unit_of_work() as db:
        db.add(
            Release(
                attempt_id=attempt,
                proposed_by=staff[0],
                proposed_at=START,
                released_by=staff[0],
                released_at=START,
            )
        )
    with pytest.raises(sa.exc.IntegrityError), unit_of_work() as db:
        db.add(
            MarkChange(
                attempt_id=attempt,
                slot=1,
                earned=Decimal(1),
                reason="x",
                proposed_by=staff[0],
                proposed_at=START,
                confirmed_by=staff[0],
                confirmed_at=START,
            )
        )


# --- appeals


def appeal(person, attempt, slot: int | None = 9, reason: str = "我的答案也对", at=START) -> int:
    return act(service.file_appeal, person, attempt, slot, reason, at=at)


def test_an_appeal_is_possible_through_the_third_working_day_and_not_longer(person, released) -> None:
    last = queries.deadline_of(released, person)
    assert last == date(2026, 11, 24)  # released on Friday 20 November; Saturday works, Sunday does not
    late = START + (last - START.date() + timedelta(days=1)) * 1
    with pytest.raises(ConflictError, match="已经过了"):
        appeal(person, released, at=late)
    assert appeal(person, released, at=late - DAY)


def test_before_release_there_is_nothing_to_appeal(person, attempt) -> None:
    assert queries.deadline_of(attempt, person) is None
    with pytest.raises(NotFoundError):
        appeal(person, attempt)


def test_only_ones_own_result_is_appealed(released, staff) -> None:
    with pytest.raises(NotFoundError):
        appeal(staff[0], released)


@pytest.mark.parametrize(("slot", "reason"), [(9, "  "), (11, "没有这道题"), (0, "没有这道题")])
def test_an_appeal_needs_a_reason_and_a_question_that_exists(person, released, slot, reason) -> None:
    with pytest.raises(DomainError):
        appeal(person, released, slot, reason)


def test_one_appeal_at_a_time(person, released, staff) -> None:
    first = appeal(person, released)
    with pytest.raises(ConflictError):
        appeal(person, released)
    act(service.decide_appeal, staff[2], first, upheld=False, decision="答案没有写出单位。")
    assert appeal(person, released, None, "再看看第二题")


def test_who_was_involved_does_not_decide(person, released, staff) -> None:
    number = appeal(person, released)
    for nobody in (person, staff[0], staff[1]):
        with pytest.raises(ForbiddenError):
            act(service.decide_appeal, nobody, number, upheld=True, decision="对")
    with pytest.raises(DomainError):
        act(service.decide_appeal, staff[2], number, upheld=True, decision=" ")
    act(service.decide_appeal, staff[2], number, upheld=True, decision="第9题的答案也对。")
    found = queries.appeal(number)
    assert (found.state, found.decided_by, found.decision) == ("upheld", staff[2], "第9题的答案也对。")
    with pytest.raises(ConflictError):
        act(service.decide_appeal, staff[3], number, upheld=False, decision="不对")


# --- changing a mark


def test_a_mark_is_changed_by_two_persons_and_the_old_marking_stays(person, released, staff) -> None:
    heard, stop = listen(result_changed)
    try:
        number = act(service.propose_change, staff[2], released, 9, Decimal(10), "答案也对")
        for nobody in (staff[2], person):
            with pytest.raises(ForbiddenError):
                act(service.confirm_change, nobody, number)
        assert queries.score(released, START).raw == 80
        act(service.confirm_change, staff[3], number)
    finally:
        stop()
    assert queries.score(released, START).raw == 90 and len(heard) == 1
    assert [row.raw for row in queries.markings(released)] == [80, 90]
    with pytest.raises(ConflictError):
        act(service.confirm_change, staff[1], number)
    assert queries.open_changes() == []


def test_a_refused_change_changes_nothing(released, staff) -> None:
    number = act(service.propose_change, staff[2], released, 9, Decimal(10), "答案也对")
    act(service.refuse_change, staff[3], number)
    assert queries.score(released, START).raw == 80 and queries.open_changes() == []
    for again in (service.confirm_change, service.refuse_change):
        with pytest.raises(ConflictError):
            act(again, staff[1], number)


@pytest.mark.parametrize(
    ("slot", "earned", "reason"), [(9, "10.001", "x"), (9, "-1", "x"), (11, "1", "x"), (9, "5", " ")]
)
def test_a_change_stays_within_the_question(released, staff, slot, earned, reason) -> None:
    with pytest.raises(DomainError):
        act(service.propose_change, staff[2], released, slot, Decimal(earned), reason)


def test_nobody_changes_their_own_mark(person, released) -> None:
    with pytest.raises(ForbiddenError):
        act(service.propose_change, person, released, 9, Decimal(10), "我")


def test_a_change_can_fail_who_had_passed(person, released, staff) -> None:
    number = act(service.propose_change, staff[2], released, 1, Decimal("9.999"), "多给了")
    act(service.confirm_change, staff[3], number)
    score = queries.score(released, START)
    assert score.raw == Decimal("79.999") and not score.passed and score.shown == Decimal("79.9")


def test_missing_things_are_not_found(staff) -> None:
    for function in (service.confirm_change, service.refuse_change):
        with pytest.raises(NotFoundError):
            act(function, staff[0], 99)
    with pytest.raises(NotFoundError):
        act(service.decide_appeal, staff[0], 99, upheld=True, decision="x")
    for query in (queries.appeal, queries.change):
        with pytest.raises(NotFoundError):
            query(99)
