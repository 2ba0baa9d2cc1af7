"""Sitting an exam: start once, one writer, nothing thrown away, the server's clock."""

from __future__ import annotations

import itertools
import json
import random
from datetime import timedelta

import pytest

from cstrain.exams import jobs, queries, service
from cstrain.exams.errors import TooManyEventsError
from cstrain.exams.models import Answer, AnswerEvent, Attempt, AttemptQuestion, Exposure
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("context")
MINUTE, MS = timedelta(minutes=1), timedelta(milliseconds=1)
GRACE = timedelta(seconds=3)


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def attempt(person):
    return make.make_attempt(person)


def held(person, attempt) -> dict[int, object]:
    view = queries.taking_view(person, attempt, START)
    return {answer.slot: json.loads(answer.value) for answer in view.held.answers}


def lease(person, attempt, holder: str, *, force: bool = False) -> bool:
    with unit_of_work():
        return service.take_lease(person, attempt, START, holder, force=force)


def epoch_of(attempt) -> int:
    return session().get_one(Attempt, attempt).lease_epoch


# --- start


def test_starting_twice_is_starting_once(person, attempt) -> None:
    sitting = queries.attempt(attempt, START).sitting_id
    with unit_of_work():
        assert service.start(person, sitting, START + MINUTE, "tab-2") == attempt
    assert session().query(Attempt).count() == 1


def test_a_sitting_starts_in_its_window_only(person) -> None:
    make.make_bank()
    sitting = make.make_sitting([person], make.make_paper())
    for at in (START - MS, START + 2 * make.HOUR):
        with pytest.raises(ConflictError), unit_of_work():
            service.start(person, sitting, at, "tab")
    with unit_of_work():
        assert service.start(person, sitting, START + 2 * make.HOUR - MS, "tab")


def test_an_exam_is_sat_once_and_a_voided_attempt_does_not_count(person, attempt) -> None:
    sitting = queries.attempt(attempt, START).sitting_id
    make.submit(person, attempt)
    with pytest.raises(ConflictError), unit_of_work():
        service.start(person, sitting, START, "tab")
    with unit_of_work() as db:
        db.get_one(Attempt, attempt).voided_at = START
    with unit_of_work():
        assert service.start(person, sitting, START, "tab") != attempt


def test_a_quiz_may_be_taken_again(person) -> None:
    make.make_bank()
    make.make_paper("tiny-quiz", kind="quiz", release="auto")
    with unit_of_work():
        quiz = service.ensure_quiz(
            START,
            paper_ref="tiny-quiz",
            subject="s",
            person=person,
            opens_at=START,
            closes_at=START + make.HOUR,
        )
        again = service.ensure_quiz(
            START,
            paper_ref="tiny-quiz",
            subject="s",
            person=person,
            opens_at=START,
            closes_at=START + make.HOUR,
        )
    assert quiz == again
    first = make.make_attempt(person, quiz)
    make.submit(person, first)
    assert make.make_attempt(person, quiz) != first


def test_nobody_starts_what_they_were_not_invited_to(person) -> None:
    make.make_bank()
    sitting = make.make_sitting([person], make.make_paper())
    with pytest.raises(NotFoundError), unit_of_work():
        service.start(make_person("别人"), sitting, START, "tab")


def test_a_frozen_paper_survives_an_edited_question(person, attempt) -> None:
    before = queries.taking_view(person, attempt, START)
    slot = session().query(AttemptQuestion).filter_by(attempt_id=attempt, slot=1).one()
    fields = make.written("single_choice", 999)
    with unit_of_work() as db:
        from cstrain.questions.models import Question, QuestionVersion

        question = db.get_one(Question, slot.question_id)
        newer = QuestionVersion(
            question_id=question.id,
            number=2,
            type="single_choice",
            difficulty=1,
            content={"stem": fields["stem"]},
            source="",
            situation=False,
            digest="x",
            created_at=START,
        )
        db.add(newer)
        db.flush()
        question.current_version_id = newer.id
    assert queries.taking_view(person, attempt, START).slots == before.slots


# --- disjoint papers and depth


def test_a_disjoint_paper_never_shows_a_question_twice_and_refuses_when_it_cannot(person) -> None:
    make.make_bank(each=6)
    make.make_paper(disjoint=True)
    attempts = []
    for _ in range(3):
        attempts.append(make.make_attempt(person, make.make_sitting([person])))
        make.submit(person, attempts[-1])
    for first, second in itertools.combinations(attempts, 2):
        assert queries.shared_questions(first, second) == 0
    assert session().query(Exposure).count() == 30
    assert queries.depth_for("tiny-exam", person, START).forms_left == 0
    with pytest.raises(DomainError, match="主题basics差10题"):
        make.make_sitting([person])
    assert make.make_sitting([make_person("新人")])


