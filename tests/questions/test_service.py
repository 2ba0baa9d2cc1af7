"""Banks come in, change, retire and return; used versions are never touched."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from cstrain.audit.models import AuditEntry
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.policies.yaml_source import SourceError
from cstrain.questions import queries
from cstrain.questions.bank_check import standards
from cstrain.questions.library.facts import Wanted
from cstrain.questions.library.queries import search
from cstrain.questions.models import Question, QuestionKey, QuestionVersion
from cstrain.questions.service import load_banks, note_key_seen
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.people import make_person
from tests.factories.questions import load_bank, some_questions
from tests.questions.makers import fields, write_bank

pytestmark = pytest.mark.usefixtures("context")
LATER = START + timedelta(days=1)


def audit(action: str) -> list[str]:
    found = sa.select(AuditEntry.subject).where(AuditEntry.action == action).order_by(AuditEntry.seq)
    return list(session().scalars(found))


def count(model) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model))


def test_all_shipped_banks_come_in_and_a_second_run_writes_nothing() -> None:
    with unit_of_work():
        done = load_banks(START)
    assert {each.bank for each in done} == set(standards().shipped_banks)
    total = sum(len(each.added) for each in done)
    assert total == count(Question) == count(QuestionVersion) == count(QuestionKey) >= 730
    with unit_of_work():
        assert not any(load_banks(LATER))
    assert len(audit("bank.load")) == len(standards().shipped_banks)
    assert count(QuestionVersion) == total


def test_every_stored_key_earns_its_samples() -> None:
    """What came out of the database marks as the file said: no key is lost or swapped on the way."""
    from cstrain.questions.question_type import question_types, unearned

    with unit_of_work():
        load_banks(START)
    ids = [each.version_id for each in queries.pool("rules")]
    for version in queries.keyed_versions(ids).values():
        assert unearned(question_types().get(version.type), version.content, version.key) == []


def test_a_changed_question_gets_another_version_and_the_old_one_stays(tmp_path) -> None:
    folder = load_bank(tmp_path / "b")
    (before,) = [each for each in queries.pool("b") if each.type == "number"]
    questions = some_questions()
    questions[4]["answer"] = 99
    write_bank(folder, questions)
    with unit_of_work():
        (done,) = load_banks(LATER, folder)
    assert (done.changed, done.added, done.retired) == (["t-number-001"], [], [])
    (after,) = [each for each in queries.pool("b") if each.type == "number"]
    assert after.question_id == before.question_id and after.version_id != before.version_id
    keyed = queries.keyed_versions([before.version_id, after.version_id])
    assert [keyed[each].key["answer"] for each in (before.version_id, after.version_id)] == ["1234.5", "99"]
    sheet = queries.question_sheet("b", "t-number-001")
    assert [version.number for version in sheet.versions] == [2, 1]
    assert sheet.current.id == after.version_id
    assert audit("question.changed") == ["question:t-number-001"]


@pytest.mark.parametrize(
    "change", [{"explanation": "另一种解释。"}, {"difficulty": 3}, {"source": "page#另一节"}]
)
def test_whatever_a_result_page_shows_makes_a_version(tmp_path, change) -> None:
    folder = load_bank(tmp_path / "b")
    write_bank(folder, [{**each, **change} for each in some_questions()])
    with unit_of_work():
        (done,) = load_banks(LATER, folder)
    assert len(done.changed) == 5


def test_a_question_that_is_gone_is_retired_and_can_return_unchanged(tmp_path) -> None:
    folder = load_bank(tmp_path / "b")
    write_bank(folder, some_questions()[1:])
    with unit_of_work():
        (done,) = load_banks(LATER, folder)
    assert done.retired == ["t-single_choice-001"]
    assert len(queries.pool("b")) == 4 and queries.bank("b").questions == 4
    assert queries.question_sheet("b", "t-single_choice-001").retired_at == LATER
    assert search(Wanted(bank="b", state="retired"), 1, None).total == 1
    write_bank(folder, some_questions())
    with unit_of_work():
        (done,) = load_banks(LATER, folder)
    assert (done.returned, done.changed) == (["t-single_choice-001"], [])
    assert len(queries.pool("b")) == 5
    assert audit("question.retired") == audit("question.returned") == ["question:t-single_choice-001"]


def test_a_renamed_bank_or_topic_is_no_new_question(tmp_path) -> None:
    folder = load_bank(tmp_path / "b")
    write_bank(folder, some_questions(), title="新名字", topics=[{"id": "one", "title": "新主题名"}])
    with unit_of_work():
        (done,) = load_banks(LATER, folder)
    assert done.head and not done.changed
    assert queries.bank("b").title == "新名字" and queries.topic_titles("b") == {"one": "新主题名"}
    assert len(audit("bank.load")) == 2


def test_a_bank_that_cannot_be_read_changes_nothing(tmp_path) -> None:
    folder = load_bank(tmp_path / "b")
    write_bank(folder, [*some_questions(), fields("number", id="t-2", answer="很多")])
    with pytest.raises(SourceError, match=r"one\.yaml"):
        load_banks(LATER, folder)
    assert len(queries.pool("b")) == 5


def test_what_a_candidate_may_see_holds_no_key(tmp_path) -> None:
    load_bank(tmp_path / "b")
    for version in queries.public_versions([each.version_id for each in queries.pool("b")]).values():
        assert set(version.content) <= {"stem", "options", "blanks", "unit"}


def test_counts_add_up_to_the_banks() -> None:
    with unit_of_work():
        load_banks(START)
    counts = queries.question_counts()
    for bank in queries.banks():
        assert sum(each.questions for each in counts if each.bank == bank.name) == bank.questions


def test_looking_at_a_key_leaves_an_entry_without_the_key(tmp_path) -> None:
    load_bank(tmp_path / "b")
    viewer = make_person(roles=["trainer"])
    with unit_of_work():
        note_key_seen(viewer, "b", "t-number-001")
    entry = session().scalar(sa.select(AuditEntry).where(AuditEntry.action == "question.key_seen"))
    assert entry.actor_id == viewer and "1234" not in entry.detail
    with unit_of_work(), pytest.raises(NotFoundError):
        note_key_seen(viewer, "b", "nowhere")


def test_a_lesson_that_loses_a_heading_names_the_questions_that_point_at_it(tmp_path) -> None:
    from cstrain.lessons.service import load_shipped
    from tests.factories.lessons import load_pages, write_page

    folder = load_pages(tmp_path / "lessons", days=(1,), handbook=None)
    load_bank(tmp_path / "b", [fields("number", source="day-01#查订单")])
    write_page(folder, "day-01", day=1, body="## 查单\n\n改了标题。\n")
    with unit_of_work():
        load_shipped(LATER, folder)
    entry = session().scalar(sa.select(AuditEntry).where(AuditEntry.action == "question.source_lost"))
    assert entry.subject == "lesson:day-01" and "t-number-001" in entry.detail
