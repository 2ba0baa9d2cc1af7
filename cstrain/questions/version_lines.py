"""Reading questions by the versions that were used, retired and older ones too; no key."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.questions.facts import QuestionLine
from cstrain.questions.models import Bank, Question, QuestionVersion, Topic


def version_lines(ids: Collection[int]) -> dict[int, QuestionLine]:
    """Return the question of each version as it read in that version, by version id.

    ``number`` is that version's; whether it is still drawn is told by ``current_versions``.
    """
    rows = session().execute(
        sa.select(Question, QuestionVersion, Topic, Bank.name)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(Topic, Topic.id == Question.topic_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(QuestionVersion.id.in_(ids))
    )
    return {
        version.id: QuestionLine(
            question.id,
            bank,
            question.ref,
            topic.ref,
            topic.title,
            version.id,
            version.number,
            version.type,
            version.difficulty,
            version.situation,
            version.content["stem"],
            question.retired_at is not None,
        )
        for question, version, topic, bank in rows
    }


def current_versions(ids: Collection[int]) -> set[int]:
    """Return those of the versions that are drawn today: the current ones of questions in use."""
    found = session().scalars(
        sa.select(QuestionVersion.id)
        .join(Question, Question.current_version_id == QuestionVersion.id)
        .where(QuestionVersion.id.in_(ids), Question.retired_at.is_(None))
    )
    return set(found)
