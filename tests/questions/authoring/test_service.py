"""Drafts: kept with the revision that was seen, decided by another person, one open draft a question."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cstrain.audit.models import AuditEntry
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.questions import queries as questions
from cstrain.questions.authoring import bank_queries, queries, service
from cstrain.questions.authoring.facts import Writing
from cstrain.questions.authoring.models import QuestionDraft
from cstrain.questions.models import Question, QuestionTag, QuestionVersion
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.questions import load_bank
from tests.questions.authoring.makers import (
    BANK,
    draft_row,
    in_review,
    in_use,
    make_bank,
    make_draft,
    trainer,
    whole,
    writing,
)
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
LATER = START + timedelta(days=1)


@pytest.fixture
def two(context) -> tuple[int, int]:
    """A writer and a reviewer, with a bank."""
    make_bank()
    return trainer(), trainer("韩雪")


def said(act) -> str:
    with pytest.raises(DomainError) as caught, unit_of_work():
        act()
    return str(caught.value)


def test_new_questions_get_the_banks_own_numbers_and_can_be_found(two) -> None:
    writer, _ = two
    for _ in range(2):
        make_draft(writer)
    refs = list(session().scalars(sa.select(Question.ref).order_by(Question.id)))
    assert refs == ["own-0001", "own-0002"]
    assert questions.pool(BANK) == [], "nothing is drawn before it was reviewed"
    asked = sa.select(AuditEntry).where(AuditEntry.action == "question.draft").order_by(AuditEntry.seq)
    entry = session().scalars(asked).first()
    assert (entry.actor_id, entry.subject) == (writer, "question:own-0001")


def test_an_accepted_draft_becomes_the_version_with_both_people(two) -> None:
    writer, reviewer = two
    draft = in_use(writer, reviewer, writing(tags=("发货", "发货", " 物流 ", "")))
    (version,) = session().scalars(sa.select(QuestionVersion)).all()
    assert (version.number, version.written_by, version.approved_by) == (1, writer, reviewer)
    assert draft_row(draft).version_id == version.id
    assert sorted(session().scalars(sa.select(QuestionTag.tag))) == ["发货", "物流"]
    assert [each.version_id for each in questions.pool(BANK)] == [version.id]
    assert [each.kind for each in queries.happenings(version.question_id)][::-1] == [
        *("written", "submitted", "accepted")
    ]


def test_nobody_reviews_what_they_ever_wrote_in(two) -> None:
    writer, reviewer = two
    draft = make_draft(writer)
    with unit_of_work():
        service.save(draft, 1, writing(stem="另一位改过的题干？"), reviewer, LATER)
        service.submit(draft, writer, LATER)
    for person in two:
        with pytest.raises(ForbiddenError), unit_of_work():
            service.accept([draft], person, LATER)
        with pytest.raises(ForbiddenError), unit_of_work():
            service.send_back(draft, person, LATER, "不行")
    third = trainer("孙立")
    assert (queries.to_review(writer), queries.to_review(reviewer), queries.to_review(third)) == (0, 0, 1)
    with unit_of_work():
        assert service.accept([draft], third, LATER) == 1


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (QuestionDraft, {"decided_by": 0, "author_id": 0}),
        (QuestionDraft, {"state": "odd"}),
        (QuestionVersion, {"written_by": 0, "approved_by": 0}),
    ],
)
def test_the_database_itself_refuses_that_one_person_decides_alone(two, table, values) -> None:
    writer, reviewer = two
    in_use(writer, reviewer)
    own = {name: writer if value == 0 else value for name, value in values.items()}
    with pytest.raises(IntegrityError), unit_of_work() as unit:
        unit.execute(sa.update(table).values(**own))


def test_a_question_has_one_open_draft(two) -> None:
    writer, reviewer = two
    in_use(writer, reviewer)
    with unit_of_work():
        first = service.revise(BANK, "own-0001", writer, LATER).id
    with unit_of_work():
        assert service.revise(BANK, "own-0001", reviewer, LATER).id == first
    row = draft_row(first)
    values = {each.name: getattr(row, each.name) for each in QuestionDraft.__table__.columns}
    with pytest.raises(IntegrityError), unit_of_work() as unit:
        unit.execute(sa.insert(QuestionDraft), [{**values, "id": 999}])


def test_two_who_begin_another_wording_at_once_share_one_draft(app, two) -> None:
    writer, reviewer = two
    in_use(writer, reviewer)
    won, refused = race(
        app,
        lambda: service.revise(BANK, "own-0001", writer, LATER).id,
        lambda: service.revise(BANK, "own-0001", reviewer, LATER).id,
    )
    assert len(set(won)) == 1 and len(won) + len(refused) == 2


def test_of_two_who_save_at_once_one_is_told(app, two) -> None:
    writer, reviewer = two
    draft = make_draft(writer)
    won, refused = race(
        app,
        lambda: service.save(draft, 1, writing(stem="甲的题干怎么样？"), writer, LATER).revision,
        lambda: service.save(draft, 1, writing(stem="乙的题干怎么样？"), reviewer, LATER).revision,
    )
    assert won == [2] and [type(each) for each in refused] == [ConflictError]
    assert draft_row(draft).revision == 2


def test_of_two_who_decide_at_once_one_is_told(app, two) -> None:
    writer, reviewer = two
    draft = in_review(writer)
    third = trainer("孙立")
    won, refused = race(
        app,
        lambda: service.accept([draft], reviewer, LATER),
        lambda: service.send_back(draft, third, LATER, "再改改"),
    )
    assert len(won) == 1 and [type(each) for each in refused] == [ConflictError]
    assert draft_row(draft).state in ("accepted", "returned")


def test_drafts_are_written_in_only_while_nobody_reviews_them(two) -> None:
    writer, reviewer = two
    draft = in_review(writer)
    assert "正在审核" in said(lambda: service.save(draft, 1, writing(), writer, LATER))
    assert "已经交审" in said(lambda: service.submit(draft, writer, LATER))
    with unit_of_work():
        service.take_back(draft, writer, LATER)
        service.save(draft, 1, writing(stem="撤回以后改的题干？"), writer, LATER)
    assert "不在审核中" in said(lambda: service.accept([draft], reviewer, LATER))
    assert "刚刚被别人改过" in said(lambda: service.save(draft, 1, writing(), writer, LATER))
    with unit_of_work():
        service.drop(draft, writer, LATER, "不要了")
    assert "不能再作废" in said(lambda: service.drop(draft, writer, LATER, "不要了"))
    assert "从没有用过" in said(lambda: service.restore(BANK, "own-0001", writer, LATER, "还要"))


def test_what_is_not_whole_is_kept_but_not_handed_in(two) -> None:
    writer, _ = two
    draft = make_draft(writer, Writing({"type": "single_choice", "stem": "只有题干"}, "general"))
    assert "还不完整" in said(lambda: service.submit(draft, writer, LATER))
    assert "没有主题" in said(lambda: service.save(draft, 1, Writing(whole(), "nowhere"), writer, LATER))
    long = Writing({**whole(), "explanation": "长" * 100_000}, "general")
    assert "太长了" in said(lambda: service.save(draft, 1, long, writer, LATER))
    with pytest.raises(NotFoundError), unit_of_work():
        service.submit(999, writer, LATER)


def test_many_are_accepted_all_or_none(two) -> None:
    writer, reviewer = two
    drafts = [in_review(writer, writing(stem=f"第{each}道怎么答？")) for each in range(3)]
    mine = in_review(reviewer)
    with pytest.raises(ForbiddenError), unit_of_work():
        service.accept([*drafts, mine], reviewer, LATER)
    assert questions.pool(BANK) == []
    with pytest.raises(NotFoundError), unit_of_work():
        service.accept([*drafts, 999], reviewer, LATER)
    with unit_of_work():
        assert service.accept(drafts, reviewer, LATER) == 3
    assert len(questions.pool(BANK)) == 3


def test_a_shipped_question_can_be_reworded_and_keeps_its_older_version(two, tmp_path) -> None:
    writer, reviewer = two
    load_bank(tmp_path / "b")
    with unit_of_work():
        draft = service.revise("b", "t-number-001", writer, LATER)
        assert draft.fields["answer"] == 1234.5
        service.save(draft.id, 1, Writing({**draft.fields, "answer": 99}, "one"), writer, LATER)
        service.submit(draft.id, writer, LATER)
        service.accept([draft.id], reviewer, LATER)
    sheet = questions.question_sheet("b", "t-number-001")
    assert [each.number for each in sheet.versions] == [2, 1]
    assert questions.key_of(sheet.current.id).words.startswith("99")
    assert [each.written_by for each in bank_queries.editions(sheet.line.id)] == [writer, None]
    (line,) = [each for each in questions.active_lines("b") if each.type == "number"]
    load_bank(tmp_path / "b")
    (after,) = [each for each in questions.active_lines("b") if each.type == "number"]
    assert after.version_id == line.version_id, "the files leave alone what people wrote"


def test_retired_questions_are_drawn_no_more_and_come_back(two) -> None:
    writer, reviewer = two
    in_use(writer, reviewer)
    with unit_of_work():
        service.retire(BANK, "own-0001", writer, LATER, "规则废止")
    assert questions.pool(BANK) == []
    assert "已经停用" in said(lambda: service.retire(BANK, "own-0001", writer, LATER, "x"))
    with unit_of_work():
        service.restore(BANK, "own-0001", writer, LATER, "恢复")
    assert len(questions.pool(BANK)) == 1
    assert "正在使用" in said(lambda: service.restore(BANK, "own-0001", writer, LATER, "x"))


def test_the_writer_hears_that_a_draft_came_back(two) -> None:
    from cstrain.notifications.queries import latest_unread

    writer, reviewer = two
    draft = in_review(writer)
    with unit_of_work():
        service.send_back(draft, reviewer, LATER, "选项太长")
    assert queries.returned_to(writer) == 1
    assert any("选项太长" in str(each) for each in latest_unread(writer))


def test_comments_stay_with_the_question(two) -> None:
    writer, reviewer = two
    make_draft(writer)
    with unit_of_work():
        service.comment(BANK, "own-0001", reviewer, LATER, "题干再具体些")
    question = session().scalar(sa.select(Question.id))
    assert [(each.person, each.text) for each in queries.comments(question)] == [(reviewer, "题干再具体些")]


def test_topics_form_a_tree(two) -> None:
    writer, _ = two
    with unit_of_work():
        first = service.add_topic(BANK, "物流", "", writer).ref
        second = service.add_topic(BANK, "退货", first, writer).ref
    lines = bank_queries.bank_sheet(BANK).topics
    assert [(each.title, each.depth, each.parent) for each in lines] == [
        ("未分类", 0, ""),
        ("物流", 0, ""),
        ("退货", 1, first),
    ]
    assert "放到自己下面" in said(lambda: service.change_topic(BANK, first, "物流", second, writer))
    assert "先移走" in said(lambda: service.remove_topic(BANK, first, writer))
    assert "已经有题库" in said(lambda: service.make_bank(service.NewBank(BANK, "又一个", ""), writer))
    with unit_of_work():
        service.remove_topic(BANK, second, writer)
    assert len(bank_queries.bank_sheet(BANK).topics) == 2


def test_alike_questions_are_found_by_what_they_say(two) -> None:
    writer, reviewer = two
    in_use(writer, reviewer)
    draft = make_draft(writer, writing(stem="顾客问什么时候发货，怎么回答？"))
    row = draft_row(draft)
    words = "顾客问什么时候发货,怎么回答?甲方案乙方案丙方案丁方案"
    (found,) = bank_queries.alike(BANK, row.question_id, "顾客问什么时候发货，怎么回答？", words)
    assert found.ref == "own-0001" and found.ratio > 80 and not found.retired
    assert bank_queries.alike(BANK, row.question_id, "短", "短") == []


def test_an_alike_question_that_was_never_in_use_is_named_by_its_draft(two) -> None:
    writer, _ = two
    other = make_draft(writer, writing(stem="顾客问：什么时候 发货，怎么答？"))
    row = draft_row(make_draft(writer))
    words = "顾客问什么时候发货,怎么答?甲方案乙方案丙方案丁方案"
    (found,) = bank_queries.alike(BANK, row.question_id, "顾客问什么时候发货，怎么答？", words)
    assert found.draft == other and found.stem == "顾客问：什么时候 发货，怎么答？"


def test_those_that_share_the_most_are_compared_first(two, monkeypatch) -> None:
    writer, reviewer = two
    in_use(writer, reviewer, writing(stem="顾客问什么时候退款，又问保价规则在哪里看？"))
    in_use(writer, reviewer, writing(stem="顾客问什么时候发货，怎么回答才合适？"))
    monkeypatch.setattr(bank_queries, "_MOST_COMPARED", 1)
    words = "顾客问什么时候发货,怎么回答才好?甲方案乙方案丙方案丁方案"
    (found,) = bank_queries.alike(BANK, 0, "顾客问什么时候发货，怎么回答才好？", words)
    assert found.ref == "own-0002"


def test_nothing_is_alike_a_text_of_other_signs(two) -> None:
    writer, reviewer = two
    in_use(writer, reviewer)
    row = draft_row(make_draft(writer))
    assert bank_queries.alike(BANK, row.question_id, "完全不同的百分号%_题干", "别的") == []
