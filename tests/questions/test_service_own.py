"""What people here made of a bank stays when the product's files come in again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cstrain.extensions import session
from cstrain.questions import queries
from cstrain.questions.authoring import service
from cstrain.questions.authoring.facts import Writing
from cstrain.questions.models import Question, QuestionVersion
from cstrain.questions.service import load_banks
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.people import make_person
from tests.factories.questions import load_bank, some_questions
from tests.questions.makers import fields, write_bank

pytestmark = pytest.mark.usefixtures("context")
LATER = START + timedelta(days=30)
NUMBER = "t-number-001"


@pytest.fixture
def folder(tmp_path):
    return load_bank(tmp_path / "b")


def people():
    with unit_of_work():
        return make_person(), make_person()


def reworded(answer: float = 7) -> None:
    """Let one person write another wording of the number question, and another accept it."""
    writer, reviewer = people()
    with unit_of_work():
        draft = service.revise("b", NUMBER, writer, START)
        changed = {**draft.fields, "answer": answer}
        saved = service.save(draft.id, draft.revision, Writing(changed, "one"), writer, START)
        service.submit(saved.id, writer, START)
    with unit_of_work():
        service.accept([saved.id], reviewer, START)


def answers() -> list[str]:
    asked = queries.question_sheet("b", NUMBER)
    return [queries.keyed_versions([each.id])[each.id].key["answer"] for each in asked.versions]


def load_again(folder, questions):
    write_bank(folder, questions)
    with unit_of_work():
        (done,) = load_banks(LATER, folder)
    return done


def test_a_wording_that_people_approved_stays_when_the_file_changes(folder) -> None:
    reworded()
    assert answers() == ["7", "1234.5"]
    changed = some_questions()
    changed[4]["answer"] = 99
    done = load_again(folder, changed)
    assert (done.kept, done.changed) == ([NUMBER], [])
    assert answers() == ["7", "1234.5"]


def test_a_file_that_did_not_change_has_nothing_to_say_of_what_people_changed(folder) -> None:
    reworded()
    assert not load_again(folder, some_questions())


def test_a_question_that_people_reworded_stays_in_use_when_the_file_drops_it(folder) -> None:
    reworded()
    done = load_again(folder, some_questions()[:4])
    assert (done.kept, done.retired) == ([NUMBER], [])
    assert len(queries.pool("b")) == 5


def test_a_question_that_somebody_retired_is_not_brought_back_by_the_file(folder) -> None:
    person, _ = people()
    with unit_of_work():
        service.retire("b", NUMBER, person, START, "规则已经取消。")
    assert not load_again(folder, some_questions())
    assert len(queries.pool("b")) == 4


def test_a_question_that_somebody_moved_stays_where_it_was_put(folder) -> None:
    person, _ = people()
    with unit_of_work():
        topic = service.add_topic("b", "别处", "", person)
        question = session().query(Question).filter_by(ref=NUMBER).one()
        question.topic_id, question.placed_by = topic.id, person
    assert not load_again(folder, some_questions())
    assert queries.question_sheet("b", NUMBER).line.topic_title == "别处"


def test_an_own_question_in_a_shipped_bank_is_left_alone_even_if_a_file_takes_its_ref(folder) -> None:
    person, _ = people()
    with unit_of_work():
        draft = service.start("b", Writing(fields("single_choice"), "one"), person, START)
        ref = session().get_one(Question, draft.question_id).ref
    assert not load_again(folder, some_questions())
    done = load_again(folder, [*some_questions(), fields("true_false", id=ref)])
    assert (done.kept, done.added) == ([ref], [])
    found = session().query(QuestionVersion).filter_by(question_id=draft.question_id).count()
    assert found == 0
