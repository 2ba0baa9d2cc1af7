"""Reading drafts, comments, and what happened to a question."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring.facts import (
    OPEN,
    Comment,
    DraftLine,
    DraftSheet,
    Happening,
    Waiting,
    Writing,
)
from cstrain.questions.authoring.models import QuestionComment, QuestionDraft
from cstrain.questions.authoring.store import NO_DRAFT
from cstrain.questions.facts import JsonObject
from cstrain.questions.models import Bank, Question, QuestionEvent, QuestionVersion, Topic

PAGE_SIZE = 50


def draft_sheet(draft_id: int) -> DraftSheet:
    """Return a draft with all that its pages show; raises ``NotFoundError``."""
    last = (
        sa.select(sa.func.coalesce(sa.func.max(QuestionVersion.number), 0))
        .where(QuestionVersion.question_id == Question.id)
        .correlate(Question)
        .scalar_subquery()
    )
    row = session().execute(
        sa.select(QuestionDraft, Question, Bank, Topic, last.label("last"))
        .join(Question, Question.id == QuestionDraft.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .join(Topic, Topic.id == QuestionDraft.topic_id)
        .where(QuestionDraft.id == draft_id)
    )
    found = row.one_or_none()
    if found is None:
        raise NotFoundError(NO_DRAFT)
    return _sheet(*found)


def _sheet(draft: QuestionDraft, question: Question, bank: Bank, topic: Topic, last: int) -> DraftSheet:
    writing = Writing(draft.fields, topic.ref, tuple(draft.tags), draft.rule_version, draft.note)
    return DraftSheet(
        id=draft.id,
        question_id=question.id,
        bank=bank.name,
        bank_title=bank.title,
        ref=question.ref,
        number=last + 1,
        state=draft.state,
        writing=writing,
        topic_title=topic.title,
        revision=draft.revision,
        writers=tuple(PersonId(each) for each in draft.writers),
        author=_person(draft.author_id),
        batch=draft.batch_id,
        created_at=draft.created_at,
        changed_at=draft.changed_at,
        submitted_at=draft.submitted_at,
        decided_at=draft.decided_at,
        decided_by=_person(draft.decided_by),
        decision=draft.decision,
    )


def _person(found: int | None) -> PersonId | None:
    return None if found is None else PersonId(found)


def open_draft_of(question_id: int) -> DraftLine | None:
    """Return the draft of a question that is not decided, if there is one."""
    rows = session().execute(_lines().where(QuestionDraft.question_id == question_id, _is_open()))
    return next((_line(*row) for row in rows), None)


def drafts(
    *,
    state: str = "",
    bank: str = "",
    batch: int | None = None,
    author: PersonId | None = None,
    page: int = 1,
) -> tuple[list[DraftLine], int]:
    """Return one page of the drafts that fit, those longest unchanged first, and how many fit in all.

    Without a state those that are not decided.
    """
    asked = _lines().where(QuestionDraft.state == state if state else _is_open())
    if bank:
        asked = asked.where(Bank.name == bank)
    if batch is not None:
        asked = asked.where(QuestionDraft.batch_id == batch)
    if author is not None:
        asked = asked.where(QuestionDraft.author_id == author)
    total = session().scalar(sa.select(sa.func.count()).select_from(asked.subquery())) or 0
    ordered = asked.order_by(QuestionDraft.changed_at, QuestionDraft.id)
    rows = session().execute(ordered.limit(PAGE_SIZE).offset((max(1, page) - 1) * PAGE_SIZE))
    return [_line(*row) for row in rows], total


def open_drafts() -> sa.Select[int, int, str, str, str, str]:
    """Select the drafts that are not decided with what lists of questions look for: question, ``draft_id``,
    ``state``, ``type``, ``difficulty`` (as text: a draft may hold anything) and ``stem``."""
    fields = QuestionDraft.fields
    return sa.select(
        QuestionDraft.question_id,
        QuestionDraft.id.label("draft_id"),
        QuestionDraft.state,
        fields["type"].as_string().label("type"),
        fields["difficulty"].as_string().label("difficulty"),
        fields["stem"].as_string().label("stem"),
    ).where(_is_open())


def to_review(person: PersonId) -> int:
    """Return how many drafts wait for review that the person may decide on."""
    waiting = QuestionDraft.state == "review"
    untouched = sa.select(sa.func.count()).where(
        waiting, QuestionDraft.revision == 1, QuestionDraft.author_id.is_distinct_from(person)
    )
    reworked = sa.select(QuestionDraft.writers).where(waiting, QuestionDraft.revision > 1)
    by_others = sum(person not in writers for writers in session().scalars(reworked))
    return (session().scalar(untouched) or 0) + by_others


def returned_to(person: PersonId) -> int:
    """Return how many of the person's drafts came back to be changed."""
    asked = sa.select(sa.func.count()).where(
        QuestionDraft.state == "returned", QuestionDraft.author_id == person
    )
    return session().scalar(asked) or 0


