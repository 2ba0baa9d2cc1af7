"""Brings banks into the database: new questions, new versions of changed ones, retirement of those gone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.bundled import bundled
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.policies.yaml_source import SourceError
from cstrain.questions import bank_facts
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.bank_source import read_banks
from cstrain.questions.key_revisions import revise_key as revise_key  # what re-keying asks
from cstrain.questions.models import Bank, Question, QuestionKey, QuestionScript, QuestionVersion, Topic


@dataclass(slots=True)
class Loaded:
    """What a loading did to one bank: refs of questions by what became of them.

    ``head``: the bank's own words or topics changed.
    """

    bank: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    head: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.retired or self.returned or self.moved or self.head)


@dataclass(frozen=True, slots=True)
class _Held:
    """A stored question with the number and digest of its current version."""

    row: Question
    number: int
    digest: str


def load_banks(now: datetime, folder: Path | None = None) -> list[Loaded]:
    """Bring the banks of ``folder`` (the shipped ones) in; return what was done to each.

    A question whose content, key or explanation changed gets another version; used ones are never touched.
    A question that is gone is retired: drawn no more, readable for ever. Running it again does nothing.
    Raises ``SourceError`` with file and line when a bank cannot be read; then nothing is written.
    """
    reading = read_banks(folder or bundled("question_banks"))
    if reading.faults:
        raise SourceError(reading.faults)
    return [_load(bank, now) for bank in reading.banks]


def _load(source: bank_facts.Bank, now: datetime) -> Loaded:
    done = Loaded(source.name)
    bank = _bank(source, done)
    topics = _topics(bank.id, source, done)
    held = _held(bank.id)
    digests = {question.id: digest_of(question) for question in source.questions}
    _add_questions(bank.id, topics, [each for each in source.questions if each.id not in held], done)
    done.changed = [ref for ref, old in held.items() if digests.get(ref, old.digest) != old.digest]
    _move_and_return(source.questions, held, topics, done)
    _retire({ref: old.row for ref, old in held.items() if ref not in digests}, now, done)
    wanted = {*done.added, *done.changed}
    _add_versions(bank.id, [each for each in source.questions if each.id in wanted], held, digests, now)
    session().flush()
    session().expire_all()  # the bulk statements went past the loaded rows
    _record(done)
    return done


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


def _bank(source: bank_facts.Bank, done: Loaded) -> Bank:
    row = session().scalar(sa.select(Bank).where(Bank.name == source.name)) or Bank(name=source.name)
    row.title, row.description = source.title, source.description
    session().add(row)
    done.head = session().is_modified(row)
    session().flush()
    return row


def _topics(bank_id: int, source: bank_facts.Bank, done: Loaded) -> dict[str, int]:
    """Return the ids of the bank's topics by ref, titles and places brought up to date."""
    rows = {row.ref: row for row in session().scalars(sa.select(Topic).where(Topic.bank_id == bank_id))}
    for position, topic in enumerate(source.topics):
        row = rows.setdefault(topic.id, Topic(bank_id=bank_id, ref=topic.id))
        row.title, row.position = topic.title, position
        session().add(row)
        done.head = done.head or session().is_modified(row)
    session().flush()
    return {ref: row.id for ref, row in rows.items()}


def _held(bank_id: int) -> dict[str, _Held]:
    rows = session().execute(
        sa.select(Question, QuestionVersion.number, QuestionVersion.digest)
        .join(QuestionVersion, QuestionVersion.id == Question.current_version_id)
        .where(Question.bank_id == bank_id)
    )
    return {question.ref: _Held(question, number, digest) for question, number, digest in rows}


def _add_questions(
    bank_id: int, topics: Mapping[str, int], questions: Sequence[SourceQuestion], done: Loaded
) -> None:
    if questions:
        rows = [{"bank_id": bank_id, "topic_id": topics[each.topic], "ref": each.id} for each in questions]
        session().execute(sa.insert(Question), rows)
        done.added = [each.id for each in questions]


def _move_and_return(
    questions: Sequence[SourceQuestion], held: Mapping[str, _Held], topics: Mapping[str, int], done: Loaded
) -> None:
    """Put stored questions under the topic the file names, and bring retired ones back."""
    for each in questions:
        if each.id not in held:
            continue
        row = held[each.id].row
        if row.topic_id != topics[each.topic]:
            row.topic_id = topics[each.topic]
            done.moved.append(each.id)
        if row.retired_at is not None:
            row.retired_at = None
            done.returned.append(each.id)


def _retire(gone: Mapping[str, Question], now: datetime, done: Loaded) -> None:
    for ref, row in gone.items():
        if row.retired_at is None:
            row.retired_at = now
            done.retired.append(ref)


def _add_versions(
    bank_id: int,
    questions: Sequence[SourceQuestion],
    held: Mapping[str, _Held],
    digests: Mapping[str, str],
    now: datetime,
) -> None:
    """Insert versions with their keys in bulk and make them current."""
    if not questions:
        return
    ids = _question_ids(bank_id, [each.id for each in questions])
    numbers = {each.id: held[each.id].number + 1 if each.id in held else 1 for each in questions}
    rows = [_version(each, ids[each.id], numbers[each.id], digests[each.id], now) for each in questions]
    made = session().scalars(
        sa.insert(QuestionVersion).returning(QuestionVersion.id, sort_by_parameter_order=True), rows
    )
    version_ids = dict(zip((each.id for each in questions), made, strict=True))
    keys = [
        {"version_id": version_ids[each.id], "key": dict(each.key), "explanation": each.explanation}
        for each in questions
    ]
    session().execute(sa.insert(QuestionKey), keys)
    scripts = [
        {"version_id": version_ids[each.id], "script": dict(each.script)} for each in questions if each.script
    ]
    if scripts:
        session().execute(sa.insert(QuestionScript), scripts)
    current = [{"id": ids[ref], "current_version_id": version_ids[ref]} for ref in version_ids]
    session().execute(sa.update(Question), current)


def _question_ids(bank_id: int, refs: Collection[str]) -> dict[str, int]:
    rows = session().execute(
        sa.select(Question.ref, Question.id).where(Question.bank_id == bank_id, Question.ref.in_(refs))
    )
    return dict(rows.all())


def _version(
    question: SourceQuestion, question_id: int, number: int, digest: str, now: datetime
) -> dict[str, Any]:
    return {
        "question_id": question_id,
        "number": number,
        "type": question.type,
        "difficulty": question.difficulty,
        "content": dict(question.content),
        "source": question.source,
        "situation": question.situation,
        "digest": digest,
        "created_at": now,
    }


def _record(done: Loaded) -> None:
    """Leave one entry for the bank, and one for each question that was there before and changed."""
    if done:
        record(
            None,
            "bank.load",
            f"bank:{done.bank}",
            added=len(done.added),
            changed=len(done.changed),
            retired=len(done.retired),
            returned=len(done.returned),
            moved=len(done.moved),
        )
    for action in ("changed", "retired", "returned", "moved"):
        for ref in getattr(done, action):
            record(None, f"question.{action}", f"question:{ref}", bank=done.bank)


def note_key_seen(viewer: PersonId, bank: str, ref: str) -> None:
    """Record that somebody looked at the key of a question; raises ``NotFoundError`` for an unknown one."""
    version_id = session().scalar(
        sa.select(Question.current_version_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Bank.name == bank, Question.ref == ref)
    )
    if version_id is None:
        raise NotFoundError("没有找到这道题。它可能已经换了编号，请回到题库里查找。")
    record(viewer, "question.key_seen", f"question:{ref}", bank=bank, version=version_id)
