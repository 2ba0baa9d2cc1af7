"""Reading banks with their topics, how a question stands, its versions, and what says nearly the same."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from rapidfuzz import fuzz

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring.facts import OPEN, Alike, BankSheet, Edition, Standing
from cstrain.questions.authoring.models import QuestionDraft
from cstrain.questions.authoring.queries import open_draft_of
from cstrain.questions.authoring.store import NO_QUESTION, get_bank
from cstrain.questions.authoring.trees import Node, in_order
from cstrain.questions.folding import squeeze
from cstrain.questions.models import Bank, Question, QuestionTag, QuestionText, QuestionVersion, Topic
from cstrain.questions.queries import place_of

_ALIKE = 70
_MOST_ALIKE = 5
_MOST_COMPARED = 300
_SLICE = 4
_SLICES = 8


def bank_sheet(name: str) -> BankSheet:
    """Return a bank with its topics; raises ``NotFoundError``."""
    bank = get_bank(name)
    counted = (
        sa.select(Question.topic_id, sa.func.count().label("n"))
        .where(Question.bank_id == bank.id)
        .group_by(Question.topic_id)
        .subquery()
    )
    rows = session().execute(
        sa.select(Topic.id, Topic.ref, Topic.title, Topic.parent_id, sa.func.coalesce(counted.c.n, 0))
        .outerjoin(counted, counted.c.topic_id == Topic.id)
        .where(Topic.bank_id == bank.id)
        .order_by(Topic.position, Topic.id)
    )
    topics = in_order(Node(*row) for row in rows)
    return BankSheet(bank.name, bank.title, bank.description, bank.origin == "own", topics)


def standing(bank: str, ref: str) -> Standing:
    """Return how a question stands; raises ``NotFoundError``."""
    found = session().execute(
        sa.select(Question.id, Question.current_version_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Bank.name == bank, Question.ref == ref)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFoundError(NO_QUESTION)
    tags = session().scalars(
        sa.select(QuestionTag.tag).where(QuestionTag.question_id == row.id).order_by(QuestionTag.tag)
    )
    return Standing(row.id, row.current_version_id is not None, tuple(tags), open_draft_of(row.id))


def editions(question_id: int) -> list[Edition]:
    """Return the versions of a question, newest first."""
    rows = session().execute(
        sa.select(
            QuestionVersion.id,
            QuestionVersion.number,
            QuestionVersion.type,
            QuestionVersion.difficulty,
            QuestionVersion.situation,
            QuestionVersion.created_at,
            QuestionVersion.rule_version,
            QuestionVersion.note,
            QuestionVersion.written_by,
            QuestionVersion.approved_by,
        )
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionVersion.number.desc())
    )
    return [Edition(*row[:8], *(PersonId(each) if each else None for each in row[8:])) for row in rows]


def alike(bank: str, question_id: int, stem: str, words: str) -> list[Alike]:
    """Return the questions of a bank that say nearly the same as ``words`` (folded), the likest first.

    Only questions that share some characters in a row with the stem are compared, at most so many: those
    that share the most.
    """
    text = squeeze(stem)
    if len(text) < _SLICE:
        return []
    step = max(1, (len(text) - _SLICE) // (_SLICES - 1))
    slices = {text[at : at + _SLICE] for at in range(0, len(text) - _SLICE + 1, step)}
    rows = session().execute(_sharing(bank, slices).where(Question.id != question_id).limit(_MOST_COMPARED))
    found = [
        Alike(
            row.ref,
            row.stem or row.draft_stem or row.words,
            round(ratio),
            row.retired_at is not None,
            row.draft,
        )
        for row in rows
        if (ratio := fuzz.ratio(words, row.words.removeprefix(squeeze(row.ref)))) >= _ALIKE
    ]
    return sorted(found, key=lambda each: (-each.ratio, each.ref))[:_MOST_ALIKE]


def _sharing(bank: str, slices: Collection[str]) -> sa.Select[Any]:
    """Return the questions of a bank that share some of the slices, those that share the most first.

    One that was never in use has the stem of its open draft.
    """
    shared = sum((sa.case((place_of(each) > 0, 1), else_=0) for each in sorted(slices)), sa.literal(0))
    of_draft = (
        Question.current_version_id.is_(None)
        & (QuestionDraft.question_id == Question.id)
        & QuestionDraft.state.in_(OPEN)
    )
    return (
        sa.select(
            Question.ref,
            QuestionText.words,
            Question.retired_at,
            QuestionVersion.content["stem"].as_string().label("stem"),
            QuestionDraft.id.label("draft"),
            QuestionDraft.fields["stem"].as_string().label("draft_stem"),
        )
        .join(QuestionText, QuestionText.question_id == Question.id)
        .join(Bank, Bank.id == Question.bank_id)
        .outerjoin(QuestionVersion, QuestionVersion.id == Question.current_version_id)
        .outerjoin(QuestionDraft, of_draft)
        .where(Bank.name == bank, shared > 0)
        .order_by(shared.desc(), Question.id)
    )
