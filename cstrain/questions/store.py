"""Writing questions and versions, whoever makes them: the product's files, imports, approved drafts.

Everything goes in bulk statements past the session's objects, so that ten thousand questions take seconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.events import QuestionsCameIn, questions_came_in
from cstrain.questions.meaning import meaning_of
from cstrain.questions.models import (
    Question,
    QuestionKey,
    QuestionScript,
    QuestionTag,
    QuestionText,
    QuestionVersion,
)
from cstrain.questions.searchable import initials_of, words_of


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question to be added, without a version yet. ``origin``: ``shipped`` or ``own``."""

    bank_id: int
    topic_id: int
    ref: str
    origin: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A version to be added to a question, and the people behind it if any (see ``QuestionVersion``)."""

    question: SourceQuestion
    question_id: int
    number: int
    rule_version: str = ""
    note: str = ""
    written_by: int | None = None
    approved_by: int | None = None


@dataclass(frozen=True, slots=True)
class Findable:
    """What a question is found by (see ``QuestionText``)."""

    words: str
    initials: str
    meaning: str = ""


def findable(question: SourceQuestion) -> Findable:
    """Return what a question is found by; most of the time of bringing one in goes by here."""
    return Findable(
        words_of(question.id, question.content),
        initials_of(question.stem),
        meaning_of(question.type, question.content, question.key),
    )


def digest_of(question: SourceQuestion) -> str:
    """Return SHA-256 (hex) of all that makes a version: whatever changes here makes another one."""
    parts = {
        "type": question.type,
        "difficulty": question.difficulty,
        "situation": question.situation,
        "content": dict(question.content),
        "key": dict(question.key),
        "explanation": question.explanation,
        "source": question.source,
    }
    if question.script is not None:
        parts["script"] = dict(question.script)
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def add_questions(questions: Sequence[NewQuestion], now: datetime) -> dict[str, int]:
    """Add questions of one bank; return their ids by ref, in order."""
    if not questions:
        return {}
    rows = [
        {
            "bank_id": each.bank_id,
            "topic_id": each.topic_id,
            "ref": each.ref,
            "origin": each.origin,
            "created_at": now,
        }
        for each in questions
    ]
    made = session().scalars(sa.insert(Question).returning(Question.id, sort_by_parameter_order=True), rows)
    return dict(zip((each.ref for each in questions), made, strict=True))


def add_wordings(wordings: Sequence[Wording], now: datetime) -> dict[int, int]:
    """Add versions with their keys and scripts and bring them into force; return their ids by question.

    Announces ``questions_came_in``.
    """
    if not wordings:
        return {}
    rows = [_version(each, now) for each in wordings]
    made = session().scalars(
        sa.insert(QuestionVersion).returning(QuestionVersion.id, sort_by_parameter_order=True), rows
    )
    ids = dict(zip((each.question_id for each in wordings), made, strict=True))
    keys = [
        {
            "version_id": ids[each.question_id],
            "key": dict(each.question.key),
            "explanation": each.question.explanation,
        }
        for each in wordings
    ]
    session().execute(sa.insert(QuestionKey), keys)
    scripts = [
        {"version_id": ids[each.question_id], "script": dict(each.question.script)}
        for each in wordings
        if each.question.script
    ]
    if scripts:
        session().execute(sa.insert(QuestionScript), scripts)
    current = [{"id": question, "current_version_id": version} for question, version in ids.items()]
    session().execute(sa.update(Question), current)
    set_findable({each.question_id: findable(each.question) for each in wordings})
    session().flush()
    session().expire_all()  # the bulk statements went past the loaded rows
    questions_came_in.send(QuestionsCameIn(tuple(ids.values()), now))
    return ids


def set_texts(contents: Mapping[int, tuple[str, Mapping[str, Any]]]) -> None:
    """Make questions findable by ref and content, given by question id, instead of by what was there."""
    set_findable(
        {
            question: Findable(words_of(ref, content), initials_of(str(content.get("stem", ""))))
            for question, (ref, content) in contents.items()
        }
    )


def set_findable(found: Mapping[int, Findable]) -> None:
    """Let questions be found by this and nothing else, given by question id."""
    session().execute(sa.delete(QuestionText).where(QuestionText.question_id.in_(found)))
    rows = [
        {"question_id": question, "words": each.words, "initials": each.initials, "meaning": each.meaning}
        for question, each in found.items()
    ]
    if rows:
        session().execute(sa.insert(QuestionText), rows)


def add_missing_texts() -> None:
    """Make questions findable that were stored before questions could be searched."""
    rows = session().execute(
        sa.select(Question.id, Question.ref, QuestionVersion.content)
        .join(QuestionVersion, QuestionVersion.id == Question.current_version_id)
        .outerjoin(QuestionText, QuestionText.question_id == Question.id)
        .where(QuestionText.question_id.is_(None))
    )
    set_texts({question: (ref, content) for question, ref, content in rows})


def set_tags(question_id: int, tags: Iterable[str]) -> None:
    """Put exactly these tags on a question."""
    session().execute(sa.delete(QuestionTag).where(QuestionTag.question_id == question_id))
    rows = [{"question_id": question_id, "tag": tag} for tag in sorted(set(tags))]
    if rows:
        session().execute(sa.insert(QuestionTag), rows)


def question_ids(bank_id: int, refs: Collection[str]) -> dict[str, int]:
    """Return the ids of a bank's questions with these refs."""
    rows = session().execute(
        sa.select(Question.ref, Question.id).where(Question.bank_id == bank_id, Question.ref.in_(refs))
    )
    return dict(rows.all())


def _version(wording: Wording, now: datetime) -> dict[str, Any]:
    question = wording.question
    return {
        "question_id": wording.question_id,
        "number": wording.number,
        "type": question.type,
        "difficulty": question.difficulty,
        "content": dict(question.content),
        "source": question.source,
        "situation": question.situation,
        "digest": digest_of(question),
        "created_at": now,
        "rule_version": wording.rule_version,
        "note": wording.note,
        "written_by": wording.written_by,
        "approved_by": wording.approved_by,
    }
