"""Marking is one pure function: exact, repeatable, and it never rounds a fail into a pass."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cstrain.exams.facts import MarkableSlot
from cstrain.grading.rules import SlotMark, mark, response, to_version_ids, total
from cstrain.kernel.units import passed, shown
from cstrain.questions.facts import KeyedVersion
from cstrain.questions.question_type import question_types
from tests.factories.exams import KINDS, written

PASS = Decimal(80)


def version(kind: str, number: int = 1) -> KeyedVersion:
    question = question_types().get(kind).model_validate(written(kind, number))
    return KeyedVersion(number, kind, question.control, question.content(), question.key(), "", "")


def slot(number: int, value: object, order=(), marks: str = "10") -> MarkableSlot:
    return MarkableSlot(
        number, number, Decimal(marks), tuple(order), None if value is None else json.dumps(value)
    )


SHARES = st.lists(
    st.tuples(
        st.sampled_from(["2.5", "2.857", "1", "10", "3.125", "0.001"]),
        st.fractions(min_value=0, max_value=1, max_denominator=9),
    ),
    min_size=1,
    max_size=37,
)


@given(SHARES)
@example([("2.5", Fraction(2, 3))] * 3)
@example([("10", Fraction(1))] * 7 + [("10", Fraction(2, 3)), ("10", Fraction(1, 3))])
def test_rounding_neither_makes_a_pass_of_a_fail_nor_a_fail_of_a_pass(parts) -> None:
    marks = [
        SlotMark(number, Fraction(of) * share, Decimal(of), "")
        for number, (of, share) in enumerate(parts, start=1)
    ]
    exact = sum((one.exact for one in marks), Fraction(0))
    raw = total(marks).raw
    assert Fraction(raw) <= exact < Fraction(raw) + Fraction(1, 1000)
    near = raw.quantize(Decimal("0.1"))
    for pass_mark in (PASS, Decimal("59.5"), near, near + Decimal("0.1")):
        assert passed(raw, pass_mark) == (exact >= Fraction(pass_mark))
        assert passed(shown(raw, pass_mark), pass_mark) == passed(raw, pass_mark)


def test_thirds_do_not_add_up_to_more_than_there_is() -> None:
    marks = [SlotMark(n, Fraction(5, 2) * Fraction(2, 3), Decimal("2.5"), "") for n in range(3)]
    assert total(marks).raw == 5
    assert [str(one.earned) for one in marks] == ["1.667"] * 3


def test_a_hair_under_the_pass_mark_is_a_fail_and_shown_as_one() -> None:
    just_under = [SlotMark(1, Fraction(80) - Fraction(1, 100_000), Decimal(100), "")]
    raw = total(just_under).raw
    assert raw == Decimal("79.999") and not passed(raw, PASS) and shown(raw, PASS) == Decimal("79.9")


@pytest.mark.parametrize("kind", KINDS)
def test_every_sample_of_every_type_earns_its_share_in_any_option_order(kind) -> None:
    found = version(kind)
    count = len(found.content.get("options", ()))
    order = tuple(reversed(range(count)))
    for sample in question_types().get(kind).samples(found.content, found.key):
        if not _travels(sample.response, order):
            continue
        seen = _as_seen(sample.response, order)
        for partial, due in ((False, sample.fraction), (True, sample.partial)):
            marked = mark([slot(1, seen, order)], {1: found}, partial=partial)
            assert (
                marked.raw == Decimal(str(float(due * 10))).quantize(Decimal("0.001")) or due.denominator == 3
            )


def _travels(value: object, order) -> bool:
    """Whether a sample's response can have come from a page whose options stand in ``order``."""
    ids = value if isinstance(value, list) else [value]
    return not order or all(isinstance(one, str) and one in {str(n) for n in order} for one in ids)


def _as_seen(value: object, order) -> object:
    if not order:
        return value
    if isinstance(value, list):
        return [_as_seen(one, order) for one in value]
    return str(order.index(int(value)))


def test_the_same_form_keys_and_answers_give_the_same_digest() -> None:
    slots = [slot(n, "42") for n in range(1, 4)]
    versions = {n: version("number", n) for n in range(1, 4)}
    first = mark(slots, versions, partial=False)
    assert first == mark(slots, versions, partial=False) and first.raw == 30
    other = mark([slot(1, "1"), *slots[1:]], versions, partial=False)
    assert other.digest != first.digest and other.raw == 20


def test_no_answer_and_a_cleared_one_earn_nothing_and_say_why() -> None:
    versions = {1: version("single_choice"), 2: version("number", 2), 3: version("true_false", 3)}
    marked = mark([slot(1, None, range(4)), slot(2, ""), slot(3, {"odd": 1})], versions, partial=False)
    assert [one.note for one in marked.slots] == ["blank", "blank", "malformed"] and marked.raw == 0


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=6))
def test_no_response_is_a_fault(value) -> None:
    for kind in KINDS:
        found = version(kind)
        order = tuple(range(len(found.content.get("options", ()))))
        marked = mark([slot(1, value, order)], {1: found}, partial=True)
        assert 0 <= marked.raw <= 10
        question_types().get(kind).summarise(found.content, response(slot(1, value, order), found))


@given(st.permutations(range(5)), st.integers(0, 4))
def test_places_are_translated_back_to_the_versions_options(order, place) -> None:
    assert to_version_ids(str(place), order) == str(order[place])
    assert to_version_ids([str(place)], order) == [str(order[place])]
    for other in ("9", "x", "01", " 1", "²", True, None, 3, {"a": 1}):
        assert to_version_ids(other, order) == other
