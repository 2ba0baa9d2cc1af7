"""What pages see of the queues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from cstrain.judgement.rubric import Rubric
from cstrain.kernel.ids import AttemptId, PersonId


class QueueKey(NamedTuple):
    """One question for all candidates of a paper; ``part`` is 0 unless it is a case."""

    paper_ref: str
    question_id: int
    part: int


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """A queue for one marker: how many they may mark now, how many are open, the sheet they have begun."""

    key: QueueKey
    paper: str
    stem: str
    part: str
    waiting: int
    unsettled: int
    draft: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """Something said in a chat: by the customer, or by the candidate (``own``)."""

    own: bool
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a marker sees of question and answer. ``number`` is a case's part, from 1; else 0.

    ``about``: what the candidate was told beside the stem. ``chat`` is empty unless the answer is one.
    """

    kind: str
    stem: str
    text: str
    number: int
    asked: str
    about: tuple[tuple[str, str], ...]
    answer: str
    chat: tuple[Said, ...]
    model: str
    pictures: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A marker's sheet. Nothing tells whose answer it is; ``others`` are shown once it is settled.

    ``state``: open, finished, settled (also by others), returned or voided.
    """

    id: int
    key: QueueKey
    paper: str
    shown: Shown
    rubric: Rubric
    points: Mapping[str, Decimal]
    note: str
    state: str
    own: Fraction | None
    others: tuple[Fraction, ...]
    share: Fraction | None
    may_reopen: bool


@dataclass(frozen=True, slots=True)
class FinishedSheet:
    """A sheet somebody has finished: which, of what, when, and whether it is settled."""

    id: int
    paper: str
    stem: str
    finished_at: datetime
    settled: bool


@dataclass(frozen=True, slots=True)
class GivenMark:
    """Evidence: what somebody gave to a part of an attempt, in which round; unfinished ones without share."""

    attempt_id: AttemptId
    slot: int
    part: int
    round: int
    marker: PersonId
    points: Mapping[str, Decimal]
    note: str
    share: Fraction | None
    started_at: datetime
    finished_at: datetime | None
    returned_at: datetime | None
    why: str | None
    settled: Fraction | None


@dataclass(frozen=True, slots=True)
class PartTitle:
    """What a part of a question is called: its stem, and a case's part from 1 (else 0)."""

    stem: str
    number: int


@dataclass(frozen=True, slots=True)
class Twice:
    """A part that two people marked without knowing of each other."""

    version_id: int
    part: int
    markers: tuple[PersonId, PersonId]
    shares: tuple[Fraction, Fraction]
    points: tuple[Mapping[str, Decimal], Mapping[str, Decimal]]
    tolerance: Fraction
