"""Words that are translated by way of a variable have their English too."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cstrain.people import policy, staff_columns, staff_file
from cstrain.web.i18n import catalogue, worded

TABLES = [name for name in vars(policy) if name.endswith("_WORDS")]


@pytest.mark.parametrize("name", TABLES)
def test_every_word_of_a_table_has_its_english(name):
    words = catalogue("en")
    assert [word for word in getattr(policy, name).values() if worded(words, word) == word] == []


def test_every_sentence_of_the_staff_check_has_its_english():
    words = catalogue("en")
    tree = ast.parse(Path(staff_file.__file__).read_text("utf-8"))
    said = {
        call.args[1].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) in {"self._fault", "self._note"}
        and isinstance(call.args[1], ast.Constant)
    }
    said |= set(staff_columns.REFUSED_COLUMNS.values())
    assert len(said) > 15
    assert [text for text in said if worded(words, text) == text] == []


def test_roles_of_the_access_chapter_all_have_words():
    from cstrain.policies.access_chapter import load_grants

    assert set(load_grants().roles) == set(policy.ROLE_WORDS)