def ids_in_review(batch: int) -> list[int]:
    """Return the drafts of an import that wait for review."""
    asked = sa.select(QuestionDraft.id).where(
        QuestionDraft.batch_id == batch, QuestionDraft.state == "review"
    )
    return list(session().scalars(asked.order_by(QuestionDraft.id)))


def ids_to_decide(batch: int, person: PersonId) -> list[int]:
    """Return the drafts of an import that wait for review and of which the person wrote nothing."""
    asked = sa.select(QuestionDraft.id, QuestionDraft.writers).where(
        QuestionDraft.batch_id == batch, QuestionDraft.state == "review"
    )
    rows = session().execute(asked.order_by(QuestionDraft.id))
    return [draft for draft, writers in rows if person not in writers]


def next_to_decide(bank: str, person: PersonId) -> int | None:
    """Return the draft of a bank that has waited longest and of which the person wrote nothing."""
    asked = (
        sa.select(QuestionDraft.id, QuestionDraft.writers)
        .join(Question, Question.id == QuestionDraft.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(QuestionDraft.state == "review", Bank.name == bank)
        .order_by(QuestionDraft.changed_at, QuestionDraft.id)
        .execution_options(yield_per=50)
    )
    with session().execute(asked) as rows:
        return next((draft for draft, writers in rows if person not in writers), None)


def fields_of(draft_ids: Collection[int]) -> dict[int, JsonObject]:
    """Return what drafts say so far, by their ids."""
    asked = sa.select(QuestionDraft.id, QuestionDraft.fields).where(QuestionDraft.id.in_(draft_ids))
    return {draft: dict(fields) for draft, fields in session().execute(asked)}


def waiting_questions(bank_id: int) -> list[Waiting]:
    """Return a bank's questions that wait for their first review, by topic and age."""
    rows = session().execute(
        sa.select(Question.id, Question.ref, QuestionDraft.fields, QuestionDraft.topic_id, QuestionDraft.tags)
        .join(QuestionDraft, QuestionDraft.question_id == Question.id)
        .join(Topic, Topic.id == QuestionDraft.topic_id)
        .where(Question.bank_id == bank_id, Question.current_version_id.is_(None))
        .where(Question.retired_at.is_(None), QuestionDraft.state == "review")
        .order_by(Topic.position, Question.id)
    )
    return [
        Waiting(question, ref, {**fields, "id": ref}, topic, tuple(tags))
        for question, ref, fields, topic, tags in rows
    ]


def banks_of(draft_ids: Collection[int]) -> list[str]:
    """Return the banks that some drafts belong to."""
    asked = (
        sa.select(Bank.name)
        .join(Question, Question.bank_id == Bank.id)
        .join(QuestionDraft, QuestionDraft.question_id == Question.id)
        .where(QuestionDraft.id.in_(draft_ids))
        .distinct()
    )
    return sorted(session().scalars(asked))


def comments(question_id: int) -> list[Comment]:
    """Return what was said about a question, oldest first."""
    rows = session().scalars(
        sa.select(QuestionComment)
        .where(QuestionComment.question_id == question_id)
        .order_by(QuestionComment.at, QuestionComment.id)
    )
    return [Comment(PersonId(each.person_id), each.at, each.text) for each in rows]


def happenings(question_id: int) -> list[Happening]:
    """Return what happened to a question, newest first."""
    rows = session().scalars(
        sa.select(QuestionEvent)
        .where(QuestionEvent.question_id == question_id)
        .order_by(QuestionEvent.at.desc(), QuestionEvent.id.desc())
    )
    return [Happening(each.kind, _person(each.person_id), each.at, each.note, each.bulk_id) for each in rows]


def _is_open() -> sa.ColumnElement[bool]:
    return QuestionDraft.state.in_(OPEN)


def _lines() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(QuestionDraft, Question, Bank)
        .join(Question, Question.id == QuestionDraft.question_id)
        .join(Bank, Bank.id == Question.bank_id)
    )


def _line(draft: QuestionDraft, question: Question, bank: Bank) -> DraftLine:
    return DraftLine(
        id=draft.id,
        question_id=question.id,
        bank=bank.name,
        bank_title=bank.title,
        ref=question.ref,
        type=str(draft.fields.get("type", "")),
        stem=str(draft.fields.get("stem", "")),
        state=draft.state,
        new=question.current_version_id is None,
        author=_person(draft.author_id),
        writers=tuple(PersonId(each) for each in draft.writers),
        batch=draft.batch_id,
        changed_at=draft.changed_at,
    )


def people_of(drafts: Collection[DraftLine]) -> set[PersonId]:
    """Return the authors of drafts, to be named in one query."""
    return {each.author for each in drafts if each.author is not None}
