"""Topics as a tree, pairs of signs, what acts on many change and undo."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cstrain.questions.library import rules
from cstrain.questions.library.facts import BulkAct, Standing
from cstrain.questions.library.rules import TopicNode
from tests.conftest import START

TOPICS = [TopicNode(1, "a", "甲", None), TopicNode(2, "b", "乙", None), TopicNode(3, "a1", "甲一", 1)]


def standing(**changes) -> Standing:
    values = {
        "id": 1,
        "ref": "q",
        "bank_id": 1,
        "topic_id": 1,
        "placed_by": None,
        "retired_at": None,
        "retired_by": None,
        "used": True,
        "drafted": False,
        "tags": frozenset({"旧"}),
    }
    return Standing(**{**values, **changes})


def test_topics_stand_with_those_below_them():
    found = rules.tree([*TOPICS, TopicNode(4, "a11", "甲一一", 3), TopicNode(5, "lost", "丢", 99)])
    assert [(each.ref, each.depth) for each in found] == [
        ("a", 0),
        ("a1", 1),
        ("a11", 2),
        ("b", 0),
        ("lost", 0),
    ]
    assert rules.with_all_below(found, "a") == [1, 3, 4]
    assert rules.with_all_below(found, "b") == [2]
    assert rules.with_all_below(found, "nowhere") == []


@pytest.mark.parametrize(
    ("text", "is_latin"),
    [("thts", True), ("th7", True), ("t", False), ("77", False), ("退t", False), ("t-", False)],
)
def test_initials_are_two_or_more_letters(text, is_latin):
    assert rules.is_latin(text) is is_latin


def test_pairs_of_a_long_text_are_spread_over_all_of_it():
    assert rules.pairs("退货退货天") == ["退货", "货退", "货天"]
    assert rules.pairs("退") == []
    found = rules.pairs("".join(chr(0x4E00 + n) for n in range(60)))
    assert len(found) == rules.MOST_PAIRS and found[-1][0] > chr(0x4E00 + 45)
    assert rules.least_shared(2) == 1 and rules.least_shared(9) == 3


@pytest.mark.parametrize(
    ("act", "changes", "why"),
    [
        (BulkAct("move", "a"), {}, "same"),
        (BulkAct("tag", tags=("旧",)), {}, "same"),
        (BulkAct("untag", tags=("新",)), {}, "same"),
        (BulkAct("untag", tags=("旧",)), {"drafted": True}, "drafted"),
        (BulkAct("retire"), {"drafted": True}, ""),
        (BulkAct("retire"), {"used": False}, "unused"),
        (BulkAct("restore"), {}, "same"),
        (BulkAct("restore"), {"retired_at": START}, ""),
    ],
)
def test_what_needs_nothing_or_may_not_is_left_with_its_reason(act, changes, why):
    found = rules.plan(act, [standing(**changes)], topic_id=1)
    assert dict(found.left) == ({why: 1} if why else {})
    assert len(found.changes) == (0 if why else 1)


@pytest.mark.parametrize(
    ("act", "before", "after", "changed"),
    [
        (
            BulkAct("move"),
            {},
            {"topic_id": 2, "placed_by": 7},
            [{"topic_id": 3, "placed_by": 8}, {"topic_id": 2, "placed_by": 8}, {"drafted": True}],
        ),
        (
            BulkAct("tag", tags=("新", "旧")),
            {},
            {"tags": frozenset({"新", "旧", "别"})},
            [{"tags": frozenset({"旧"})}, {"drafted": True}],
        ),
        (BulkAct("untag", tags=("旧",)), {}, {"tags": frozenset()}, [{"tags": frozenset({"旧"})}]),
        (
            BulkAct("retire"),
            {},
            {"retired_at": START, "retired_by": 7},
            [{"retired_at": None}, {"retired_at": START + timedelta(days=1)}, {"retired_by": 8}],
        ),
        (
            BulkAct("restore"),
            {"retired_at": START, "retired_by": None},
            {"retired_at": None},
            [{"retired_at": START}],
        ),
    ],
)
def test_undoing_reaches_only_what_stands_as_the_act_left_it(act, before, after, changed):
    detail = rules.detail_of(act, standing(**before), 2)

    def stands(**values) -> bool:
        return rules.still_stands(act.kind, standing(**values), detail, 7, START, touched=False)

    assert stands(**{**before, **after})
    assert not any(stands(**{**before, **after, **each}) for each in changed)


def test_what_was_restored_and_touched_again_is_not_retired_by_undoing():
    detail = rules.detail_of(BulkAct("restore"), standing(retired_at=START), None)
    assert detail == {"retired_at": START.isoformat(), "retired_by": None}
    assert not rules.still_stands("restore", standing(), detail, 7, START, touched=True)
