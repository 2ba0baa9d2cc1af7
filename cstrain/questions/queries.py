"""Reading banks. ``public_versions`` never touches the keys' table; ``keyed_versions`` is for marking."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import columns, session
from cstrain.kernel.errors import NotFoundError
from cstrain.questions.facts import (
    BankFacts,
    PoolQuestion,
    QuestionCount,
    QuestionLine,
    QuestionSheet,
    ShownKey,
    VersionLine,
)
from cstrain.questions.key_revisions import newest_revision as newest_revision  # what marking asks
from cstrain.questions.key_revisions import revisions_of as revisions_of  # what re-keying asks
from cstrain.questions.key_words import shown_key
from cstrain.questions.models import Bank, Question, QuestionScript, QuestionText, QuestionVersion, Topic
from cstrain.questions.question_type import question_types
from cstrain.questions.reading import keyed_versions as keyed_versions
from cstrain.questions.reading import public_versions as public_versions
from cstrain.questions.version_lines import current_versions as current_versions  # what analysis asks
from cstrain.questions.version_lines import version_lines as version_lines

_POOL = (
    sa.select(
        Question.id,
        QuestionVersion.id,
        Topic.ref,
        QuestionVersion.type,
        QuestionVersion.difficulty,
        Bank.name,
        Question.ref,
    )
    .join(QuestionVersion, QuestionVersion.id == Question.current_version_id)
    .join(Topic, Topic.id == Question.topic_id)
    .join(Bank, Bank.id == Question.bank_id)
    .where(Bank.name.in_(sa.bindparam("banks", expanding=True)), Question.retired_at.is_(None))
    .order_by(Question.id)
)
_POOL_OF_TOPICS = _POOL.where(Topic.ref.in_(sa.bindparam("topics", expanding=True)))


def pool(*banks: str, topics: Collection[str] = ()) -> list[PoolQuestion]:
    """Return the active questions of these banks in their current versions, by question id.

    ``topics``: only those of topics with one of these refs, whichever of the banks has it.
    """
    statement, asked = (_POOL_OF_TOPICS, {"topics": sorted(topics)}) if topics else (_POOL, {})
    return [PoolQuestion(*row) for row in columns(statement, asked | {"banks": banks})]


def next_turn(version_id: int, response: object) -> dict[str, Any]:
    """Return what a version's script plays next, given all that a candidate has sent.

    Raises ``NotFoundError`` for a version that plays nothing.
    """
    row = session().execute(
        sa.select(QuestionVersion.type, QuestionVersion.content, QuestionScript.script)
        .join(QuestionScript, QuestionScript.version_id == QuestionVersion.id)
        .where(QuestionVersion.id == version_id)
    )
    found = row.one_or_none()
    if found is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    return question_types().get(found.type).turn(found.content, found.script, response)


def questions_of(types: Collection[str]) -> list[int]:
    """Return the ids of all questions that have a version of one of these types, retired ones included."""
    rows = sa.select(QuestionVersion.question_id).where(QuestionVersion.type.in_(types)).distinct()
    return list(session().scalars(rows))


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


def bank(name: str) -> BankFacts:
    """Return one bank; raises ``NotFoundError``."""
    found = next((each for each in banks() if each.name == name), None)
    if found is None:
        raise NotFoundError("没有找到这个题库。请回到题库列表里选一个。")
    return found


def question_counts() -> list[QuestionCount]:
    """Return the active questions of all banks, counted by bank, topic, type and difficulty."""
    version = QuestionVersion
    rows = session().execute(
        sa.select(
            Bank.name,
            Topic.ref,
            version.type,
            version.difficulty,
            sa.func.count(),
            sa.func.sum(sa.cast(version.situation, sa.Integer)),
        )
        .select_from(Question)
        .join(Bank, Bank.id == Question.bank_id)
        .join(Topic, Topic.id == Question.topic_id)
        .join(version, version.id == Question.current_version_id)
        .where(Question.retired_at.is_(None))
        .group_by(Bank.name, Topic.ref, Topic.position, version.type, version.difficulty)
        .order_by(Bank.name, Topic.position, version.type, version.difficulty)
    )
    return [QuestionCount(*row) for row in rows]


def all_topic_titles() -> dict[str, dict[str, str]]:
    """Return the titles of all topics by bank and ref, in order."""
    rows = session().execute(
        sa.select(Bank.name, Topic.ref, Topic.title)
        .join(Bank, Bank.id == Topic.bank_id)
        .order_by(Bank.name, Topic.position)
    )
    found: dict[str, dict[str, str]] = {}
    for name, ref, title in rows:
        found.setdefault(name, {})[ref] = title
    return found


def _lines(*conditions: sa.ColumnElement[bool]) -> sa.Select[Question, QuestionVersion, Topic, str]:
    return (
        sa.select(Question, QuestionVersion, Topic, Bank.name)
        .join(QuestionVersion, QuestionVersion.id == Question.current_version_id)
        .join(Topic, Topic.id == Question.topic_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(*conditions)
    )


def _line(question: Question, version: QuestionVersion, topic: Topic, bank_name: str) -> QuestionLine:
    return QuestionLine(
        id=question.id,
        bank=bank_name,
        ref=question.ref,
        topic=topic.ref,
        topic_title=topic.title,
        version_id=version.id,
        number=version.number,
        type=version.type,
        difficulty=version.difficulty,
        situation=version.situation,
        stem=version.content["stem"],
        retired=question.retired_at is not None,
    )


def active_lines(name: str | None = None) -> list[QuestionLine]:
    """Return every active question, of one bank if named."""
    conditions: list[sa.ColumnElement[bool]] = [Question.retired_at.is_(None)]
    if name is not None:
        conditions.append(Bank.name == name)
    return [_line(*row) for row in session().execute(_lines(*conditions).order_by(Question.id))]


def question_sheet(name: str, ref: str) -> QuestionSheet:
    """Return a question with all its versions, keys left out; raises ``NotFoundError``."""
    row = session().execute(_lines(Bank.name == name, Question.ref == ref)).one_or_none()
    if row is None:
        raise NotFoundError("没有找到这道题。它可能已经换了编号，请回到题库里查找。")
    types = question_types()
    versions = session().scalars(
        sa.select(QuestionVersion)
        .where(QuestionVersion.question_id == row[0].id)
        .order_by(QuestionVersion.number.desc())
    )
    lines = tuple(
        VersionLine(
            each.id,
            each.number,
            each.type,
            types.get(each.type).control,
            each.difficulty,
            each.content,
            each.source,
            each.created_at,
        )
        for each in versions
    )
    return QuestionSheet(_line(*row), bank(name).title, row[0].retired_at, lines)


def key_of(version_id: int) -> ShownKey:
    """Return the key of a version in words; the page that asks decides who may see it."""
    found = keyed_versions([version_id])[version_id]
    return shown_key(found.type, found.content, found.key, found.explanation)


def source_names() -> dict[str, int]:
    """Return the sources that active questions name, each with the number of questions that name it."""
    rows = session().execute(
        sa.select(QuestionVersion.source, sa.func.count())
        .join(Question, Question.current_version_id == QuestionVersion.id)
        .where(Question.retired_at.is_(None), QuestionVersion.source != "")
        .group_by(QuestionVersion.source)
    )
    return {row[0]: row[1] for row in rows}


def refs_by_source(page: str) -> dict[str, list[str]]:
    """Return the refs of active questions whose source lies on a lesson page, by source."""
    rows = session().execute(
        sa.select(QuestionVersion.source, Question.ref)
        .join(Question, Question.current_version_id == QuestionVersion.id)
        .where(Question.retired_at.is_(None), QuestionVersion.source.startswith(f"{page}#", autoescape=True))
    )
    found: dict[str, list[str]] = {}
    for source, ref in rows:
        found.setdefault(source, []).append(ref)
    return found


def place_of(text: str, column: sa.ColumnElement[str] | Any = None) -> sa.ColumnElement[int]:
    """Return where a folded text stands in the stored words (0: nowhere), its signs taken literally.

    ``instr`` on SQLite and ``strpos`` on PostgreSQL: no pattern, so nothing in the text is a wildcard.
    """
    words = QuestionText.words if column is None else column
    name = "strpos" if session().get_bind().dialect.name == "postgresql" else "instr"
    place: sa.ColumnElement[int] = getattr(sa.func, name)(words, text, type_=sa.Integer)
    return place
