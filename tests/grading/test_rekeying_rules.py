"""Which corrected keys can be marked with; what a correction does to marks. Pure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.exams.facts import MarkableSlot
from cstrain.grading.rekeying.rules import fault, machine_marks, same_shape, with_key
from cstrain.grading.rules import BY_HAND, SlotMark, mark, rekeyed, total
from cstrain.questions.facts import KeyedVersion, NewKey
from cstrain.questions.question_type import question_types
from tests.questions.makers import fields


def version(kind: str, credited: bool = False) -> KeyedVersion:
    made = question_types().get(kind).model_validate(fields(kind))
    return KeyedVersion(1, kind, made.control, made.content(), made.key(), "解析", "", credited)


def new(key: object, kind: str = "key") -> NewKey:
    return NewKey(1, kind, key, "新解析", "理由")  # type: ignore[arg-type]


def test_a_single_choice_may_have_several_right_options() -> None:
    old = version("single_choice")
    both = {**old.key, "right": ["0", "1"]}
    assert fault(old, new(both)) == ""
    corrected = with_key(old, new(both))
    slots = [MarkableSlot(1, 1, Decimal(100), (), f'"{option}"') for option in "012"]
    earned = [mark([slot], {1: corrected}, partial=False).raw for slot in slots]
    assert earned == [100, 100, 0]


@pytest.mark.parametrize(
    "key",
    [
        {"right": ["7"], "options": ["0", "1", "2", "3"]},
        {"right": [], "options": ["0", "1", "2", "3"]},
        {"right": ["0", "0"], "options": ["0", "1", "2", "3"]},
        {"right": "0", "options": ["0", "1", "2", "3"]},
        {"right": ["1"], "options": ["1"]},
        {"right": ["1"]},
    ],
)
def test_a_choice_takes_only_its_own_options(key) -> None:
    assert fault(version("single_choice"), new(key)) == "options"


def test_other_keys_keep_their_parts_and_earn_their_own_samples() -> None:
    number, blanks = version("number"), version("fill_in")
    assert fault(number, new({**number.key, "answer": "43"})) == ""
    assert fault(number, new({**number.key, "answer": "vierzig"})) == "samples"
    assert fault(number, new({**number.key, "answer": 43})) == "shape"
    assert fault(number, new({"answer": "43"})) == "shape"
    more = {"blanks": [[*blank, "另一种写法"] for blank in blanks.key["blanks"]]}
    assert fault(blanks, new(more)) == ""
    assert fault(blanks, new({"blanks": [*blanks.key["blanks"], ["多一空"]]})) == "shape"
    assert fault(blanks, new({"blanks": [[] for _ in blanks.key["blanks"]]})) == "shape"


@pytest.mark.parametrize("kind", ["matching", "ordering", "true_false", "operation"])
def test_every_key_that_a_machine_marks_has_its_own_shape(kind) -> None:
    old = version(kind)
    assert machine_marks(old.key) and same_shape(old.key, old.key)
    assert fault(old, new(old.key)) == "same" and fault(old, new({}, "credit")) == ""


def test_what_people_mark_has_no_key_to_correct_but_may_be_credited() -> None:
    essay = version("essay")
    key = {**essay.key, "rubric": [{"id": "a", "title": "内容", "of": 5}]}
    people = KeyedVersion(1, "essay", essay.control, essay.content, key, "", "")
    assert not machine_marks(key)
    assert fault(people, new({**key, "model": "别的"})) == "people" and fault(people, new({}, "credit")) == ""


def test_credit_again_is_the_same_and_a_key_takes_it_back() -> None:
    credited = version("number", credited=True)
    assert fault(credited, new({}, "credit")) == "same"
    assert fault(credited, new(credited.key)) == ""


def test_a_credited_question_earns_all_whatever_was_answered() -> None:
    credited = version("number", credited=True)
    for value in (None, '"7"', "[[]]"):
        (one,) = mark([MarkableSlot(1, 1, Decimal("2.5"), (), value)], {1: credited}, partial=False).slots
        assert (one.earned, one.note) == (Decimal("2.500"), "credited")


def slot(number: int, exact: Fraction, note: str = "") -> SlotMark:
    return SlotMark(number, exact, Decimal(10), note)


shares = st.fractions(0, 10, max_denominator=12)


@given(st.lists(st.tuples(shares, st.sampled_from(["", BY_HAND])), min_size=1, max_size=8), st.data())
def test_a_correction_touches_its_slot_alone_and_never_takes_from_a_hand_given_mark(held, data) -> None:
    marks = [slot(number, exact, note) for number, (exact, note) in enumerate(held, start=1)]
    place = data.draw(st.integers(1, len(marks)))
    fresh = slot(place, data.draw(shares))
    after = rekeyed(marks, {place: fresh})
    assert [one for one in after.slots if one.slot != place] == [one for one in marks if one.slot != place]
    old, now = marks[place - 1], after.slots[place - 1]
    assert now.exact == (max(old.exact, fresh.exact) if old.note == BY_HAND else fresh.exact)
    assert rekeyed(marks, {}) == total(marks) and rekeyed(after.slots, {place: fresh}) == after
