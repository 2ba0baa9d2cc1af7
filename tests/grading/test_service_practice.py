"""Practice with a database: what is drawn, kept, told and refused; the book of wrong questions."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cstrain.exams import queries as exams
from cstrain.exams.models import Attempt
from cstrain.extensions import session
from cstrain.grading.analysis.queries import paper_counts
from cstrain.grading.models import Result
from cstrain.grading.practice import items, queries, service
from cstrain.grading.practice.facts import Mastery
from cstrain.grading.service import confirm_release, propose_release
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.questions.queries import keyed_versions
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.racing import race

DAY = timedelta(days=1)
LATER = START + timedelta(hours=1)


@pytest.fixture
def learner(context):
    return make_person()


@pytest.fixture
def bank(context):
    make.make_bank("daily", topics=("basics", "more"))
    make.make_paper("quiz", bank="daily", release="auto")


def right_value(run_id: int, place: int) -> str:
    asked = queries.question_at(run_id, place)
    version = keyed_versions([asked.version_id])[asked.version_id]
    options = version.key["right"] if asked.option_order else []
    shown = [str(asked.option_order.index(int(each))) for each in options]
    return json.dumps(
        {"single_choice": shown[:1] and shown[0], "multiple_choice": shown, "true_false": True,
         "fill_in": ["标准答案"], "number": "42"}[version.type]
    )  # fmt: skip


def draw(person, count=5, topics=(), seed=1, at=START) -> int:
    with unit_of_work():
        return service.draw(person, at, "daily", topics, count, seed)


def answer(person, run_id, place, value, at=START, **more) -> bool:
    with unit_of_work():
        return service.answer(person, at, run_id, place, value, **more)


def sit(person, wrong: int = 2):
    """A quiz with that many wrong answers, released at once."""
    sitting = make.make_sitting([person], "quiz")
    attempt = make.make_attempt(person, sitting)
    make.answer_right(person, attempt, range(1, 11 - wrong))
    make.submit(person, attempt)
    return attempt


def test_a_set_is_drawn_from_the_topics_that_were_chosen(bank, learner) -> None:
    run = draw(learner, 10, ["more"])
    found = queries.practice_set(learner, run)
    assert (found.count, found.kind, found.next_place) == (10, "draw", 1)
    pool = {each.question_id: each.topic for each in queries.open_pool()}
    assert {pool[items.item(learner, START, run, place).question_id] for place in range(1, 11)} == {"more"}


def test_the_key_comes_only_with_the_answer(bank, learner) -> None:
    run = draw(learner)
    before = repr(items.item(learner, START, run, 1))
    assert make.CANARY not in before and items.item(learner, START, run, 1).verdict is None
    assert answer(learner, run, 1, right_value(run, 1)) is True
    verdict = items.item(learner, START, run, 1).verdict
    assert verdict.right and verdict.explanation.startswith(make.CANARY)


def test_every_question_can_be_answered_rightly_and_the_set_ends(bank, learner) -> None:
    run = draw(learner, 20)
    assert all(answer(learner, run, place, right_value(run, place)) for place in range(1, 21))
    found = queries.practice_set(learner, run)
    assert (found.right, found.next_place) == (20, None)
    assert queries.summary(learner, START).today == 20
    assert queries.book(learner, START, None, 1).lines == ()


def test_a_place_is_answered_once(bank, learner) -> None:
    run = draw(learner)
    answer(learner, run, 1, right_value(run, 1))
    with pytest.raises(ConflictError):
        answer(learner, run, 1, '"0"')
    assert items.item(learner, START, run, 1).verdict.right


def test_two_answers_at_once_are_one(app, bank, learner) -> None:
    run = draw(learner)
    value = right_value(run, 1)
    won, refused = race(
        app,
        lambda: service.answer(learner, START, run, 1, value),
        lambda: service.answer(learner, START, run, 1, "null", give_up=True),
    )
    assert (len(won), len(refused)) == (1, 1)


def test_an_empty_answer_is_refused_but_one_may_ask_for_the_answer(bank, learner) -> None:
    run = draw(learner)
    with pytest.raises(DomainError, match="还没有作答"):
        answer(learner, run, 1, "null")
    assert answer(learner, run, 1, "null", give_up=True) is False
    verdict = items.item(learner, START, run, 1).verdict
    assert (verdict.given_up, verdict.right) == (True, False)


def test_a_foreign_set_is_missing(bank, learner) -> None:
    run, other = draw(learner), make_person("周子昂")
    for ask in (
        lambda: queries.practice_set(other, run),
        lambda: items.item(other, START, run, 1),
        lambda: answer(other, run, 1, "null", give_up=True),
        lambda: items.turn(other, START, run, 1, "null"),
    ):
        with pytest.raises(NotFoundError):
            ask()


@pytest.mark.parametrize("changes", [{"kind": "conversion"}, {"disjoint": True}, {"consequences": True}])
def test_a_bank_closed_by_a_serious_paper_is_gone_from_practice_and_from_the_book(
    bank, learner, changes
) -> None:
    sit(learner)
    run = draw(learner)
    assert len(queries.book(learner, START, None, 1).lines) == 2
    make.make_paper("serious", bank="daily", **changes)
    assert queries.open_banks() == [] and queries.book(learner, START, None, 1).lines == ()
    assert queries.summary(learner, START).due == 0
    with pytest.raises(DomainError):
        draw(learner)
    with pytest.raises(ConflictError):
        service.repeat_wrong(learner, START, 1)
    with pytest.raises(NotFoundError):
        items.item(learner, START, run, 1)


def test_there_is_no_practice_in_the_middle_of_an_exam(bank, learner) -> None:
    run = draw(learner)
    make.make_attempt(learner, make.make_sitting([learner], "quiz"))
    for ask in (
        lambda: draw(learner),
        lambda: answer(learner, run, 1, right_value(run, 1)),
        lambda: service.repeat_wrong(learner, START, 1),
    ):
        with pytest.raises(ConflictError):
            ask()


def test_the_book_takes_wrong_answers_of_released_results_only(bank, learner) -> None:
    sit(learner)
    found = queries.book(learner, START, None, 1)
    assert found.counts[Mastery.DUE] == 2
    assert all(line.standing.wrong_in_exams == 1 for line in found.lines)
    make.make_paper("slow", bank="daily", release="two_persons")
    sitting = make.make_sitting([learner], "slow")
    slow = make.make_attempt(learner, sitting)
    make.submit(learner, slow)
    unreleased = {place.question_id for place in exams.places([slow])}
    lines = queries.book(learner, START, None, 1).lines
    assert not unreleased & {line.standing.question_id for line in lines} and len(lines) <= 2


def test_wrong_questions_are_repeated_until_they_are_mastered(bank, learner) -> None:
    sit(learner, wrong=1)
    for day in (0, 3, 10):
        at = START + day * DAY
        with unit_of_work():
            run = service.repeat_wrong(learner, at, day)
        assert answer(learner, run, 1, right_value(run, 1), at)
    found = queries.book(learner, START + 10 * DAY, Mastery.MASTERED, 1)
    assert [line.standing.run for line in found.lines] == [3]
    assert queries.due_questions(learner, START + 30 * DAY) == []


def test_a_wrong_practised_answer_is_in_the_book_of_its_learner_alone(bank, learner) -> None:
    run, other = draw(learner), make_person("周子昂")
    answer(learner, run, 1, "null", give_up=True)
    assert queries.book(learner, START, None, 1).counts[Mastery.RESTING] == 1
    assert queries.book(learner, START + DAY, None, 1).counts[Mastery.DUE] == 1
    assert queries.book(other, START + DAY, None, 1).lines == ()


def test_practice_leaves_no_attempt_no_result_and_no_statistics(bank, learner) -> None:
    sit(learner)
    before = (session().query(Attempt).count(), session().query(Result).count(), paper_counts())
    run = draw(learner, 20)
    for place in range(1, 21):
        answer(learner, run, place, right_value(run, place), give_up=place % 2 == 0)
    assert (session().query(Attempt).count(), session().query(Result).count(), paper_counts()) == before


def test_the_book_has_pages(bank, learner, monkeypatch) -> None:
    run = draw(learner, 20)
    for place in range(1, 21):
        answer(learner, run, place, "null", give_up=True)
    monkeypatch.setattr(queries, "PAGE_SIZE", 8)
    pages = [queries.book(learner, START, None, page) for page in (1, 2, 3, 99)]
    assert [len(page.lines) for page in pages] == [8, 8, 4, 4] and pages[3].page == 3


def test_questions_of_an_unreleased_result_are_held_back_until_the_release(bank, learner) -> None:
    run = draw(learner, 20)
    make.make_paper("slow", bank="daily", release="two_persons")
    attempt = make.make_attempt(learner, make.make_sitting([learner], "slow"))
    make.submit(learner, attempt)
    asked = {slot.question_id for slot in exams.places([attempt])}
    assert asked == queries.held_back(learner, START)
    assert not asked & set(queries.pool_for(learner, START))
    places = [p for p in range(1, 21) if queries.question_at(run, p).question_id in asked]
    assert places
    for place in places:
        with pytest.raises(ConflictError):
            items.item(learner, START, run, place)
        with pytest.raises(ConflictError):
            answer(learner, run, place, right_value(run, place))
    staff = [make_person(name, roles=["trainer"]) for name in ("甲", "乙")]
    with unit_of_work():
        propose_release(staff[0], START, [attempt])
    with unit_of_work():
        confirm_release(staff[1], START, [attempt])
    assert queries.held_back(learner, START) == frozenset()
    assert queries.summary(learner, START).due == 10
