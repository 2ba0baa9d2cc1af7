"""Writing drafts: a new question, another wording of one that is there."""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.media.queries import stored_files
from cstrain.questions.authoring.facts import OPEN, Writing
from cstrain.questions.authoring.models import QuestionDraft
from cstrain.questions.authoring.rules import (
    LONG_TAG,
    MOST_FIELDS_BYTES,
    may_write,
)
from cstrain.questions.authoring.store import (
    get_bank,
    get_draft,
    get_question,
    get_topic,
    happened,
    must_be_whole,
)
from cstrain.questions.exchange.exporting import fields_of
from cstrain.questions.exchange.stored_drafts import stored_question
from cstrain.questions.models import Bank, Question, QuestionTag, QuestionVersion, Topic
from cstrain.questions.store import NewQuestion, add_questions, set_texts
from cstrain.questions.tags import MOST_TAG, MOST_TAGS, neat_tags, overlong_tag
from cstrain.unit_of_work import flush_unique, one_at_a_time

_NOT_NOW = "这份稿件正在审核或者已经审核完，现在不能改。要改请先撤回审核。"
_NEWER = "没有保存：这份稿件刚刚被别人改过。你写的内容还在下面，请核对后再保存。"
_DOUBLE = "这道题已经有一份没写完的稿件，请在那一份上改。"


def start(bank: str, writing: Writing, by: PersonId, now: datetime) -> QuestionDraft:
    """Begin a question that is new to a bank; it gets the bank's next own number as its ref.

    Raises ``DomainError`` without a stem: nobody would find it again.
    """
    if not str(writing.fields.get("stem", "")).strip():
        raise DomainError("没有保存：请先写题干，别的可以以后再写。")
    held = get_bank(bank)
    topic = get_topic(held.id, writing.topic)
    one_at_a_time(f"bank:{held.id}")
    ref = _next_ref(held.id)
    ids = add_questions([NewQuestion(held.id, topic.id, ref, "own")], now)
    draft = _new(ids[ref], topic.id, writing, by, now)
    session().add(draft)
    session().flush()
    set_texts({draft.question_id: (ref, draft.fields)})
    happened([draft.question_id], "written", by, now)
    record(by, "question.draft", f"question:{ref}", bank=bank, draft=draft.id)
    return draft


def revise(bank: str, ref: str, by: PersonId, now: datetime) -> QuestionDraft:
    """Begin another wording of a question from its present one, or return the draft that is open."""
    question = get_question(bank, ref, lock=True)
    open_one = sa.select(QuestionDraft).where(
        QuestionDraft.question_id == question.id, QuestionDraft.state.in_(OPEN)
    )
    found = session().scalar(open_one)
    if found is not None:
        return found
    topic = session().get_one(Topic, question.topic_id)
    tags = session().scalars(sa.select(QuestionTag.tag).where(QuestionTag.question_id == question.id))
    version = session().get_one(QuestionVersion, question.current_version_id)
    fields = {name: value for name, value in fields_of(stored_question(question.id)).items() if name != "id"}
    writing = Writing(fields, topic.ref, tuple(tags), version.rule_version)
    draft = _new(question.id, topic.id, writing, by, now)
    session().add(draft)
    flush_unique(_DOUBLE)
    happened([question.id], "written", by, now)
    record(by, "question.draft", f"question:{ref}", bank=bank, draft=draft.id)
    return draft


def save(draft_id: int, revision: int, writing: Writing, by: PersonId, now: datetime) -> QuestionDraft:
    """Keep what somebody wrote; ``revision`` is the one they had before them.

    Raises ``ConflictError`` when the draft cannot be written in now, or somebody saved it meanwhile.
    """
    draft = get_draft(draft_id, lock=True)
    if not may_write(draft.state):
        raise ConflictError(_NOT_NOW)
    if draft.revision != revision:
        raise ConflictError(_NEWER)
    question = session().get_one(Question, draft.question_id)
    draft.topic_id = get_topic(question.bank_id, writing.topic).id
    _write(draft, writing)
    draft.revision, draft.changed_at = revision + 1, now
    if by not in draft.writers:
        draft.writers = [*draft.writers, by]
    if question.current_version_id is None:
        question.topic_id = draft.topic_id
        set_texts({question.id: (question.ref, draft.fields)})
    record(by, "question.draft_saved", f"question:{question.ref}", draft=draft.id, revision=draft.revision)
    session().flush()
    return draft


