"""All questions of a stored bank as they are to be exported, keys included: whoever asks decides who may."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.exchange.exporting import Exported, exported
from cstrain.questions.facts import TopicPath
from cstrain.questions.key_revisions import counting
from cstrain.questions.models import (
    Bank,
    Question,
    QuestionKey,
    QuestionScript,
    QuestionTag,
    QuestionVersion,
    Topic,
)
from cstrain.questions.queries import bank


def stored_drafts(name: str, *, by_title: bool = True) -> Exported:
    """Return the active questions of a bank by topic and age; raises ``NotFoundError`` for an unknown bank.

    ``by_title``: drafts name their topic by its title, else by its id as the files of a bank do.
    """
    row = session().scalar(sa.select(Bank.id).where(Bank.name == bank(name).name))
    titles = {each.ref: each.path for each in topic_paths(row or 0)}
    return exported(stored_questions(name), titles if by_title else None, _tags(name))


def topic_paths(bank_id: int) -> list[TopicPath]:
    """Return the topics of a bank in order, each with its titles from the top, as files name it."""
    rows = session().scalars(
        sa.select(Topic).where(Topic.bank_id == bank_id).order_by(Topic.position, Topic.id)
    )
    by_id = {row.id: row for row in rows}
    return [TopicPath(row.id, row.ref, "/".join(_titles(row, by_id))) for row in by_id.values()]


def _titles(topic: Topic, by_id: dict[int, Topic]) -> list[str]:
    titles = [topic.title]
    while topic.parent_id is not None and len(titles) < len(by_id):
        topic = by_id[topic.parent_id]
        titles.insert(0, topic.title)
    return titles


def _tags(name: str) -> dict[str, tuple[str, ...]]:
    rows = session().execute(
        sa.select(Question.ref, QuestionTag.tag)
        .join(QuestionTag, QuestionTag.question_id == Question.id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Bank.name == name)
        .order_by(QuestionTag.tag)
    )
    found: dict[str, tuple[str, ...]] = {}
    for ref, tag in rows:
        found[ref] = (*found.get(ref, ()), tag)
    return found


def stored_questions(name: str) -> list[SourceQuestion]:
    """Return the active questions of a bank in their current versions, with the keys that count."""
    wanted = _keyed().where(Bank.name == name, Question.retired_at.is_(None))
    return [_question(row) for row in session().execute(wanted.order_by(Topic.position, Question.id))]


def stored_question(question_id: int) -> SourceQuestion:
    """Return a question in its current version, with the key that counts; it must have one."""
    return _question(session().execute(_keyed().where(Question.id == question_id)).one())


def _keyed() -> sa.Select[*tuple[Any, ...]]:
    revised = counting()
    return (
        sa.select(
            Bank.name.label("bank"),
            Question.ref,
            Topic.ref.label("topic"),
            QuestionVersion,
            QuestionKey,
            QuestionScript.script,
            revised.c.kind,
            revised.c.key.label("newer"),
            revised.c.explanation.label("newer_explanation"),
        )
        .join(Bank, Bank.id == Question.bank_id)
        .join(Topic, Topic.id == Question.topic_id)
        .join(QuestionVersion, QuestionVersion.id == Question.current_version_id)
        .join(QuestionKey, QuestionKey.version_id == QuestionVersion.id)
        .outerjoin(QuestionScript, QuestionScript.version_id == QuestionVersion.id)
        .outerjoin(revised, revised.c.version_id == QuestionVersion.id)
    )


def _question(row: sa.Row[Any]) -> SourceQuestion:
    return SourceQuestion(
        id=row.ref,
        bank=row.bank,
        topic=row.topic,
        type=row.QuestionVersion.type,
        difficulty=row.QuestionVersion.difficulty,
        situation=row.QuestionVersion.situation,
        content=row.QuestionVersion.content,
        key=row.newer if row.kind == "key" else row.QuestionKey.key,
        explanation=row.newer_explanation if row.kind else row.QuestionKey.explanation,
        source=row.QuestionVersion.source,
        file="",
        line=1,
        script=row.script,
    )