def test_nobody_arranges_an_exam_for_themself(person) -> None:
    make.make_bank()
    make.make_paper()
    with pytest.raises(ForbiddenError):
        make.make_sitting([person], actor=person)


def test_a_person_named_twice_is_one_candidate(person) -> None:
    make.make_bank()
    make.make_paper()
    sitting = make.make_sitting([person, person])
    assert queries.candidates_of(sitting) == {person: 0}


# --- saving


def test_what_is_saved_is_what_the_server_shows(person, attempt) -> None:
    outcome = make.save(person, attempt, [make.event(1, '"0"', 1), make.event(2, '["0","1"]', 2)])
    assert set(outcome.dispositions.values()) == {"accepted"}
    assert held(person, attempt) == {1: "0", 2: ["0", "1"]}


def test_permutations_with_repeats_of_a_batch_give_the_same_answers(person) -> None:
    make.make_bank()
    make.make_paper()
    rng = random.Random(7)
    events = [make.event(rng.randint(1, 10), json.dumps(str(seq % 4)), seq) for seq in range(1, 31)]
    expected = None
    for _ in range(6):
        other = make_person("考生")
        attempt = make.make_attempt(other, make.make_sitting([other]))
        sent = events + rng.choices(events, k=20)
        rng.shuffle(sent)
        while sent:
            count = rng.randint(1, 8)
            make.save(other, attempt, sent[:count])
            sent = sent[count:]
        answers = held(other, attempt)
        assert expected in (None, answers)
        expected = answers
        assert session().query(AnswerEvent).filter_by(attempt_id=attempt).count() == len(events)
        final = {slot.slot: json.loads(slot.value) for slot in queries.markable_slots(attempt) if slot.value}
        assert final == answers


def test_the_projection_is_what_the_log_says(person, attempt) -> None:
    make.save(person, attempt, [make.event(1, '"3"', 9), make.event(1, '"1"', 4), make.event(1, '"2"', 6)])
    assert held(person, attempt) == {1: "3"}


@pytest.mark.parametrize(
    ("step", "fate"), [(GRACE - MS, "accepted"), (GRACE, "accepted"), (GRACE + MS, "late")]
)
def test_the_deadline_is_exact(person, attempt, step, fate) -> None:
    outcome = make.save(person, attempt, [make.event(1, '"0"', 1)], START + 30 * MINUTE + step)
    assert list(outcome.dispositions.values()) == [fate] and outcome.over
    assert (1 in held(person, attempt)) == (fate == "accepted")


def test_a_late_answer_is_kept_and_does_not_count(person, attempt) -> None:
    make.save(person, attempt, [make.event(1, '"0"', 1)], START + 31 * MINUTE)
    make.submit(person, attempt, START + 31 * MINUTE)
    assert queries.events_by_disposition([attempt]) == {"late": 1}
    assert all(slot.value is None for slot in queries.markable_slots(attempt))
    assert "late" in {one.detail.get("disposition") for one in queries.timeline(attempt)}


def test_answers_after_handing_in_are_kept_aside(person, attempt) -> None:
    make.save(person, attempt, [make.event(1, '"0"', 1)])
    receipt = make.submit(person, attempt)
    outcome = make.save(person, attempt, [make.event(1, '"1"', 2)])
    assert list(outcome.dispositions.values()) == ["after_submit"] and outcome.over
    assert make.submit(person, attempt, START + MINUTE, "another key") == receipt
    assert held(person, attempt) == {1: "0"}


def test_what_cannot_be_an_answer_is_kept_aside(person, attempt) -> None:
    events = [make.event(None, "1", 1), make.event(99, '"0"', 2), make.event(1, '"0"', 3, parsable=False)]
    outcome = make.save(person, attempt, events)
    assert set(outcome.dispositions.values()) == {"unparsable"}
    assert session().query(AnswerEvent).count() == 3 and session().query(Answer).count() == 0


