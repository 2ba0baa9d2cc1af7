"""A stored bank is exported as it counts today; what cannot be said is left out by name, never otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.bank_source import read_banks
from cstrain.questions.exchange.exporting import NOT_SAYABLE, OTHER_RUBRIC, exported
from cstrain.questions.exchange.stored_drafts import stored_drafts, stored_questions
from cstrain.questions.facts import NewKey
from cstrain.questions.models import Question, QuestionVersion
from cstrain.questions.service import load_banks, revise_key
from cstrain.questions.store import digest_of
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories.chats import chat_fields
from tests.factories.people import make_person
from tests.factories.questions import load_bank
from tests.questions.makers import MORE, OWN, fields
from tests.questions.test_written_fields import BANKS, SAMPLES, read

KINDS = (*OWN, *MORE)
CHANGED = {"difficulty": 3, "situation": True}


def revise(ref: str, kind: str, key: dict, explanation: str = "更正过的解析") -> None:
    version = session().scalar(
        sa.select(QuestionVersion.id)
        .join(Question, Question.current_version_id == QuestionVersion.id)
        .where(Question.ref == ref)
    )
    with unit_of_work():
        one, two = make_person("c101"), make_person("c102")
        revise_key(two, START, NewKey(version, kind, key, explanation, "有人提出"), one, START)


def in_files(name: str) -> dict[str, SourceQuestion]:
    bank = next(each for each in read_banks(BANKS).banks if each.name == name)
    return {each.id: each for each in bank.questions}


def test_a_draft_says_all_of_a_question() -> None:
    asked = replace(read(fields("true_false", **CHANGED)), topic="one")
    drafts, left_out = exported([asked], {"one": "改址"})
    assert left_out == ()
    assert (str(drafts[0].place), drafts[0].topic, drafts[0].notes) == ("t-true_false-001", "改址", ())
    assert drafts[0].fields == fields("true_false", **CHANGED)
    assert exported([asked]).drafts[0].topic == "one"


def test_a_corrected_key_that_the_type_cannot_say_is_left_out_by_name() -> None:
    asked = read(fields("single_choice"))
    broken = replace(asked, key={**asked.key, "right": ["1", "2"]})
    drafts, left_out = exported([asked, broken])
    assert len(drafts) == 1
    assert [(str(each.place), each.message) for each in left_out] == [(asked.id, NOT_SAYABLE)]


def test_an_older_edition_of_the_shared_rubric_is_told() -> None:
    asked = read(chat_fields())
    older = replace(asked, key={**asked.key, "rubric": asked.key["rubric"][:1]})
    assert exported([older]).drafts[0].notes == (OTHER_RUBRIC,)
    assert exported([asked]).drafts[0].notes == ()


@pytest.mark.both_databases
@pytest.mark.usefixtures("context")
def test_a_stored_bank_of_every_type_is_exported_as_its_file_says(tmp_path) -> None:
    load_bank(tmp_path / "all", [each | {"id": f"q-{at}"} for at, each in enumerate(SAMPLES)])
    drafts, left_out = stored_drafts("all")
    assert left_out == ()
    assert [each.fields["id"] for each in drafts] == [f"q-{at}" for at in range(len(SAMPLES))]
    assert {each.topic for each in drafts} == {"一"}
    assert {each.topic for each in stored_drafts("all", by_title=False).drafts} == {"one"}
    for each, sample in zip(drafts, SAMPLES, strict=True):
        wanted = digest_of(read({**sample, "id": each.fields["id"]}))
        assert digest_of(read(dict(each.fields))) == wanted, sample["type"]


@pytest.mark.usefixtures("context")
def test_shipped_banks_are_exported_as_their_files_say() -> None:
    with unit_of_work():
        load_banks(START)
    for name in ("service", "oa"):
        kept, files = stored_questions(name), in_files(name)
        assert {each.id: digest_of(each) for each in kept} == {
            ref: digest_of(each) for ref, each in files.items()
        }
        assert len(stored_drafts(name).drafts) == len(files)


def test_a_bank_is_read_in_the_same_few_statements_however_big_it_is(app, tmp_path) -> None:
    sent = {}
    for size in (1, 12):
        with app.app_context():
            many = [fields("true_false", id=f"q-{at}", stem=f"第{at}个说法对吗？") for at in range(size)]
            load_bank(tmp_path / f"bank{size}", many)
        with app.app_context(), counted(app) as statements:
            assert len(stored_drafts(f"bank{size}").drafts) == size
            sent[size] = len(statements)
    assert sent[1] == sent[12] <= 6


@pytest.mark.usefixtures("context")
def test_only_what_is_active_is_exported_in_its_newest_wording(tmp_path) -> None:
    asked = [fields(kind) for kind in KINDS]
    load_bank(tmp_path / "some", asked)
    load_bank(tmp_path / "some", [{**asked[0], "stem": "新的题干，怎么答？"}, *asked[2:]])
    kept = {each.fields["id"]: each.fields for each in stored_drafts("some").drafts}
    assert "t-multiple_choice-001" not in kept
    assert kept["t-single_choice-001"]["stem"] == "新的题干，怎么答？"


@pytest.mark.usefixtures("context")
def test_the_key_that_counts_is_exported(tmp_path) -> None:
    load_bank(tmp_path / "some", [fields("true_false"), fields("fill_in"), fields("single_choice")])
    revise("t-true_false-001", "key", {"right": True})
    kept = {each.fields["id"]: each.fields for each in stored_drafts("some").drafts}
    assert kept["t-true_false-001"]["answer"] is True
    assert kept["t-true_false-001"]["explanation"] == "更正过的解析"
    assert kept["t-fill_in-001"]["blanks"] == OWN["fill_in"]["blanks"]


@pytest.mark.usefixtures("context")
def test_a_question_whose_corrected_key_cannot_be_said_is_named(tmp_path) -> None:
    load_bank(tmp_path / "some", [fields("true_false"), fields("single_choice")])
    revise("t-single_choice-001", "key", {"right": ["0", "1"], "options": ["0", "1", "2", "3"]})
    found = stored_drafts("some")
    assert [each.fields["id"] for each in found.drafts] == ["t-true_false-001"]
    assert [str(each.place) for each in found.left_out] == ["t-single_choice-001"]


@pytest.mark.usefixtures("context")
def test_a_credited_question_keeps_its_first_key(tmp_path) -> None:
    load_bank(tmp_path / "some", [fields("true_false")])
    revise("t-true_false-001", "credit", {})
    assert stored_drafts("some").drafts[0].fields["answer"] is False


@pytest.mark.usefixtures("context")
def test_a_bank_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        stored_drafts("nowhere")
