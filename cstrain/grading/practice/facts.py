"""What pages see of practice and of the book of wrong questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Mastery(StrEnum):
    """Where a wrong question stands: its turn has come, it waits for its turn, it is mastered."""

    DUE = "due"
    RESTING = "resting"
    MASTERED = "mastered"


@dataclass(frozen=True, slots=True)
class Answered:
    """A question answered once: when, on which local day, rightly or not.

    ``in_exam``: in a released result, of this attempt at this slot.
    """

    question_id: int
    at: datetime
    day: date
    right: bool
    in_exam: bool
    attempt_id: int | None = None
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody's answers to a question say: how often wrong, when last, the run of right ones, the turn.

    ``due`` is the local day from which it is to be repeated; ``None`` once it is mastered.
    """

    question_id: int
    wrong_in_exams: int
    wrong_in_practice: int
    last_wrong: Answered
    last_wrong_in_exam: Answered | None
    run: int
    due: date | None

    def state(self, today: date) -> Mastery:
        """Return where the question stands on a day."""
        if self.due is None:
            return Mastery.MASTERED
        return Mastery.DUE if self.due <= today else Mastery.RESTING


@dataclass(frozen=True, slots=True)
class BookLine:
    """A wrong question as the book shows it, in its present wording, with its key and why."""

    standing: Standing
    state: Mastery
    bank: str
    topic_title: str
    type: str
    stem: str
    right: str
    explanation: str
    source: str
    version_id: int


@dataclass(frozen=True, slots=True)
class BookPage:
    """One page of the book: its lines, how many stand where in all, which page of how many."""

    lines: tuple[BookLine, ...]
    counts: Mapping[Mastery, int]
    state: Mastery | None
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OpenTopic:
    """A topic that may be practised, with the number of questions the machine can mark."""

    ref: str
    title: str
    questions: int


@dataclass(frozen=True, slots=True)
class OpenBank:
    """A bank that may be practised."""

    name: str
    title: str
    topics: tuple[OpenTopic, ...]

    @property
    def questions(self) -> int:
        """Number of questions in all its topics."""
        return sum(topic.questions for topic in self.topics)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an answer: the share of the marks, whether it counts as right, key and why.

    ``given_up``: the learner asked for the answer instead.
    """

    answered: str
    right_answer: str
    explanation: str
    source: str
    share: Fraction
    right: bool
    given_up: bool
    measures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PracticeItem:
    """A question of a practice set as its learner sees it; the verdict only once the answer is kept."""

    place: int
    question_id: int
    type: str
    control: str
    content: dict[str, Any]
    value: str | None
    verdict: Verdict | None
    version_id: int


@dataclass(frozen=True, slots=True)
class PracticeSet:
    """A practice set: ``kind`` is ``draw`` or ``book``; ``marks``: by place answered, whether rightly."""

    id: int
    kind: str
    title: str
    started_at: datetime
    count: int
    marks: Mapping[int, bool]

    @property
    def next_place(self) -> int | None:
        """The first question that is not answered yet."""
        return next((place for place in range(1, self.count + 1) if place not in self.marks), None)

    @property
    def right(self) -> int:
        """How many were right."""
        return sum(self.marks.values())


@dataclass(frozen=True, slots=True)
class Summary:
    """Wrong questions whose turn has come, all not mastered, all mastered; answers given today."""

    due: int
    open: int
    mastered: int
    today: int
