"""What others may see of drafts, and what is handed in to write one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.ids import PersonId
from cstrain.questions.facts import JsonObject

OPEN = ("draft", "review", "returned")
"""States of a draft that is not decided."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody writes of a question: YAML fields (no id), topic by its ref, tags, and why.

    ``rule_version``: which edition of a rule or product it goes by, in words. ``note``: what was changed.
    """

    fields: JsonObject
    topic: str
    tags: tuple[str, ...] = ()
    rule_version: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DraftSheet:
    """A draft with all that its pages show. ``number``: the version it would become."""

    id: int
    question_id: int
    bank: str
    bank_title: str
    ref: str
    number: int
    state: str
    writing: Writing
    topic_title: str
    revision: int
    writers: tuple[PersonId, ...]
    author: PersonId | None
    batch: int | None
    created_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    decided_by: PersonId | None
    decision: str


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list; ``stem`` is what it says so far."""

    id: int
    question_id: int
    bank: str
    bank_title: str
    ref: str
    type: str
    stem: str
    state: str
    new: bool
    author: PersonId | None
    writers: tuple[PersonId, ...]
    batch: int | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that was never in use and waits for its first review: fields (id included) and topic."""

    question_id: int
    ref: str
    fields: JsonObject
    topic_id: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a question."""

    person: PersonId
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to a question: see ``QuestionEvent``."""

    kind: str
    person: PersonId | None
    at: datetime
    note: str
    bulk: int | None


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic in its tree: how far below the top, under which one, how many questions lie directly there."""

    ref: str
    title: str
    depth: int
    parent: str
    questions: int


@dataclass(frozen=True, slots=True)
class BankSheet:
    """A bank with its topics, each followed by those below it."""

    name: str
    title: str
    description: str
    own: bool
    topics: tuple[TopicLine, ...]

    @property
    def first(self) -> str:
        """The ref of the topic that is offered first; none in a bank without topics."""
        return self.topics[0].ref if self.topics else ""


@dataclass(frozen=True, slots=True)
class Alike:
    """A question that says nearly the same; ``ratio`` from 0 to 100.

    ``draft``: the open draft of one that was never accepted, and so has no page in its bank.
    """

    ref: str
    stem: str
    ratio: int
    retired: bool
    draft: int | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a question, and the people behind it (none: the product's files)."""

    id: int
    number: int
    type: str
    difficulty: int
    situation: bool
    at: datetime
    rule_version: str
    note: str
    written_by: PersonId | None
    approved_by: PersonId | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a question stands: without a version it is new, and ``draft`` is where it is written."""

    id: int
    has_version: bool
    tags: tuple[str, ...]
    draft: DraftLine | None
