"""What is written as YAML is read back the same, whatever the texts hold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstrain.policies.yaml_source import parse
from cstrain.policies.yaml_writing import DEEPEST, as_yaml, plain_data

MARKS = st.text(" -:#&*!|>%@`'\"\\,[]{}?~=<\n\t0123.甲字a\xa0\x85\u2028\ufeff\u3000\x07", max_size=12)
TEXT = st.text(st.characters(codec="utf-8"), max_size=30) | MARKS
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | TEXT
KEYS = (TEXT | st.sampled_from(["true", "1", "options"])).filter(bool)
DATA = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=14
)


@settings(max_examples=800, deadline=None)
@given(DATA, st.integers(0, 2))
def test_what_is_written_reads_the_same(data: object, step: int) -> None:
    plain = plain_data(data)
    text = as_yaml(plain, indent=2 * step, blocks=frozenset({"options"}))
    assert parse(text, "x").data == plain
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"stem": "怎么答？"}, "stem: 怎么答？\n"),
        ({"stem": "15:20"}, 'stem: "15:20"\n'),
        ({"stem": "no"}, 'stem: "no"\n'),
        ({"stem": " 前面有空格"}, 'stem: " 前面有空格"\n'),
        ({"stem": "a: b # c"}, 'stem: "a: b # c"\n'),
        ({"stem": "page#标题"}, "stem: page#标题\n"),
        ({"text": "一\n\n二\n"}, "text: |\n  一\n\n  二\n"),
        ({"text": "一\n二"}, "text: |-\n  一\n  二\n"),
        ({"text": "一 \n二"}, 'text: "一 \\n二"\n'),
        ({"text": "\n二"}, 'text: "\\n二"\n'),
        ({"answer": ["A", "C"]}, "answer: [A, C]\n"),
        ({"options": ["甲", "乙"]}, "options:\n  - 甲\n  - 乙\n"),
        ({"pairs": [["左", "右"]]}, "pairs:\n  - [左, 右]\n"),
        ({"rubric": [{"id": "tone", "of": 2}]}, "rubric:\n  - {id: tone, of: 2}\n"),
        ({"a": [], "b": {}, "c": None, "d": True}, "a: []\nb: {}\nc: null\nd: true\n"),
        ({"of": 2.5, "to": -3}, "of: 2.5\nto: -3\n"),
        ({"any_of": ["18:00前", "a,b"]}, 'any_of: ["18:00前", "a,b"]\n'),
        ([["a", ["b"]]], "- [a, [b]]\n"),
    ],
)
def test_it_looks_like_the_shipped_banks(data: object, text: str) -> None:
    assert as_yaml(data, blocks=frozenset({"options"})) == text


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        (0.1, 0.1),
        (1e-6, "0.000001"),
        (10**16, "10000000000000000"),
        (Decimal("2.50"), "2.50"),
        (Decimal("2.5"), 2.5),
        (Decimal("1E+2"), 100),
        (float("nan"), "nan"),
    ],
)
def test_numbers_that_yaml_could_not_say_exactly_become_text(number: object, kept: object) -> None:
    assert plain_data(number) == kept
    assert type(plain_data(number)) is type(kept)


def test_what_is_no_plain_data_or_too_deep_is_refused() -> None:
    with pytest.raises(ValueError, match="no plain data"):
        plain_data({"a": object()})
    deep: object = "x"
    for _ in range(DEEPEST + 1):
        deep = [deep]
    with pytest.raises(ValueError, match="deep"):
        plain_data(deep)
