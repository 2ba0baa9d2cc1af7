"""Reading banks. ``public_versions`` never touches the table of keys; ``keyed_versions`` is for marking only."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.questions.facts import BankFacts, KeyedVersion, PoolQuestion, PublicVersion
from cstrain.questions.models import Bank, Question, QuestionKey, QuestionVersion, Topic
from cstrain.questions.question_type import question_types


def pool(bank: str) -> list[PoolQuestion]:
    """Return the active questions of a bank in their current versions, by question id."""
    rows = session().execute(
        sa.select(
            Question.id, QuestionVersion.id, Topic.ref, QuestionVersion.type, QuestionVersion.difficulty
        )
        .join(QuestionVersion, QuestionVersion.id == Question.current_version_id)
        .join(Topic, Topic.id == Question.topic_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Bank.name == bank, Question.retired_at.is_(None))
        .order_by(Question.id)
    )
    return [PoolQuestion(*row) for row in rows]


def public_versions(ids: Collection[int]) -> dict[int, PublicVersion]:
    """Return what a candidate may see of the versions, by version id."""
    types = question_types()
    rows = session().execute(
        sa.select(QuestionVersion.id, QuestionVersion.type, QuestionVersion.content).where(
            QuestionVersion.id.in_(ids)
        )
    )
    return {row.id: PublicVersion(row.id, row.type, types.get(row.type).control, row.content) for row in rows}


def keyed_versions(ids: Collection[int]) -> dict[int, KeyedVersion]:
    """Return versions with their keys, by version id; only marking and released results may ask."""
    types = question_types()
    rows = session().execute(
        sa.select(QuestionVersion, QuestionKey)
        .join(QuestionKey, QuestionKey.version_id == QuestionVersion.id)
        .where(QuestionVersion.id.in_(ids))
    )
    return {
        version.id: KeyedVersion(
            version.id,
            version.type,
            types.get(version.type).control,
            version.content,
            key.key,
            key.explanation,
            version.source,
        )
        for version, key in rows.tuples()
    }


def topic_titles(bank: str) -> dict[str, str]:
    """Return the titles of a bank's topics by their refs, in order."""
    rows = session().execute(
        sa.select(Topic.ref, Topic.title)
        .join(Bank, Bank.id == Topic.bank_id)
        .where(Bank.name == bank)
        .order_by(Topic.position)
    )
    return {row.ref: row.title for row in rows}


def banks() -> list[BankFacts]:
    """Return all banks with the number of their active questions."""
    counted = (
        sa.select(Question.bank_id, sa.func.count().label("n"))
        .where(Question.retired_at.is_(None))
        .group_by(Question.bank_id)
        .subquery()
    )
    rows = session().execute(
        sa.select(Bank.name, Bank.title, Bank.description, sa.func.coalesce(counted.c.n, 0))
        .outerjoin(counted, counted.c.bank_id == Bank.id)
        .order_by(Bank.name)
    )
    return [BankFacts(*row) for row in rows]