def submit(draft_id: int, by: PersonId, now: datetime) -> None:
    """Hand a draft in for review; raises ``DomainError`` with what is missing or wrong in it."""
    draft = get_draft(draft_id, lock=True)
    if not may_write(draft.state):
        raise ConflictError("这份稿件已经交审或者审核完，不需要再交。")
    question, bank = _of(draft)
    whole = must_be_whole(draft, bank.name, question.ref)
    digests = {each["file"] for each in whole.content.get("pictures", ())}
    if not digests <= set(stored_files(digests)):
        raise DomainError("有图片找不到了，请在编辑页删掉后重新上传，再交审。")
    draft.state, draft.submitted_at = "review", now
    happened([question.id], "submitted", by, now, draft.note)
    record(by, "question.submitted", f"question:{question.ref}", bank=bank.name, draft=draft.id)
    session().flush()


def take_back(draft_id: int, by: PersonId, now: datetime) -> None:
    """Take a draft out of review, to go on writing."""
    draft = get_draft(draft_id, lock=True)
    if draft.state != "review":
        raise ConflictError("这份稿件不在审核中，不需要撤回。")
    question, bank = _of(draft)
    draft.state, draft.submitted_at = "draft", None
    record(by, "question.taken_back", f"question:{question.ref}", bank=bank.name, draft=draft.id)
    session().flush()


def drop(draft_id: int, by: PersonId, now: datetime, reason: str) -> None:
    """Give a draft up. It stays readable; a question that never was in use is retired with it."""
    draft = get_draft(draft_id, lock=True)
    if draft.state not in OPEN:
        raise ConflictError("这份稿件已经审核完或者作废，不能再作废。")
    question, bank = _of(draft)
    draft.state, draft.decision = "dropped", reason
    if question.current_version_id is None:
        question.retired_at, question.retired_by = now, by
    happened([question.id], "dropped", by, now, reason)
    record(by, "question.dropped", f"question:{question.ref}", bank=bank.name, draft=draft.id)
    session().flush()


def _of(draft: QuestionDraft) -> tuple[Question, Bank]:
    question = session().get_one(Question, draft.question_id)
    return question, session().get_one(Bank, question.bank_id)


def _new(question_id: int, topic_id: int, writing: Writing, by: PersonId, now: datetime) -> QuestionDraft:
    draft = QuestionDraft(
        question_id=question_id,
        state="draft",
        topic_id=topic_id,
        revision=1,
        writers=[by],
        author_id=by,
        created_at=now,
        changed_at=now,
        decision="",
    )
    _write(draft, writing)
    return draft


def _write(draft: QuestionDraft, writing: Writing) -> None:
    fields = {name: value for name, value in writing.fields.items() if name != "id"}
    if len(json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")) > MOST_FIELDS_BYTES:
        raise DomainError("没有保存：这道题太长了（超过200KB）。请删短一些，或拆成几道题。")
    draft.fields, draft.tags = fields, _tags(writing)
    draft.rule_version, draft.note = writing.rule_version[:60], writing.note[:300]


def _tags(writing: Writing) -> list[str]:
    tags = neat_tags(writing.tags)
    if tag := overlong_tag(tags):
        raise DomainError(LONG_TAG, tag=tag[:MOST_TAG], most=MOST_TAG)
    if len(tags) > MOST_TAGS:
        raise DomainError(
            "没有保存：一道题最多%(most)s个标签，现在有%(n)s个。请去掉几个。", most=MOST_TAGS, n=len(tags)
        )
    return list(tags)


def _next_ref(bank_id: int) -> str:
    """Return a bank's next own number: ``own-0001`` and so on."""
    held = sa.select(Question.ref).where(Question.bank_id == bank_id, Question.ref.like("own-%"))
    numbers = [int(ref[4:]) for ref in session().scalars(held) if ref[4:].isdecimal()]
    return f"own-{max(numbers, default=0) + 1:04d}"