def test_a_foreign_attempt_is_no_attempt(person, attempt) -> None:
    other = make_person("别人")
    for act in (
        lambda: make.save(other, attempt, [make.event(1, '"0"', 1)]),
        lambda: make.submit(other, attempt),
        lambda: lease(other, attempt, "x", force=True),
        lambda: queries.taking_view(other, attempt, START),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert session().query(AnswerEvent).count() == 0


def test_the_log_of_an_attempt_has_a_limit(person, attempt, monkeypatch) -> None:
    from cstrain.exams.service import saving

    rules = queries.exam_rules().model_copy(update={"most_events": 100})
    monkeypatch.setattr(saving, "exam_rules", lambda: rules)
    make.save(person, attempt, [make.event(1, '"0"', seq) for seq in range(1, 101)])
    with pytest.raises(TooManyEventsError):
        make.save(person, attempt, [make.event(1, '"1"', 101)])


def test_a_reloaded_page_counts_on(person, attempt) -> None:
    make.save(person, attempt, [make.event(1, '"0"', 7), make.event(2, '"0"', 41)])
    assert queries.held_view(person, attempt, START).last_seq == 41


# --- the writer's lease


def test_a_lease_is_left_alone_without_force(person, attempt) -> None:
    assert lease(person, attempt, "tab-1") and epoch_of(attempt) == 1
    assert not lease(person, attempt, "tab-2") and epoch_of(attempt) == 1
    assert lease(person, attempt, "tab-2", force=True) and epoch_of(attempt) == 2
    assert lease(person, attempt, "tab-2") and epoch_of(attempt) == 2


def test_a_stale_writer_is_told_and_kept_aside(person, attempt) -> None:
    make.save(person, attempt, [make.event(1, '"0"', 1)])
    lease(person, attempt, "tab-2", force=True)
    outcome = make.save(person, attempt, [make.event(1, '"3"', 2)], epoch=1)
    assert outcome.stale and list(outcome.dispositions.values()) == ["superseded"]
    assert [json.loads(answer.value) for answer in outcome.answers] == ["0"]
    assert held(person, attempt) == {1: "0"}


def test_an_event_accepted_before_the_take_over_stays_accepted(person, attempt) -> None:
    event = make.event(1, '"0"', 1)
    make.save(person, attempt, [event])
    lease(person, attempt, "tab-2", force=True)
    outcome = make.save(person, attempt, [event], epoch=1)
    assert outcome.dispositions == {event.event_id: "accepted"} and outcome.stale


def test_take_over_interleavings_never_overwrite_silently(person) -> None:
    """Random interleavings of two tabs: an accepted event always came from the writer of that moment."""
    make.make_bank()
    make.make_paper()
    attempt = make.make_attempt(person, make.make_sitting([person]))
    rng = random.Random(11)
    epochs = {"tab-1": 1, "tab-2": 0}
    seqs = {"tab-1": 0, "tab-2": 0}
    truth: dict[int, str] = {}
    for _ in range(400):
        tab = rng.choice(["tab-1", "tab-2"])
        if rng.random() < 0.2:
            lease(person, attempt, tab, force=True)
            epochs[tab] = epoch_of(attempt)
            continue
        seqs[tab] += 1
        slot, value = rng.randint(1, 10), json.dumps(f"{tab}-{seqs[tab]}")
        outcome = make.save(person, attempt, [make.event(slot, value, seqs[tab])], epoch=epochs[tab])
        writer = epochs[tab] == epoch_of(attempt)
        assert list(outcome.dispositions.values()) == ["accepted" if writer else "superseded"]
        assert outcome.stale == (not writer)
        if writer:
            truth[slot] = value
    saved = queries.held_view(person, attempt, START).answers
    assert {answer.slot: answer.value for answer in saved} == truth


# --- handing in and running out


def test_the_job_closes_what_ran_out_and_nothing_else(person, attempt) -> None:
    make.save(person, attempt, [make.event(1, '"0"', 1)])
    assert jobs.run(START + 30 * MINUTE + GRACE) == 0
    assert jobs.run(START + 30 * MINUTE + GRACE + MS) == 1
    assert jobs.run(START + 40 * MINUTE) == 0
    facts = queries.attempt(attempt, START + 40 * MINUTE)
    assert facts.state == "submitted" and facts.submitted_at == START + 30 * MINUTE
    assert facts.receipt == service.receipt(person, attempt).digest
    assert "expire" in {one.kind for one in queries.timeline(attempt)}


def test_a_receipt_covers_every_answer(person, attempt) -> None:
    make.answer_right(person, attempt)
    receipt = make.submit(person, attempt)
    assert (receipt.answered, receipt.questions) == (10, 10)
    other = make_person("别人")
    running = make.make_attempt(other, make.make_sitting([other]))
    with pytest.raises(ConflictError):
        service.receipt(other, running)
