"""What differs between two editions of a chapter: every changed value, by its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cstrain.policies import loader
from cstrain.policies.chapters import editable
from cstrain.policies.commands import collect_chapters
from cstrain.promotion.editions.differing import ORDER, differences

collect_chapters()
BEFORE = {
    "ref": "a",
    "edition": 1,
    "days": 5,
    "share": Decimal("75"),
    "offices": ["hr", "gm"],
    "factors": [{"id": "a", "title": "业务", "weight": 40}, {"id": "b", "title": "面试", "weight": 60}],
    "bands": [{"start": 0, "points": 0}],
    "notice": {"within": 3, "words": {"deep": "x"}},
}


def changed(**other: object) -> list[tuple[str, str, tuple[tuple[str, str, str], ...]]]:
    return [(one.what, one.text, one.values) for one in differences(BEFORE, {**BEFORE, **other})]


def test_the_same_text_and_another_number_or_equal_numbers_are_no_change() -> None:
    assert changed() == []
    assert changed(edition=2, effective_from="2027-01-01", share=Decimal("75.0")) == []


def test_plain_values_are_told_together_and_lists_in_one_piece() -> None:
    assert changed(days=7, offices=["hr"]) == [
        ("changed", "", (("days", "5", "7"), ("offices", "hr、gm", "hr")))
    ]


def test_items_are_matched_by_their_name_and_told_by_their_title() -> None:
    a, b = BEFORE["factors"]  # type: ignore[misc]
    assert changed(factors=[{**a, "weight": 30}, b]) == [
        ("changed", "factors › 业务", (("weight", "40", "30"),))
    ]
    assert changed(factors=[b, a]) == [("changed", "factors", ((ORDER, "业务、面试", "面试、业务"),))]
    assert changed(factors=[a]) == [
        ("removed", "factors › 面试", (("id", "b", ""), ("title", "面试", ""), ("weight", "60", "")))
    ]
    assert changed(bands=[{"start": 0, "points": 0}, {"start": 60, "points": 6}]) == [
        ("added", "bands › #2", (("start", "", "60"), ("points", "", "6")))
    ]


def test_deep_values_name_their_place_and_whole_parts_come_and_go() -> None:
    assert changed(notice={"within": 3, "words": {"deep": "y"}}) == [
        ("changed", "notice › words", (("deep", "x", "y"),))
    ]
    assert changed(notice=None) == [("removed", "notice", (("within", "3", ""), ("words.deep", "x", "")))]
    assert changed(days=None) == [("changed", "", (("days", "5", ""),))]


@pytest.mark.parametrize("name", editable.names())
def test_every_shipped_chapter_is_read_by_the_checks_of_an_edition(name: str) -> None:
    from cstrain.policies.yaml_source import parse
    from cstrain.promotion.editions.kinds.chapter import _faults

    one = editable.get(name)
    text = (loader.SHIPPED / one.file).read_text("utf-8")
    assert list(_faults(parse(text, one.file))) == []
    held = loader.shipped(one.model, one.file).model_dump()
    assert differences(held, held) == []
    assert {"ref", "edition", "effective_from"} <= held.keys()
