"""Correcting a key: proposed by one, confirmed by another, everything marked again, nothing overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from cstrain.extensions import session
from cstrain.grading import queries, service
from cstrain.grading.events import result_changed
from cstrain.grading.models import Result
from cstrain.grading.rekeying import queries as rekeying
from cstrain.grading.rekeying import service as keys
from cstrain.grading.rekeying.models import KeyProposal
from cstrain.grading.rekeying.replay import mismatches, stored_results
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.notifications.models import Notice
from cstrain.questions.facts import NewKey
from cstrain.questions.models import KeyRevision, QuestionKey
from cstrain.questions.queries import keyed_versions
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
DAY = timedelta(days=1)


def slot_of(attempt: int, kind: str) -> tuple[int, int]:
    """The slot and version of the first question of a type in an attempt."""
    from cstrain.exams.queries import markable_slots

    slots = markable_slots(attempt)
    versions = keyed_versions([slot.version_id for slot in slots])
    return next((slot.slot, slot.version_id) for slot in slots if versions[slot.version_id].type == kind)


def other_key(version_id: int) -> NewKey:
    """A correction of a single choice: B instead of A."""
    key = keyed_versions([version_id])[version_id].key
    return NewKey(version_id, "key", {**key, "right": ["1"]}, "乙才对，见新课文。", "课文改了")


def credit(version_id: int) -> NewKey:
    return NewKey(version_id, "credit", {}, "本题有误，都给满分。", "题干有歧义")


def propose(actor, new, at=START) -> int:
    with unit_of_work():
        return keys.propose(actor, at, new)


def confirm(actor, proposal, at=START):
    with unit_of_work():
        return keys.confirm(actor, at, proposal)


@pytest.fixture
def released(attempt, staff):
    with unit_of_work():
        service.propose_release(staff[0], START, [attempt])
    with unit_of_work():
        service.confirm_release(staff[1], START, [attempt])
    return attempt


@pytest.fixture
def single(attempt):
    """The version of a single choice that the candidate got right (A)."""
    return slot_of(attempt, "single_choice")[1]


def raws(attempt) -> list[Decimal]:
    session().rollback()
    rows = session().query(Result).filter_by(attempt_id=attempt).order_by(Result.number)
    return [row.raw for row in rows]


# --- what is proposed


def test_a_proposal_changes_nothing(attempt, single, staff) -> None:
    made = propose(staff[0], other_key(single))
    facts = rekeying.proposal(made)
    assert facts.state == "open" and raws(attempt) == [80]
    assert keyed_versions([single])[single].key["right"] == ["0"]
    preview = rekeying.outcome(facts, START)
    assert (preview.asked, len(preview.effects), preview.lowered, preview.sides("down")) == (1, 1, 1, 1)
    (effect,) = preview.effects
    assert (effect.before, effect.after.raw, effect.slot_before, effect.slot_after) == (80, 70, 10, 0)
    assert not effect.released and preview.told == 0


def test_the_same_key_and_a_wrong_one_are_refused(single, staff) -> None:
    new = other_key(single)
    for key in ({**new.key, "right": ["0"]}, {**new.key, "right": ["9"]}, {**new.key, "right": []}):
        with pytest.raises(DomainError):
            propose(staff[0], replace(new, key=key))
    with pytest.raises(DomainError):
        propose(staff[0], replace(new, reason=" "))
    assert session().query(KeyProposal).count() == 0


def test_an_unknown_version_answers_like_a_missing_page(single, staff) -> None:
    with pytest.raises(NotFoundError):
        propose(staff[0], replace(other_key(single), version_id=10**6))


def test_only_one_correction_of_a_question_waits(single, staff) -> None:
    propose(staff[0], other_key(single))
    with pytest.raises(ConflictError, match="已经有一个更正"):
        propose(staff[1], credit(single))


def test_nobody_corrects_a_key_they_were_asked(attempt, single, person, staff) -> None:
    with pytest.raises(ForbiddenError, match="考过这道题"):
        propose(person, other_key(single))
    made = propose(staff[0], other_key(single))
    with pytest.raises(ForbiddenError, match="考过这道题"):
        confirm(person, made)


# --- what is confirmed


def test_one_person_cannot_confirm_their_own(single, staff) -> None:
    made = propose(staff[0], other_key(single))
    with pytest.raises(ForbiddenError):
        confirm(staff[0], made)
    assert session().query(KeyRevision).count() == 0


def test_confirming_marks_again_and_keeps_both(released, single, person, staff) -> None:
    told = session().query(Notice).filter_by(person_id=person).count()
    made = propose(staff[0], other_key(single))
    heard: list[object] = []
    result_changed.connect(heard.append)
    try:
        done = confirm(staff[1], made, START + DAY)
    finally:
        result_changed._listeners.remove(heard.append)
    assert len(done.changed) == 1 and raws(released) == [80, 70]
    newest = session().query(Result).filter_by(attempt_id=released, number=2).one()
    revision = session().query(KeyRevision).one()
    assert newest.reason == f"re-key {revision.id}" and newest.key_revision_id == revision.id
    assert (newest.marked_by, newest.second_by) == (staff[0], staff[1])
    assert session().query(Notice).filter_by(person_id=person).count() == told + 1
    assert [(one.attempt_id, one.passed) for one in heard] == [(released, False)]
    score = queries.score(released, START + DAY)
    assert (score.raw, score.passed) == (70, False)


def test_the_version_and_its_first_key_stay(released, single, staff) -> None:
    confirm(staff[1], propose(staff[0], other_key(single)))
    first = session().get_one(QuestionKey, single)
    assert first.key["right"] == ["0"]
    now = keyed_versions([single])[single]
    assert (now.key["right"], now.explanation) == (["1"], "乙才对，见新课文。")
    assert keyed_versions([single], 0)[single].key["right"] == ["0"]


def test_before_release_nobody_is_told(attempt, single, person, staff) -> None:
    told = session().query(Notice).filter_by(person_id=person).count()
    heard: list[object] = []
    result_changed.connect(heard.append)
    try:
        confirm(staff[1], propose(staff[0], other_key(single)))
    finally:
        result_changed._listeners.remove(heard.append)
    assert raws(attempt) == [80, 70] and not heard
    assert session().query(Notice).filter_by(person_id=person).count() == told


def test_credit_gives_everybody_all_the_marks(attempt, staff) -> None:
    slot, version = slot_of(attempt, "number")
    right = {mark["slot"]: mark["earned"] for mark in session().query(Result).one().marks}
    confirm(staff[1], propose(staff[0], credit(version)))
    before = Decimal(right[slot])
    assert raws(attempt)[-1] == 80 + (10 - before)
    with pytest.raises(DomainError, match="一样"):
        propose(staff[0], credit(version))


def test_credit_can_be_taken_back_by_a_key(attempt, single, staff) -> None:
    confirm(staff[1], propose(staff[0], credit(single)))
    back = replace(other_key(single), key=keyed_versions([single], 0)[single].key)
    done = confirm(staff[1], propose(staff[0], back))
    assert keyed_versions([single])[single].credited is False and not done.lowered
    assert list(mismatches(START)) == []


def test_what_two_persons_changed_stays_where_the_key_gives_less(released, single, staff) -> None:
    slot, _ = slot_of(released, "single_choice")
    with unit_of_work():
        change = service.propose_change(staff[0], START, released, slot, Decimal(5), "部分对")
    with unit_of_work():
        service.confirm_change(staff[1], START, change)
    done = confirm(staff[1], propose(staff[0], other_key(single)))
    (effect,) = done.effects
    assert effect.by_hand and not done.changed and raws(released) == [80, 75]
    done = confirm(staff[1], propose(staff[0], credit(single)))
    assert not done.effects[0].by_hand and raws(released) == [80, 75, 80]


def test_attempts_marked_later_are_marked_by_the_new_key(single, staff) -> None:
    confirm(staff[1], propose(staff[0], other_key(single)))
    late = make_person()
    made = make.make_attempt(late, make.make_sitting([late]))
    slots = [slot for slot, version in asked(made).items() if version == single]
    make.answer_right(late, made)
    make.submit(late, made)
    held = session().query(Result).filter_by(attempt_id=made).one()
    assert held.raw == 100 and held.key_revision_id == session().query(KeyRevision).one().id
    assert not slots or held.marks[slots[0] - 1]["earned"] == "10.000"


def asked(attempt: int) -> dict[int, int]:
    from cstrain.exams.queries import markable_slots

    return {slot.slot: slot.version_id for slot in markable_slots(attempt)}


def test_a_refused_proposal_changes_nothing_and_frees_the_question(attempt, single, staff) -> None:
    made = propose(staff[0], other_key(single))
    with unit_of_work():
        keys.refuse(staff[0], START, made)
    assert rekeying.proposal(made).state == "refused" and raws(attempt) == [80]
    with pytest.raises(ConflictError):
        confirm(staff[1], made)
    propose(staff[1], credit(single))


def test_two_who_confirm_at_once_mark_once(app, attempt, single, staff) -> None:
    made = propose(staff[0], other_key(single))
    won, refused = race(app, *(lambda one=one: keys.confirm(one, START, made) for one in staff[1:3]))
    assert len(won) == 1 and "已经处理过" in str(refused[0])
    assert raws(attempt) == [80, 70] and session().query(KeyRevision).count() == 1


def test_handing_in_beside_a_correction_is_marked_by_one_key_or_the_other_and_corrected(
    app, single, staff
) -> None:
    """Whoever comes first: in the end the result follows the corrected key."""
    late = make_person()
    made = make.make_attempt(late, make.make_sitting([late]))
    make.answer_right(late, made)
    proposal = propose(staff[0], other_key(single))
    from cstrain.exams import service as exams

    race(app, lambda: exams.submit(late, made, "k", START), lambda: keys.confirm(staff[1], START, proposal))
    session().rollback()
    slots = [slot for slot, version in asked(made).items() if version == single]
    newest = session().query(Result).filter_by(attempt_id=made).order_by(Result.number.desc()).first()
    assert not slots or newest.marks[slots[0] - 1]["earned"] == "0.000"
    assert list(mismatches(START)) == []


# --- everything comes out the same again


def test_every_result_comes_out_the_same_when_worked_out_again(released, single, staff) -> None:
    slot, number = slot_of(released, "number")
    with unit_of_work():
        change = service.propose_change(staff[0], START, released, slot, Decimal("3.5"), "部分对")
    confirm(staff[1], propose(staff[0], other_key(single)))
    with unit_of_work():
        service.confirm_change(staff[1], START + DAY, change)
    confirm(staff[1], propose(staff[0], credit(single)), START + 2 * DAY)
    confirm(staff[1], propose(staff[0], credit(number)), START + 2 * DAY)
    assert stored_results() == len(raws(released)) == 5
    assert list(mismatches(START)) == []


def test_a_stored_result_that_was_tampered_with_is_found(released, single, staff) -> None:
    confirm(staff[1], propose(staff[0], other_key(single)))
    with unit_of_work() as db:
        row = db.query(Result).filter_by(attempt_id=released, number=2).one()
        row.marks = [{**mark, "earned": "9.000"} for mark in row.marks]
    (found,) = mismatches(START)
    assert (found.attempt_id, found.number) == (released, 2)


def test_what_a_confirmed_correction_did_can_be_read_again(released, single, staff) -> None:
    made = propose(staff[0], other_key(single))
    confirm(staff[1], made)
    done = rekeying.outcome(rekeying.proposal(made), START)
    (effect,) = done.effects
    assert (effect.before, effect.after.raw, effect.side, done.told) == (80, 70, "down", 1)
    assert rekeying.version_before(rekeying.proposal(made)).key["right"] == ["0"]
