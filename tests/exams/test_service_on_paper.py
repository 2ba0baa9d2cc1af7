"""Sittings on paper with a database: given out, collected, entered twice, resolved, marked as usual."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cstrain.exams import queries as exams
from cstrain.exams import service as online
from cstrain.exams.models import AnswerEvent, Attempt, Exposure
from cstrain.exams.on_paper import queries, service
from cstrain.exams.on_paper.facts import CopyState
from cstrain.exams.on_paper.models import PaperCopy, PaperCopyQuestion, PaperEntry
from cstrain.exams.rules import receipt
from cstrain.extensions import session
from cstrain.grading import queries as grading
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories import papers
from tests.factories.chats import make_chat_paper
from tests.factories.papers import LATER, MINUTE
from tests.factories.people import make_person
from tests.racing import race


@dataclass
class Hall:
    person: int
    mate: int
    one: int
    two: int
    third: int
    sitting: int


@pytest.fixture
def hall(context):
    make.make_bank(each=8)
    make.make_paper(release="auto", disjoint=True)
    people = [make_person(name) for name in ("林晓雯", "周子昂")]
    staff = [make_person(name, roles=["invigilator"]) for name in ("甲", "乙", "丙")]
    return Hall(*people, *staff, make.make_sitting(people))


@pytest.fixture
def copy(hall):
    made = papers.give_out(hall.one, hall.sitting, hall.person)
    papers.take_in(hall.one, made)
    return made


def state(copy: int) -> CopyState:
    return queries.copy(copy).state


def scores(hall: Hall):
    return grading.scores_of(hall.person, LATER)


def test_two_who_read_the_same_make_the_attempt_and_it_is_marked(hall, copy) -> None:
    right = papers.right_answers(copy)
    assert papers.enter(hall.one, copy, right) is False and scores(hall) == []
    assert papers.enter(hall.two, copy, right) is True
    found = queries.copy(copy)
    (score,) = scores(hall)
    assert (found.state, found.attempt_id, score.raw) == (CopyState.SETTLED, score.attempt.id, 100)
    attempt = score.attempt
    assert (attempt.started_at, attempt.submitted_at) == (START, START + 25 * MINUTE)
    answers = {slot.slot: slot.value for slot in exams.markable_slots(attempt.id) if slot.value}
    assert attempt.receipt == receipt(attempt.id, answers, attempt.submitted_at)
    assert session().query(Exposure).filter_by(attempt_id=attempt.id).count() == 10


def test_the_timeline_says_that_it_was_on_paper_and_names_nobody(hall, copy) -> None:
    right = papers.right_answers(copy)
    papers.enter(hall.one, copy, right)
    papers.enter(hall.two, copy, right)
    moments = exams.timeline(queries.copy(copy).attempt_id)
    kinds = [moment.kind for moment in moments]
    assert kinds[0] == "paper_start" and {"paper_hand_in", "paper_entered"} <= set(kinds)
    assert all(set(moment.detail) <= {"copy", "differences", "answered", "receipt", "disposition", "events"}
               for moment in moments)  # fmt: skip


def test_the_printed_form_holds_no_key_and_the_attempt_is_the_printed_form(hall, copy) -> None:
    assert make.CANARY not in repr(queries.form(copy))
    right = papers.right_answers(copy)
    papers.enter(hall.one, copy, right)
    papers.enter(hall.two, copy, right)
    view = exams.taking_view(hall.person, queries.copy(copy).attempt_id, LATER)
    assert view.slots == queries.form(copy)


def test_a_difference_waits_and_neither_enterer_resolves_it_alone(hall, copy) -> None:
    right = papers.right_answers(copy)
    wrong = {**right, 3: "null"}
    papers.enter(hall.one, copy, right)
    assert papers.enter(hall.two, copy, wrong) is False
    (difference,) = queries.differences(copy)
    assert (difference.slot.slot, difference.first, difference.second) == (3, right[3], "null")
    with unit_of_work():
        assert service.resolve(hall.one, LATER, copy, {3: right[3]}) is False
    assert state(copy) is CopyState.PROPOSED and scores(hall) == []
    with pytest.raises(ConflictError):
        service.agree(hall.one, LATER, copy, agreed=True)
    with pytest.raises(ConflictError):
        service.agree(hall.third, LATER, copy, agreed=True)
    with unit_of_work():
        service.agree(hall.two, LATER, copy, agreed=True)
    assert state(copy) is CopyState.SETTLED and scores(hall)[0].raw == 100


def test_a_proposal_turned_down_leaves_the_difference_open(hall, copy) -> None:
    right = papers.right_answers(copy)
    papers.enter(hall.one, copy, right)
    papers.enter(hall.two, copy, {**right, 3: "null"})
    with unit_of_work():
        service.resolve(hall.two, LATER, copy, {3: "null"})
    with unit_of_work():
        service.agree(hall.one, LATER, copy, agreed=False)
    assert state(copy) is CopyState.DIFFERING
    assert [each.refused_by for each in queries.copy(copy).resolutions] == [hall.one]


def test_a_third_person_resolves_alone_even_with_an_answer_of_their_own(hall, copy) -> None:
    right = papers.right_answers(copy)
    number = next(slot.slot for slot in queries.form(copy) if slot.type == "number")
    papers.enter(hall.one, copy, {**right, number: '"24"'})
    papers.enter(hall.two, copy, {**right, number: '"47"'})
    with pytest.raises(DomainError, match="没有选定"), unit_of_work():
        service.resolve(hall.third, LATER, copy, {})
    with unit_of_work():
        assert service.resolve(hall.third, LATER, copy, {number: '"42"'}) is True
    assert scores(hall)[0].raw == 100


def test_one_person_enters_once_and_a_third_entry_is_refused(hall, copy) -> None:
    right = papers.right_answers(copy)
    papers.enter(hall.one, copy, right, finish=False)
    assert queries.own_answers(copy, hall.two) == {}
    papers.enter(hall.one, copy, right)
    with pytest.raises(ConflictError):
        papers.enter(hall.one, copy, right)
    papers.enter(hall.two, copy, {}, finish=False)
    with pytest.raises(ConflictError):
        papers.enter(hall.third, copy, right)


def test_nobody_sees_the_others_entry_before_both_are_finished(hall, copy) -> None:
    papers.enter(hall.one, copy, papers.right_answers(copy))
    for _ in range(2):
        with pytest.raises(NotFoundError):
            queries.differences(copy)
        papers.enter(hall.two, copy, {}, finish=False)


def test_nobody_handles_their_own_copy(hall, copy) -> None:
    right = papers.right_answers(copy)
    for act in (
        lambda: service.issue(hall.person, START, hall.sitting, [hall.person], 1),
        lambda: service.collect(hall.person, LATER, copy, START, LATER),
        lambda: service.withdraw(hall.person, LATER, copy, "没用"),
        lambda: service.enter(hall.person, LATER, copy, right, finish=True),
        lambda: service.resolve(hall.person, LATER, copy, right),
        lambda: service.agree(hall.person, LATER, copy, agreed=True),
    ):
        with pytest.raises(ForbiddenError), unit_of_work():
            act()


def test_the_database_itself_refuses_one_person_for_two(hall, copy) -> None:
    for place in (1, 2):
        session().add(PaperEntry(copy_id=copy, place=place, entered_by=hall.one, answers={}, begun_at=LATER))
    with pytest.raises(IntegrityError):
        session().flush()
    session().rollback()


def test_who_has_a_copy_cannot_start_online_and_who_is_online_gets_no_copy(hall) -> None:
    copy = papers.give_out(hall.one, hall.sitting, hall.person)
    with pytest.raises(ConflictError, match="纸上"):
        make.make_attempt(hall.person, hall.sitting)
    with pytest.raises(ConflictError, match="已经有一份"):
        papers.give_out(hall.two, hall.sitting, hall.person)
    attempt = make.make_attempt(hall.mate, hall.sitting)
    with pytest.raises(ConflictError, match="作废"):
        papers.give_out(hall.one, hall.sitting, hall.mate)
    with unit_of_work():
        proposal = online.propose_void(hall.one, START, attempt, "停电")
    with unit_of_work():
        online.decide_intervention(hall.two, START, proposal, agreed=True)
    assert papers.give_out(hall.one, hall.sitting, hall.mate) > copy
    with pytest.raises(ConflictError):
        online.cancel(hall.one, START, hall.sitting, "改期")


def test_starting_online_and_giving_out_at_once_is_one_of_them(app, hall) -> None:
    won, refused = race(
        app,
        lambda: online.start(hall.person, hall.sitting, START, "tab"),
        lambda: service.issue(hall.one, START, hall.sitting, [hall.person], 1),
    )
    assert (len(won), len(refused)) == (1, 1)


def test_two_who_finish_at_once_make_one_attempt(app, hall, copy) -> None:
    right = papers.right_answers(copy)
    papers.enter(hall.one, copy, right, finish=False)
    papers.enter(hall.two, copy, right, finish=False)
    won, refused = race(
        app,
        lambda: service.enter(hall.one, LATER, copy, right, finish=True),
        lambda: service.enter(hall.two, LATER, copy, right, finish=True),
    )
    assert sorted(won) == [False, True] and not refused
    assert session().query(Attempt).count() == 1


def test_a_withdrawn_copy_frees_its_candidate_but_its_questions_are_met(hall) -> None:
    copy = papers.give_out(hall.one, hall.sitting, hall.person)
    with pytest.raises(DomainError, match="原因"), unit_of_work():
        service.withdraw(hall.two, START, copy, " ")
    with unit_of_work():
        service.withdraw(hall.two, START, copy, "来电了")
    assert state(copy) is CopyState.WITHDRAWN
    printed = set(session().scalars(sa.select(PaperCopyQuestion.question_id).filter_by(copy_id=copy)))
    attempt = make.make_attempt(hall.person, hall.sitting)
    seen = {place.question_id for place in exams.places([attempt])}
    assert len(printed) == len(seen) == 10 and not printed & seen
    with pytest.raises(ConflictError):
        papers.take_in(hall.one, copy)


def test_a_collected_copy_is_not_withdrawn_and_not_collected_again(hall, copy) -> None:
    with pytest.raises(ConflictError), unit_of_work():
        service.withdraw(hall.two, LATER, copy, "不要了")
    with pytest.raises(ConflictError):
        papers.take_in(hall.one, copy)


def test_impossible_times_are_refused(hall) -> None:
    copy = papers.give_out(hall.one, hall.sitting, hall.person)
    for begun, ended in ((30, 20), (0, 90), (-30, 10), (0, 0)):
        with pytest.raises(DomainError), unit_of_work():
            service.collect(hall.one, LATER, copy, START + begun * MINUTE, START + ended * MINUTE)
    with pytest.raises(ConflictError):
        papers.enter(hall.one, copy, {})


def test_a_paper_that_needs_a_machine_is_refused_with_the_reason(hall) -> None:
    sitting = make.make_sitting([hall.person], make_chat_paper(count=2))
    with pytest.raises(DomainError, match="不能在纸上考"):
        papers.give_out(hall.one, sitting, hall.person)


def test_who_may_not_sit_gets_no_copy(hall) -> None:
    make.submit(hall.person, make.make_attempt(hall.person, hall.sitting))
    with pytest.raises(ConflictError, match="已经考过"):
        papers.give_out(hall.one, hall.sitting, hall.person)
    with pytest.raises(ConflictError, match="时间已经过了"), unit_of_work():
        service.issue(hall.one, START + 300 * MINUTE, hall.sitting, [hall.mate], 1)
    with pytest.raises(NotFoundError), unit_of_work():
        service.issue(hall.one, START, hall.sitting, [hall.two], 1)
    with pytest.raises(DomainError), unit_of_work():
        service.issue(hall.one, START, hall.sitting, [], 1)


def test_answers_of_slots_that_are_not_there_and_empty_ones_do_not_reach_the_log(hall, copy) -> None:
    right = {**papers.right_answers(copy), 1: "null", 99: '"0"'}
    papers.enter(hall.one, copy, right)
    papers.enter(hall.two, copy, right)
    attempt = queries.copy(copy).attempt_id
    events = session().scalars(sa.select(AnswerEvent.slot).filter_by(attempt_id=attempt)).all()
    assert sorted(events) == list(range(2, 11))


def test_what_waits_for_whom(hall, copy) -> None:
    assert [each.id for each in queries.waiting_for(hall.two)] == [copy]
    assert queries.waiting_for(hall.person) == []
    papers.enter(hall.one, copy, papers.right_answers(copy))
    assert queries.waiting_for(hall.one) == [] and len(queries.waiting_for(hall.two)) == 1
    papers.enter(hall.two, copy, {1: json.dumps("x")})
    assert len(queries.waiting_for(hall.third)) == 1
    assert session().query(PaperCopy).count() == 1
