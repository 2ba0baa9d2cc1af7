"""Sittings on paper by their rules alone: what a pen can answer, when entries agree, who may do what."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.exams.on_paper import rules
from cstrain.exams.on_paper.facts import CopyFacts, CopyState, Entry, Resolution, Task
from cstrain.exams.on_paper.rules import TimesFault
from cstrain.questions.facts import Control
from cstrain.questions.question_type import question_types
from tests.conftest import START

MINUTE = timedelta(minutes=1)


def test_what_needs_a_machine_cannot_be_printed() -> None:
    kinds = question_types()
    controls = {name: kinds.get(name).control for name in kinds.names()}
    assert rules.unprintable(controls) == ["chat", "operation", "oral", "typing"]


@pytest.mark.parametrize(
    ("control", "first", "second", "same"),
    [
        (Control.CHOOSE_ONE, '"1"', '"1"', True),
        (Control.CHOOSE_ONE, '"1"', '"2"', False),
        (Control.CHOOSE_ONE, '"1"', None, False),
        (Control.CHOOSE_ONE, "null", None, True),
        (Control.CHOOSE_MANY, '["1","0"]', '["0","1"]', True),
        (Control.CHOOSE_MANY, '["1"]', '["0","1"]', False),
        (Control.CHOOSE_MANY, "[]", "null", True),
        (Control.ORDER, '["1","0"]', '["0","1"]', False),
        (Control.TRUE_FALSE, "false", "null", False),
        (Control.TRUE_FALSE, "false", "false", True),
        (Control.BLANKS, '["甲 ",""]', '["甲",null]', True),
        (Control.BLANKS, '["甲","乙"]', '["乙","甲"]', False),
        (Control.MATCH, '{"a":"1","b":""}', '{"a":"1"}', True),
        (Control.TEXT, '"一行\\r\\n二行"', '"一行\\n二行 "', True),
        (Control.TEXT, '"退货"', '"退贷"', False),
        (Control.PARTS, '{"0":"1","1":["a"]}', '{"1":["a"],"0":"1"}', True),
    ],
)
def test_two_people_read_the_same_or_not(control, first, second, same) -> None:
    assert rules.same(control, first, second) is same
    assert rules.same(control, second, first) is same


VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=3),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=2), each, max_size=3),
    max_leaves=6,
).map(json.dumps)


@given(st.dictionaries(st.integers(1, 5), VALUES), st.dictionaries(st.integers(1, 5), VALUES))
def test_answers_are_agreed_exactly_when_every_difference_is_resolved(first, second) -> None:
    controls = dict.fromkeys(range(1, 6), Control.BLANKS)
    different = rules.differences(controls, first, second)
    assert rules.differences(controls, first, first) == []
    assert (rules.agreed(controls, first, second, {}) is None) == bool(different)
    chosen = rules.agreed(controls, first, second, {slot: second.get(slot, "null") for slot in different})
    assert chosen is not None and set(chosen) <= set(controls)
    assert all(rules.same(Control.BLANKS, text, second.get(slot)) for slot, text in chosen.items())


TIMES = {"issued": START, "window": (START, START + 60 * MINUTE), "allowed": 30 * MINUTE,
         "most_over": 120 * MINUTE, "now": START + 600 * MINUTE}  # fmt: skip


@pytest.mark.parametrize(
    ("begun", "ended", "fault"),
    [
        (0, 30, None),
        (0, 150, None),
        (0, 151, TimesFault.LONG),
        (30, 30, TimesFault.ORDER),
        (31, 30, TimesFault.ORDER),
        (-1, 30, TimesFault.OUTSIDE),
        (-2, 30, TimesFault.BEFORE_ISSUE),
        (59, 90, None),
        (60, 90, TimesFault.OUTSIDE),
        (550, 601, TimesFault.FUTURE),
    ],
)
def test_times_that_can_be(begun, ended, fault) -> None:
    assert rules.times_fault(START + begun * MINUTE, START + ended * MINUTE, **TIMES) is fault


CANDIDATE, ONE, TWO, THREE = 1, 2, 3, 4
COPY = CopyFacts(
    1, 1, CANDIDATE, 1, ONE, START, START, START + 30 * MINUTE, ONE, None, None, None, None, None, (), ()
)  # fmt: skip


def entered(*people: int, finished: int = 2) -> CopyFacts:
    entries = tuple(
        Entry(person, START, START if place < finished else None) for place, person in enumerate(people)
    )
    return replace(COPY, entries=entries)


def proposed(by: int) -> CopyFacts:
    return replace(entered(ONE, TWO), resolutions=(Resolution(1, {1: "null"}, False, by, START, None, None),))


@pytest.mark.parametrize(
    ("copy", "state", "expected"),
    [
        (replace(COPY, sat_until=None), CopyState.ISSUED, {}),
        (COPY, CopyState.ENTERING, {ONE: Task.ENTER, TWO: Task.ENTER, THREE: Task.ENTER}),
        (entered(ONE, finished=0), CopyState.ENTERING, {ONE: Task.ENTER, TWO: Task.ENTER, THREE: Task.ENTER}),
        (entered(ONE), CopyState.ENTERING, {TWO: Task.ENTER, THREE: Task.ENTER}),
        (entered(ONE, TWO, finished=1), CopyState.ENTERING, {TWO: Task.ENTER}),
        (entered(ONE, TWO), CopyState.DIFFERING, {ONE: Task.RESOLVE, TWO: Task.RESOLVE, THREE: Task.RESOLVE}),
        (proposed(ONE), CopyState.PROPOSED, {TWO: Task.AGREE, THREE: Task.RESOLVE}),
        (replace(entered(ONE, TWO), settled_at=START), CopyState.SETTLED, {}),
        (replace(COPY, withdrawn_at=START), CopyState.WITHDRAWN, {}),
    ],
)
def test_who_may_do_what(copy, state, expected) -> None:
    assert copy.state is state
    for person in (CANDIDATE, ONE, TWO, THREE):
        wanted = {expected[person]} if person in expected else set()
        assert rules.tasks(copy, person) == wanted, person
