"""Fields of the editor, without pages: typed, kept, said; every shipped question keeps its meaning."""

from __future__ import annotations

import json

import pytest
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from cstrain.bundled import bundled
from cstrain.questions.authoring.differing import differing
from cstrain.questions.authoring.editing.editor import EDITORS, editor_of, editors
from cstrain.questions.authoring.editing.looking import in_words
from cstrain.questions.authoring.editing.rows import gapped
from cstrain.questions.authoring.editing.typed import Typed, act_of
from cstrain.questions.authoring.facts import TopicLine
from cstrain.questions.authoring.rules import may_decide, may_write
from cstrain.questions.authoring.trees import Node, in_order
from cstrain.questions.bank_source import read_banks
from cstrain.questions.exchange.exporting import fields_of
from cstrain.questions.question_type import question_types
from cstrain.questions.tags import clean_tags
from cstrain.wording.said import say
from tests.questions.authoring.makers import KINDS, whole


def test_every_type_has_its_own_editor_whose_fields_are_those_of_the_type() -> None:
    assert set(editors().names()) == set(question_types().names())
    for kind in question_types():
        name = next(each for each in question_types().names() if question_types().get(each) is kind)
        keys = {key for each in editor_of(name).every for key in each.keys}
        assert keys <= set(kind.model_fields), name
        needed = {key for key, each in kind.model_fields.items() if each.is_required()}
        assert needed - keys <= {"id", "type"}, name


def test_a_type_without_an_editor_is_typed_as_yaml(app, monkeypatch) -> None:
    monkeypatch.setattr(EDITORS, "_kinds", {})
    monkeypatch.setattr("cstrain.questions.authoring.editing.editor.editors", lambda: EDITORS)
    editor = editor_of.__wrapped__("matching")
    with app.test_request_context():
        states = editor.held(whole("matching"))
        assert editor.written("matching", states)["pairs"] == whole("matching")["pairs"]


@pytest.mark.parametrize("folder", sorted(bundled("question_banks").iterdir()), ids=lambda each: each.name)
def test_every_shipped_question_means_the_same_after_the_editor(folder) -> None:
    for bank in read_banks(folder).banks:
        for question in bank.questions:
            fields = fields_of(question)
            editor, kind = editor_of(question.type), question_types().get(question.type)
            written = editor.written(question.type, editor.held(fields))
            before, after = (
                kind.model_validate_json(json.dumps({**each, "id": question.id}), strict=True)
                for each in (fields, written)
            )
            assert before == after, question.id


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_question_says_changes_with_every_field(app, kind) -> None:
    editor = editor_of(kind)
    with app.test_request_context():
        states = editor.held(whole(kind))
        said = list(editor.said(states, with_key=True))
        assert len(said) >= 3 and all(label for label, _text in said)
        open_said = list(editor.said(states, with_key=False))
        assert len(open_said) < len(said)
        changed = {**states, "stem": "完全换了一个说法"}
        (first, *_) = differing(said, editor.said(changed, with_key=True))
        assert first.what == "changed" and {each.kind for each in first.pieces} == {"removed", "added"}


def test_rows_are_read_in_the_order_of_the_page_each_once() -> None:
    form = Typed(MultiDict([("r", "2"), ("r", "0"), ("r", "2"), ("r", "x"), ("r", "-1"), ("r", "12345")]))
    assert form.tokens("r", 9) == ["2", "0"] and form.tokens("r", 1) == ["2"]
    assert form.text("nothing") == "" and not form.ticked("nothing")


@pytest.mark.parametrize("value", ["", "save", "add", "add:", "dance:r:1", "::"])
def test_other_buttons_do_nothing_to_rows(value: str) -> None:
    assert act_of(value) is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("先（ ）再(  )", "先____再____"),
        ("共＿＿＿天__", "共____天____"),
        ("第（1）步", "第（1）步"),
        ("a_b", "a_b"),
        ("（　　）", "____"),
    ],
)
def test_gaps_are_known_however_they_are_written(written: str, kept: str) -> None:
    assert gapped(written) == kept


def test_topics_stand_below_their_parents() -> None:
    nodes = [
        Node(1, "a", "甲", 3, 0),
        Node(2, "b", "乙", None, 4),
        Node(3, "c", "丙", 2, 0),
        Node(4, "d", "丁", 9, 0),
    ]
    assert in_order(nodes) == (
        TopicLine("b", "乙", 0, "", 4),
        TopicLine("c", "丙", 1, "b", 0),
        TopicLine("a", "甲", 2, "c", 0),
        TopicLine("d", "丁", 0, "", 0),
    )


def test_tags_are_cleaned_and_drafts_know_who_may_do_what() -> None:
    assert clean_tags(["  发 货 ", "发 货", "", "长" * 31]) == ("发 货",)
    assert len(clean_tags([str(each) for each in range(50)])) == 20
    assert may_write("draft") and may_write("returned") and not may_write("review")
    assert (
        may_decide("review", [1], 2) and not may_decide("review", [1], 1) and not may_decide("draft", [1], 2)
    )


def test_fields_that_are_added_and_gone_are_named() -> None:
    found = differing([("题干", "一"), ("选项A", "甲")], [("题干", "一"), ("解析", "因为")])
    assert [(each.label, each.what) for each in found] == [("解析", "added"), ("选项A", "removed")]


def test_a_fault_names_fields_as_the_page_does_and_says_nothing_of_quotes(app) -> None:
    stem = {"stem": editor_of("essay").every[0]}
    text = say("%(name)s%(why)s", name="“stem”", why=say("应为文字；像数字、true、false 的文字要加引号。"))
    with app.test_request_context():
        assert in_words(text, stem) == "“题干”应为文字。"
        assert in_words("没有人译过的话。", stem) == "没有人译过的话。"
    with app.test_request_context(), force_locale("en"):
        assert in_words(say("缺少“%(name)s”，请补上。", name="stem"), {}) == "“stem” is missing; add it."
        assert in_words(text, stem) == "“Stem” must be text."
