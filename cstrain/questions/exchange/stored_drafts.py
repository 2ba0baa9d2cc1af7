"""All questions of a stored bank as they are to be exported, keys included: whoever asks decides who may."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.exchange.exporting import Exported, exported
from cstrain.questions.key_revisions import counting
from cstrain.questions.models import Bank, Question, QuestionKey, QuestionScript, QuestionVersion, Topic
from cstrain.questions.queries import bank, topic_titles


def stored_drafts(name: str, *, by_title: bool = True) -> Exported:
    """Return the active questions of a bank by topic and age; raises ``NotFoundError`` for an unknown bank.

    ``by_title``: drafts name their topic by its title, else by its id as the files of a bank do.
    """
    titles = topic_titles(bank(name).name)
    return exported(stored_questions(name), titles if by_title else None)


def stored_questions(name: str) -> list[SourceQuestion]:
    """Return the active questions of a bank in their current versions, with the keys that count."""
    revised = counting()
    rows = session().execute(
        sa.select(
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
        .where(Bank.name == name, Question.retired_at.is_(None))
        .order_by(Topic.position, Question.id)
    )
    return [_question(name, row) for row in rows]


def _question(bank_name: str, row: sa.Row[Any]) -> SourceQuestion:
    return SourceQuestion(
        id=row.ref,
        bank=bank_name,
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
