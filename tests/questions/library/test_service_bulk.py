"""Acts on many questions and undoing them; saved searches. On both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from cstrain.audit.models import AuditEntry
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring.queries import happenings
from cstrain.questions.library import queries, service
from cstrain.questions.library.facts import BulkAct
from cstrain.questions.library.models import SavedView
from cstrain.questions.models import QuestionBulk
from cstrain.questions.service import load_banks
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.people import make_person
from tests.questions.library.makers import (
    add_topic,
    draft_new,
    draft_of,
    ids,
    make_bank,
    question,
    tag,
    tags_of,
)

LATER = START + timedelta(hours=1)


@pytest.fixture
def people(context, tmp_path) -> tuple[PersonId, PersonId]:
    """Two trainers, with a bank of six questions."""
    make_bank(tmp_path / "b")
    return PersonId(make_person("周明", roles=["trainer"])), PersonId(make_person("孙立", roles=["trainer"]))


def act_on(act: BulkAct, refs, by: PersonId, now=START) -> int:
    with unit_of_work():
        return service.act_on(act, ids(*refs), by, now, "整理").id


def undo(bulk: int, by: PersonId) -> tuple[int, tuple[str, ...]]:
    with unit_of_work():
        return tuple(service.undo(bulk, by, LATER))


def audit(action: str) -> list[str]:
    found = sa.select(AuditEntry.subject).where(AuditEntry.action == action).order_by(AuditEntry.seq)
    return list(session().scalars(found))


def test_questions_are_moved_and_put_back_by_another(people, tmp_path) -> None:
    before, there = question("q-days").topic_id, add_topic("b", "t-1")
    bulk = act_on(BulkAct("move", "t-1"), ("q-days", "q-mail"), people[0])
    assert (question("q-days").topic_id, question("q-days").placed_by) == (there, people[0])
    assert session().get_one(QuestionBulk, bulk).questions == 2
    assert [each.kind for each in happenings(ids("q-days")[0])] == ["moved"]
    with unit_of_work():
        load_banks(LATER, tmp_path / "b")
    assert question("q-days").topic_id == there  # an upgrade leaves it
    assert undo(bulk, people[1]) == (2, ())
    assert (question("q-days").topic_id, question("q-days").placed_by) == (before, None)
    assert audit("questions.move") == audit("questions.undone") == [f"question_bulk:{bulk}"]
    sheet = queries.bulk_sheet(bulk, 1)
    assert sheet.line.undone_by == people[1] and sheet.left == 0
    assert all(each.put_back for each in sheet.questions)
    with pytest.raises(ConflictError, match="已经撤销"):
        undo(bulk, people[0])


def test_undoing_leaves_what_somebody_changed_since(people) -> None:
    there, elsewhere = add_topic("b", "t-1"), add_topic("b", "t-2")
    first = act_on(BulkAct("move", "t-1"), ("q-days", "q-mail", "q-face"), people[0])
    second = act_on(BulkAct("move", "t-2"), ("q-days",), people[1], LATER)
    draft_of("b", "q-mail", people[1])
    assert undo(first, people[0]) == (1, ("q-days", "q-mail"))
    assert question("q-days").topic_id == elsewhere and question("q-mail").topic_id == there
    sheet = queries.bulk_sheet(first, 1)
    assert [(each.ref, each.put_back) for each in sheet.questions] == [
        ("q-days", False),
        ("q-mail", False),
        ("q-face", True),
    ]
    assert sheet.left == 2
    assert undo(second, people[1]) == (1, ())
    assert (question("q-days").topic_id, question("q-days").placed_by) == (there, people[0])


def test_undoing_what_is_all_changed_since_is_refused(people) -> None:
    add_topic("b", "t-1"), add_topic("b", "t-2")
    first = act_on(BulkAct("move", "t-1"), ("q-days",), people[0])
    act_on(BulkAct("move", "t-2"), ("q-days",), people[0])
    with pytest.raises(ConflictError, match="没有撤销"):
        undo(first, people[0])
    with pytest.raises(NotFoundError):
        undo(999_999, people[0])


def test_tags_are_put_on_and_taken_off_and_back(people) -> None:
    tag("q-days", "旧")
    added = act_on(BulkAct("tag", tags=("旧", "新")), ("q-days", "q-mail"), people[0])
    assert tags_of("q-days") == tags_of("q-mail") == ["新", "旧"]
    removed = act_on(BulkAct("untag", tags=("旧",)), ("q-days", "q-mail", "q-face"), people[0])
    assert session().get_one(QuestionBulk, removed).questions == 2
    assert undo(added, people[0]) == (1, ("q-mail",))  # one of the tags put on q-mail was taken off since
    assert (tags_of("q-days"), tags_of("q-mail")) == ([], ["新"])
    assert undo(removed, people[0]) == (2, ())
    assert (tags_of("q-days"), tags_of("q-mail")) == (["旧"], ["新", "旧"])


def test_questions_are_retired_and_restored_and_back(people, tmp_path) -> None:
    gone = act_on(BulkAct("retire"), ("q-days", "q-mail"), people[0])
    assert (question("q-days").retired_at, question("q-days").retired_by) == (START, people[0])
    with unit_of_work():
        load_banks(LATER, tmp_path / "b")
    assert question("q-days").retired_at == START  # an upgrade does not bring it back
    back = act_on(BulkAct("restore"), ("q-days",), people[1], LATER)
    assert question("q-days").retired_at is question("q-days").retired_by is None
    assert undo(gone, people[1]) == (1, ("q-days",))
    assert undo(back, people[0]) == (1, ())
    assert (question("q-days").retired_at, question("q-days").retired_by) == (START, people[0])


def test_what_was_restored_and_retired_and_restored_again_stays_in_use(people) -> None:
    act_on(BulkAct("retire"), ("q-days",), people[0])
    back = act_on(BulkAct("restore"), ("q-days",), people[0])
    act_on(BulkAct("retire"), ("q-days",), people[1], LATER)
    act_on(BulkAct("restore"), ("q-days",), people[1], LATER)
    with pytest.raises(ConflictError):
        undo(back, people[0])
    assert question("q-days").retired_at is None


def test_questions_with_open_drafts_and_unused_ones_are_left(people) -> None:
    draft_of("b", "q-mail", people[0])
    draft_new("b", "先____，再____。", people[0])
    plan, _ = service.look_at(BulkAct("tag", tags=("新",)), ids())
    assert (len(plan.changes), dict(plan.left)) == (5, {"drafted": 2})
    plan, _ = service.look_at(BulkAct("retire"), ids())
    assert (len(plan.changes), dict(plan.left)) == (6, {"unused": 1})


@pytest.mark.parametrize(
    ("act", "refs", "why"),
    [
        (BulkAct("move", "nowhere"), ("q-days",), "没有主题"),
        (BulkAct("move", "one"), ("q-days",), "没有一道要改"),
        (BulkAct("tag"), ("q-days",), "还没有写标签"),
        (BulkAct("restore"), ("q-days",), "没有一道要改"),
    ],
)
def test_acts_that_change_nothing_are_refused_with_the_reason(people, act, refs, why) -> None:
    with pytest.raises(DomainError, match=why):
        act_on(act, refs, people[0])
    assert session().scalar(sa.select(sa.func.count()).select_from(QuestionBulk)) == 0


def test_none_too_many_and_those_of_two_banks_are_refused(people, tmp_path) -> None:
    make_bank(tmp_path / "c", {"other": "别的题库"})
    with pytest.raises(DomainError, match="不同的题库"):
        service.look_at(BulkAct("move", "one"), ids("q-days", "other"))
    with pytest.raises(DomainError, match="还没有选"):
        service.look_at(BulkAct("retire"), [999_999])
    with pytest.raises(DomainError, match="最多改"):
        service.look_at(BulkAct("retire"), range(5_001))


def test_searches_are_kept_replaced_shared_and_removed(people) -> None:
    with unit_of_work():
        first = service.keep_view("旺季", {"text": "退货"}, people[0], START, shared=False).id
    assert queries.views_for(people[1]) == []
    with unit_of_work():
        again = service.keep_view("旺季", {"tag": "售后"}, people[0], LATER, shared=False).id
    assert first == again and queries.view_by_name(people[0], "旺季").wanted == {"tag": "售后"}
    with unit_of_work():
        service.share_view(first, people[0], shared=True)
    assert [(each.name, each.owner) for each in queries.views_for(people[1])] == [("旺季", people[0])]
    for act in (service.remove_view, lambda view, by: service.share_view(view, by, shared=False)):
        with pytest.raises(NotFoundError), unit_of_work():
            act(first, people[1])
    with unit_of_work():
        service.remove_view(first, people[0])
    assert queries.views_for(people[0]) == []


def test_an_empty_search_and_too_many_are_not_kept(people, monkeypatch) -> None:
    from cstrain.questions.library.service import views

    monkeypatch.setattr(views, "MOST_VIEWS", 1)
    with pytest.raises(DomainError, match="没有任何筛选"), unit_of_work():
        service.keep_view("空", {}, people[0], START, shared=False)
    with unit_of_work():
        service.keep_view("一", {"text": "一"}, people[0], START, shared=False)
    with pytest.raises(DomainError, match="最多保存"), unit_of_work():
        service.keep_view("二", {"text": "二"}, people[0], START, shared=False)
    assert session().scalar(sa.select(sa.func.count()).select_from(SavedView)) == 1
