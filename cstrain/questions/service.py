"""Brings banks into the database: new questions, new versions of changed ones, retirement of those gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

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
from cstrain.questions.models import Bank, Question, QuestionVersion, Topic
from cstrain.questions.store import (
    NewQuestion,
    Wording,
    add_missing_texts,
    add_questions,
    add_wordings,
    digest_of,
    question_ids,
)


@dataclass(slots=True)
class Loaded:
    """What a loading did to one bank: refs of questions by what became of them.

    ``head``: the bank's own words or topics changed. ``kept``: the product's wording differs from one that
    people here gave the question since, and theirs stays.
    """

    bank: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    head: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.retired or self.returned or self.moved or self.head)


@dataclass(frozen=True, slots=True)
class _Held:
    """A stored question, the number of its last version, the digest of the product's last wording of it.

    ``people``: what counts now is not the product's: people wrote the question, or its current version.
    """

    row: Question
    number: int
    digest: str
    people: bool


def load_banks(now: datetime, folder: Path | None = None) -> list[Loaded]:
    """Bring the banks of ``folder`` (the shipped ones) in; return what was done to each.

    A question whose content, key or explanation changed gets another version; used ones are never touched.
    A question that is gone is retired: drawn no more, readable for ever. Running it again does nothing.
    Raises ``SourceError`` with file and line when a bank cannot be read; then nothing is written.
    """
    reading = read_banks(folder or bundled("question_banks"))
    if reading.faults:
        raise SourceError(reading.faults)
    done = [_load(bank, now) for bank in reading.banks]
    add_missing_texts()
    return done


def _load(source: bank_facts.Bank, now: datetime) -> Loaded:
    done = Loaded(source.name)
    bank = _bank(source, done)
    topics = _topics(bank.id, source, done)
    held = _held(bank.id)
    theirs = {ref for ref, each in held.items() if each.people}
    asked = [each for each in source.questions if each.id not in theirs]
    digests = {question.id: digest_of(question) for question in source.questions}
    done.kept = [ref for ref in theirs if digests.get(ref, "") != held[ref].digest]
    _add(bank.id, topics, [each for each in asked if each.id not in held], now, done)
    known = [each.id for each in asked if each.id in held]
    done.changed = [ref for ref in known if digests[ref] != held[ref].digest]
    _move_and_return(asked, held, topics, done)
    _retire(
        {ref: each.row for ref, each in held.items() if ref not in digests and not each.people}, now, done
    )
    wanted = {*done.added, *done.changed}
    _word(bank.id, [each for each in asked if each.id in wanted], held, now)
    _record(done)
    return done


def _add(
    bank_id: int, topics: Mapping[str, int], questions: Sequence[SourceQuestion], now: datetime, done: Loaded
) -> None:
    new = [NewQuestion(bank_id, topics[each.topic], each.id, "shipped") for each in questions]
    done.added = list(add_questions(new, now))


def _word(
    bank_id: int, questions: Sequence[SourceQuestion], held: Mapping[str, _Held], now: datetime
) -> None:
    """Give questions their next version."""
    ids = question_ids(bank_id, [each.id for each in questions])
    numbers = {each.id: held[each.id].number + 1 if each.id in held else 1 for each in questions}
    add_wordings([Wording(each, ids[each.id], numbers[each.id]) for each in questions], now)


def _bank(source: bank_facts.Bank, done: Loaded) -> Bank:
    found = session().scalar(sa.select(Bank).where(Bank.name == source.name))
    row = found or Bank(name=source.name, origin="shipped")
    if row.origin == "shipped":
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
    """Return the stored questions of a bank by ref, those that never had a version included."""
    rows = session().execute(
        sa.select(Question, QuestionVersion)
        .outerjoin(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.bank_id == bank_id)
        .order_by(Question.id, QuestionVersion.number)
    )
    found: dict[str, _Held] = {}
    for question, version in rows:
        before = found.get(question.ref, _Held(question, 0, "", question.origin == "own"))
        if version is not None:
            current = version.id == question.current_version_id
            digest = version.digest if version.written_by is None else before.digest
            people = before.people or (current and version.written_by is not None)
            before = _Held(question, version.number, digest, people)
        found[question.ref] = before
    return found


def _move_and_return(
    questions: Sequence[SourceQuestion], held: Mapping[str, _Held], topics: Mapping[str, int], done: Loaded
) -> None:
    """Put stored questions under the topic the file names, and bring retired ones back.

    What people did stays: a question that somebody here moved or retired.
    """
    for each in questions:
        if each.id not in held:
            continue
        row = held[each.id].row
        if row.topic_id != topics[each.topic] and row.placed_by is None:
            row.topic_id = topics[each.topic]
            done.moved.append(each.id)
        if row.retired_at is not None and row.retired_by is None:
            row.retired_at = None
            done.returned.append(each.id)


def _retire(gone: Mapping[str, Question], now: datetime, done: Loaded) -> None:
    for ref, row in gone.items():
        if row.retired_at is None:
            row.retired_at = now
            done.retired.append(ref)


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
            kept=len(done.kept),
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
