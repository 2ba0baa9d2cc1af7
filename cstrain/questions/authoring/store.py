"""Rows of drafts by key, locked where an act needs it; drafts as questions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.policies.yaml_source import SourceError
from cstrain.questions.authoring.models import QuestionDraft
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.exchange.contract import Draft, part
from cstrain.questions.exchange.drafts import completed, question_of
from cstrain.questions.models import Bank, Question, QuestionEvent, Topic
from cstrain.unit_of_work import locked

NO_QUESTION = "没有找到这道题。它可能已经换了编号，请回到题库里查找。"
NO_DRAFT = "没有找到这份稿件。它可能已经审核完，请回到稿件列表。"
NO_TOPIC = "题库里没有主题“%(topic)s”。请在列表里选一个，或者先新建主题。"


def get_bank(name: str) -> Bank:
    """Return a bank; raises ``NotFoundError``."""
    row = session().scalar(sa.select(Bank).where(Bank.name == name))
    if row is None:
        raise NotFoundError("没有找到这个题库。请回到题库列表里选一个。")
    return row


def get_topic(bank_id: int, ref: str) -> Topic:
    """Return a topic of a bank; raises ``DomainError``."""
    row = session().scalar(sa.select(Topic).where(Topic.bank_id == bank_id, Topic.ref == ref))
    if row is None:
        raise DomainError(NO_TOPIC, topic=ref)
    return row


def get_question(bank: str, ref: str, *, lock: bool = False) -> Question:
    """Return a question; raises ``NotFoundError``."""
    asked = sa.select(Question).join(Bank, Bank.id == Question.bank_id)
    asked = asked.where(Bank.name == bank, Question.ref == ref)
    row = session().scalar(locked(asked, of=Question) if lock else asked)
    if row is None:
        raise NotFoundError(NO_QUESTION)
    return row


def get_draft(draft_id: int, *, lock: bool = False) -> QuestionDraft:
    """Return a draft; raises ``NotFoundError``."""
    asked = sa.select(QuestionDraft).where(QuestionDraft.id == draft_id)
    row = session().scalar(locked(asked) if lock else asked)
    if row is None:
        raise NotFoundError(NO_DRAFT)
    return row


def built(draft: QuestionDraft, bank: str, ref: str) -> SourceQuestion:
    """Return a draft as a question; raises ``SourceError`` with what is wrong, in words."""
    fields = completed({**draft.fields, "id": ref})
    return question_of(Draft(part(ref), fields), bank)


def must_be_whole(draft: QuestionDraft, bank: str, ref: str) -> SourceQuestion:
    """Return a draft as a question; raises ``DomainError`` with the first thing that is wrong."""
    try:
        return built(draft, bank, ref)
    except SourceError as error:
        first = error.faults[0].message
        raise DomainError("%(ref)s还不完整：%(why)s", ref=ref, why=first) from None


def happened(
    questions: Iterable[int],
    kind: str,
    by: PersonId | None,
    now: datetime,
    note: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Add what happened to questions."""
    rows = [
        {
            "question_id": each,
            "kind": kind,
            "person_id": by,
            "at": now,
            "note": note,
            "detail": detail or {},
        }
        for each in questions
    ]
    if rows:
        session().execute(sa.insert(QuestionEvent), rows)


def drafts_of(ids: Collection[int]) -> Sequence[QuestionDraft]:
    """Return drafts by their ids, locked, oldest first; raises ``NotFoundError`` when one is missing."""
    asked = sa.select(QuestionDraft).where(QuestionDraft.id.in_(ids)).order_by(QuestionDraft.id)
    rows = session().scalars(locked(asked)).all()
    if len(rows) != len(set(ids)):
        raise NotFoundError(NO_DRAFT)
    return rows
