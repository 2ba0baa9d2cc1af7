"""What pages see of reports that a question is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.ids import PersonId
from cstrain.questions.facts import QuestionLine

KINDS = ("key", "unclear", "outdated", "typo", "other")
"""What may be wrong: the key, unclear words, a rule no longer in force, a slip of the pen, something else."""

ANSWERS = ("change", "right", "known")
"""The report is right and the question will be changed; the question is right; it is known already."""

MOST_SIGNS = 500
MOST_A_DAY = 5


@dataclass(frozen=True, slots=True)
class Report:
    """A report; without ``answer`` it is open."""

    id: int
    question_id: int
    version_id: int
    person_id: PersonId
    kind: str
    text: str
    reported_at: datetime
    answer: str | None
    answer_text: str
    answered_by: PersonId | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reported:
    """A question with open reports: how many, by how many people, the version the last one is about."""

    question_id: int
    version_id: int
    reports: int
    people: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One page of somebody's reports with the questions they are about, by version."""

    reports: Sequence[Report]
    lines: dict[int, QuestionLine]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class ReportedPage:
    """One page of the questions with open reports."""

    questions: Sequence[Reported]
    lines: dict[int, QuestionLine]
    page: int
    pages: int
    total: int
