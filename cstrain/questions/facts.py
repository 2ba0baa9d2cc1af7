"""What other packages may see of questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from cstrain.kernel.ids import PersonId

JsonObject = dict[str, Any]
MOST_DEPTH = 4
"""So many topics may stand one below another in a bank."""


class Control(StrEnum):
    """What a candidate answers with; templates know controls, not types."""

    CHOOSE_ONE = "choose_one"
    CHOOSE_MANY = "choose_many"
    TRUE_FALSE = "true_false"
    BLANKS = "blanks"
    NUMBER = "number"
    MATCH = "match"
    ORDER = "order"
    TEXT = "text"
    PARTS = "parts"
    TYPING = "typing"
    LIVE = "live"
    OPERATION = "operation"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Marking:
    """The exact share (0 to 1) of the marks that a response earns; ``None`` when a person must mark.

    ``note`` says why there is nothing to judge: ``blank``, ``malformed``, ``person``, or empty.
    ``measures`` are named numbers, as decimal text, that the response showed besides (typing: ``speed``).
    """

    fraction: Fraction | None
    note: str = ""
    measures: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, fraction: Fraction) -> Marking:
        """Return the marking of a response that could be read."""
        return cls(fraction)

    @classmethod
    def by_person(cls) -> Marking:
        """Return the marking of a response that a person must mark."""
        return cls(None, "person")

    @classmethod
    def blank(cls) -> Marking:
        """Return the marking of no answer."""
        return cls(Fraction(0), "blank")

    @classmethod
    def malformed(cls) -> Marking:
        """Return the marking of a response that could not be read."""
        return cls(Fraction(0), "malformed")


@dataclass(frozen=True, slots=True)
class Sample:
    """A response with the share it must earn, all-or-nothing and with partial credit.

    ``None``: a person must mark it.
    """

    response: object
    fraction: Fraction | None
    partial: Fraction | None

    @classmethod
    def all(cls, response: object, share: int | Fraction) -> Sample:
        """Return a sample that earns the same with and without partial credit."""
        return cls(response, Fraction(share), Fraction(share))

    @classmethod
    def by_person(cls, response: object) -> Sample:
        """Return a sample that a person must mark."""
        return cls(response, None, None)


@dataclass(frozen=True, slots=True)
class PoolQuestion:
    """A question that can be drawn: its id, current version, topic, type, difficulty (1–3), bank and ref."""

    question_id: int
    version_id: int
    topic: str
    type: str
    difficulty: int
    bank: str
    ref: str = ""


def in_order(content: Mapping[str, Any], order: Sequence[int]) -> JsonObject:
    """Return content with its options in the order of a form; an option's id is then its place there.

    So ids tell nothing about the key (docs/rules.md 5). Without an order nothing is changed.
    """
    if not order:
        return dict(content)
    options = content["options"]
    turned = [{"id": str(place), "text": options[index]["text"]} for place, index in enumerate(order)]
    return {**content, "options": turned}


@dataclass(frozen=True, slots=True)
class PublicVersion:
    """What a candidate may see of a version: no key, no explanation, no source."""

    id: int
    type: str
    control: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeyedVersion:
    """A version with the key that counts, for marking and for results after release.

    ``credited``: the question was found faulty, and everybody who was asked earns all its marks.
    """

    id: int
    type: str
    control: str
    content: dict[str, Any]
    key: dict[str, Any]
    explanation: str
    source: str
    credited: bool = False


@dataclass(frozen=True, slots=True)
class NewKey:
    """A corrected key: ``kind`` is ``key``, or ``credit`` (everybody earns all the marks; ``key`` is empty).

    ``explanation`` is what candidates read after release; ``reason`` is for those who decide.
    """

    version_id: int
    kind: str
    key: Mapping[str, Any]
    explanation: str
    reason: str


@dataclass(frozen=True, slots=True)
class KeyRevised:
    """A revision of a key that is in force, with the two persons who stand for it."""

    id: int
    version_id: int
    kind: str
    key: Mapping[str, Any]
    explanation: str
    reason: str
    proposed_by: PersonId
    proposed_at: datetime
    confirmed_by: PersonId
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class BankFacts:
    """A bank in a list: name, title, number of active questions."""

    name: str
    title: str
    description: str
    questions: int


@dataclass(frozen=True, slots=True)
class QuestionCount:
    """How many active questions a bank holds of one kind; ``situations`` of them put a situation."""

    bank: str
    topic: str
    type: str
    difficulty: int
    questions: int
    situations: int


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question in a list, in its current version; no key."""

    id: int
    bank: str
    ref: str
    topic: str
    topic_title: str
    version_id: int
    number: int
    type: str
    difficulty: int
    situation: bool
    stem: str
    retired: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a question as trainers see it; ``content`` is what a candidate sees, without the key."""

    id: int
    number: int
    type: str
    control: str
    difficulty: int
    content: dict[str, Any]
    source: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """A question with all its versions, newest first."""

    line: QuestionLine
    bank_title: str
    retired_at: datetime | None
    versions: tuple[VersionLine, ...]

    @property
    def current(self) -> VersionLine:
        """The version that is drawn."""
        return next(each for each in self.versions if each.id == self.line.version_id)


@dataclass(frozen=True, slots=True)
class ShownKey:
    """The key of a version in words and as stored, the ids of right options for choices, why it is right.

    ``parts``: the same of each part of a case, without explanations.
    """

    words: str
    right: tuple[str, ...]
    explanation: str
    key: dict[str, Any] = field(default_factory=dict)
    parts: tuple[ShownKey, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicPath:
    """A topic of a bank: its titles from the top, apart by slashes."""

    id: int
    ref: str
    path: str
