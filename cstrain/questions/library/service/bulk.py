"""Acts on many questions: move, tag, untag, retire, restore."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring.rules import LONG_TAG
from cstrain.questions.library.facts import MOST_AT_ONCE, BulkAct, BulkPlan, Standing
from cstrain.questions.library.queries import standings
from cstrain.questions.library.rules import detail_of, plan, tags_changed
from cstrain.questions.models import Question, QuestionBulk, QuestionEvent, QuestionTag, Topic
from cstrain.questions.tags import MOST_TAG, overlong_tag

EVENTS = {"move": "moved", "tag": "tagged", "untag": "tagged", "retire": "retired", "restore": "restored"}


def look_at(act: BulkAct, ids: Collection[int], *, lock: bool = False) -> tuple[BulkPlan, int | None]:
    """Return what an act would change and leave, and the topic a move goes to; writes nothing.

    Raises ``DomainError`` for none or too many questions, a topic that is not of their bank, no tags.
    """
    if len(ids) > MOST_AT_ONCE:
        raise DomainError("一次最多改%(most)s题。请先缩小范围再选。", most=MOST_AT_ONCE)
    questions = standings(ids, lock=lock)
    if not questions:
        raise DomainError("还没有选题目。请回到列表，勾选题目后再操作。")
    if act.kind in {"tag", "untag"} and not act.tags:
        raise DomainError("还没有写标签。请写一个标签，几个标签用逗号隔开。")
    if tag := overlong_tag(act.tags):
        raise DomainError(LONG_TAG, tag=tag[:MOST_TAG], most=MOST_TAG)
    topic_id = _target(act, questions) if act.kind == "move" else None
    return plan(act, questions, topic_id), topic_id


def _target(act: BulkAct, questions: Sequence[Standing]) -> int:
    banks = {each.bank_id for each in questions}
    if len(banks) > 1:
        raise DomainError("选中的题在不同的题库里，主题只能在同一个题库里换。请按题库筛选后再选。")
    topic = session().scalar(sa.select(Topic.id).where(Topic.bank_id.in_(banks), Topic.ref == act.topic))
    if topic is None:
        raise DomainError("题库里没有主题“%(topic)s”。请在列表里选一个，或者先新建主题。", topic=act.topic)
    return topic


def act_on(act: BulkAct, ids: Collection[int], by: PersonId, now: datetime, reason: str) -> QuestionBulk:
    """Do an act on many questions, those that need none left as they are; it can be undone as a whole.

    Raises what ``look_at`` raises, and ``ConflictError`` when there is nothing to change (any more).
    """
    found, topic_id = look_at(act, ids, lock=True)
    if not found.changes:
        raise ConflictError("选中的题没有一道要改：可能别人刚刚改过。请回到列表重新选。")
    bulk = QuestionBulk(kind=act.kind, person_id=by, at=now, questions=len(found.changes), note=reason)
    session().add(bulk)
    session().flush()
    _change(act, found.changes, topic_id, by, now)
    add_events(
        {each.id: detail_of(act, each, topic_id) for each in found.changes},
        QuestionEvent(kind=EVENTS[act.kind], person_id=by, at=now, note=reason, bulk_id=bulk.id),
    )
    record(by, f"questions.{act.kind}", f"question_bulk:{bulk.id}", questions=bulk.questions)
    session().flush()
    session().expire_all()  # the bulk statements went past the loaded rows
    return bulk


def _change(
    act: BulkAct, questions: Sequence[Standing], topic_id: int | None, by: PersonId, now: datetime
) -> None:
    ids = [each.id for each in questions]
    if act.kind in {"tag", "untag"}:
        change_tags({each.id: tags_changed(act, each.tags) for each in questions}, adds=act.kind == "tag")
        return
    values: dict[str, Any] = {"topic_id": topic_id, "placed_by": by}
    if act.kind == "retire":
        values = {"retired_at": now, "retired_by": by}
    elif act.kind == "restore":
        values = {"retired_at": None, "retired_by": None}
    session().execute(
        sa.update(Question).where(Question.id.in_(ids)).values(values),
        execution_options={"synchronize_session": False},
    )


def change_tags(tags: dict[int, list[str]], *, adds: bool) -> None:
    """Put tags on questions that lack them, or take off those that have them; by question id."""
    if adds:
        rows = [{"question_id": each, "tag": tag} for each, found in tags.items() for tag in found]
        session().execute(sa.insert(QuestionTag), rows)
        return
    by_tag: dict[str, list[int]] = {}
    for each, found in tags.items():
        for tag in found:
            by_tag.setdefault(tag, []).append(each)
    for tag, ids in by_tag.items():
        gone = sa.delete(QuestionTag).where(QuestionTag.tag == tag, QuestionTag.question_id.in_(ids))
        session().execute(gone, execution_options={"synchronize_session": False})


def add_events(details: dict[int, dict[str, Any]], event: QuestionEvent) -> None:
    """Add an event like this one to each question, with its detail."""
    common = {name: getattr(event, name) for name in ("kind", "person_id", "at", "note", "bulk_id")}
    rows = [{**common, "question_id": each, "detail": detail} for each, detail in details.items()]
    session().execute(sa.insert(QuestionEvent), rows)
