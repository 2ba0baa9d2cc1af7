"""What a search asks of the database: conditions, the joins they need, orders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session, zone
from cstrain.questions.authoring.queries import open_drafts
from cstrain.questions.folding import squeeze
from cstrain.questions.library.facts import MOST_TEXT, TopicChoice, Wanted
from cstrain.questions.library.rules import TopicNode, is_latin, tree, with_all_below
from cstrain.questions.models import Bank, Question, QuestionTag, QuestionText, QuestionVersion, Topic
from cstrain.questions.queries import place_of
from cstrain.questions.slots import paper_desk

Condition = sa.ColumnElement[bool]


def topics_of(bank: str) -> list[TopicChoice]:
    """Return a bank's topics as a tree, in order."""
    rows = session().execute(
        sa.select(Topic.id, Topic.ref, Topic.title, Topic.parent_id)
        .join(Bank, Bank.id == Topic.bank_id)
        .where(Bank.name == bank)
        .order_by(Topic.position, Topic.id)
    )
    return tree([TopicNode(*row) for row in rows])


def folded(text: str) -> str:
    """Return a typed search as the stored words are folded, cut to what is looked at."""
    return squeeze(text[: 4 * MOST_TEXT])[:MOST_TEXT]


def holds(text: str) -> Condition:
    """Return the condition that a question holds a folded text, or letters that begin its words in pinyin."""
    inside = place_of(text) > 0
    return inside | (place_of(text, QuestionText.initials) > 0) if is_latin(text) else inside


def narrowed(wanted: Wanted, topics: Collection[TopicChoice]) -> sa.Select[int]:
    """Select the ids of the questions that fit everything but the text; ``topics`` are those of the bank."""
    conditions = [*_of_question(wanted, list(topics)), *_of_use(wanted)]
    found = sa.select(Question.id)
    worded = _of_version(wanted)
    if worded:
        found = found.outerjoin(QuestionVersion, QuestionVersion.id == Question.current_version_id)
    return found.where(*conditions, *worded)


def with_text(found: sa.Select[int], text: str) -> sa.Select[int]:
    """Narrow a selection to the questions that hold a folded text; an empty one narrows nothing."""
    if not text:
        return found
    return found.join(QuestionText, QuestionText.question_id == Question.id).where(holds(text))


def _of_question(wanted: Wanted, topics: list[TopicChoice]) -> list[Condition]:
    conditions = [*_of_state(wanted.state)]
    if wanted.bank:
        bank = sa.select(Bank.id).where(Bank.name == wanted.bank).scalar_subquery()
        conditions.append(Question.bank_id == bank)
    if wanted.bank and wanted.topic:
        conditions.append(Question.topic_id.in_(with_all_below(topics, wanted.topic)))
    if wanted.origin:
        conditions.append(Question.origin == wanted.origin)
    if wanted.tag:
        tagged = sa.select(QuestionTag.question_id).where(QuestionTag.tag == wanted.tag)
        conditions.append(Question.id.in_(tagged))
    return conditions


def _of_state(state: str) -> list[Condition]:
    in_use, kept = Question.current_version_id.is_not(None), Question.retired_at.is_(None)
    drafts = open_drafts().subquery()
    changing = Question.id.in_(sa.select(drafts.c.question_id))
    found: dict[str, list[Condition]] = {
        "": [kept],
        "live": [kept, in_use],
        "new": [kept, Question.current_version_id.is_(None)],
        "changing": [kept, in_use, changing],
        "retired": [Question.retired_at.is_not(None)],
    }
    return found.get(state, [])


def _of_version(wanted: Wanted) -> list[Condition]:
    version = QuestionVersion
    conditions: list[Condition] = []
    if wanted.type:
        conditions.append((version.type == wanted.type) | _is_drafted("type", wanted.type))
    if wanted.difficulty is not None:
        level = str(wanted.difficulty)
        conditions.append((version.difficulty == wanted.difficulty) | _is_drafted("difficulty", level))
    if wanted.source == "-":
        conditions.append(version.source == "")
    elif wanted.source:
        heading = version.source.startswith(f"{wanted.source}#", autoescape=True)
        conditions.append((version.source == wanted.source) | heading)
    if wanted.rule_version:
        conditions.append(version.rule_version == wanted.rule_version)
    return conditions


def _is_drafted(name: str, value: str) -> Condition:
    """Return the condition that a question without a version says so in its draft."""
    drafts = open_drafts().subquery()
    said = sa.select(drafts.c.question_id).where(drafts.c[name] == value)
    return Question.current_version_id.is_(None) & Question.id.in_(said)


def _of_use(wanted: Wanted) -> list[Condition]:
    desk = paper_desk.filling
    if desk is None:
        return []
    conditions: list[Condition] = []
    if wanted.use == "never":
        conditions.append(Question.id.not_in(desk.ever_asked()))
    if wanted.asked_from or wanted.asked_to:
        asked = desk.asked().subquery()
        days = sa.select(asked.c.question_id)
        if wanted.asked_from:
            days = days.where(asked.c.last >= _midnight(datetime.combine(wanted.asked_from, time.min)))
        if wanted.asked_to:
            after = datetime.combine(wanted.asked_to, time.min) + timedelta(days=1)
            days = days.where(asked.c.last < _midnight(after))
        conditions.append(Question.id.in_(days))
    return conditions


def _midnight(local: datetime) -> datetime:
    return local.replace(tzinfo=zone()).astimezone(UTC)


def in_order(found: sa.Select[int], order: str, *, backwards: bool = False) -> sa.Select[int]:
    """Put the questions in order: ``newest``, ``ref`` (by bank), ``used`` (most first)."""
    columns: list[Any] = [Question.id.desc()]
    if order == "ref":
        columns = [Question.bank_id, Question.ref]
    elif order == "used" and paper_desk.filling is not None:
        asked = paper_desk.filling.asked().subquery()
        found = found.outerjoin(asked, asked.c.question_id == Question.id)
        columns = [sa.func.coalesce(asked.c.times, 0).desc(), Question.id.desc()]
    if backwards:
        columns = [_turned(each) for each in columns]
    return found.order_by(*columns)


def _turned(column: Any) -> Any:
    """Return a column of an order, the other way round."""
    is_down = getattr(column, "modifier", None) is sa.sql.operators.desc_op
    return column.element if is_down else sa.desc(column)
