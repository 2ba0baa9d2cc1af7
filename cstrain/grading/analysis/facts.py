"""What the pages of analysis show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cstrain.exams.facts import PaperFacts
from cstrain.grading.statistics.analysis import Analysis
from cstrain.grading.statistics.consistency import ACCURACY_WANTED, CONSISTENCY_WANTED
from cstrain.grading.statistics.figure import Figure
from cstrain.grading.statistics.flags import DOUBTFUL as DOUBTFUL  # what the home of trainers asks
from cstrain.grading.statistics.question_figures import QuestionFigures
from cstrain.kernel.ids import AttemptId
from cstrain.questions.facts import QuestionLine


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an analysis is narrowed to: an edition, days of handing in (both included), a group of people."""

    edition: int | None = None
    since: date | None = None
    until: date | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class SlotScore:
    """What a slot earned and could earn, in thousandths of a mark."""

    earned: int
    of: int


@dataclass(frozen=True, slots=True)
class Released:
    """The result that counts of a released first attempt; ``raw`` in thousandths of a mark."""

    attempt_id: AttemptId
    raw: int
    slots: Mapping[int, SlotScore]


@dataclass(frozen=True, slots=True)
class PaperCount:
    """A paper with how many first attempts were released, in all its editions."""

    paper: PaperFacts
    released: int


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question version that stood in the paper: its figures there, in how many forms it was given out."""

    line: QuestionLine
    figures: QuestionFigures
    uses: int
    exposure: Figure


@dataclass(frozen=True, slots=True)
class PaperAnalysis:
    """A paper's edition analysed by places of its form and by the questions that stood there.

    ``submitted``: first attempts that fit what is wanted; those released are ``analysis.n``. ``sections``:
    the title of the section of each place. ``overlap``: mean share of questions two forms have in common.
    """

    paper: PaperFacts
    editions: tuple[int, ...]
    submitted: int
    analysis: Analysis
    sections: tuple[str, ...]
    questions: tuple[QuestionRow, ...]
    forms: int
    overlap: Figure

    @property
    def sure(self) -> bool | None:
        """Whether pass and fail are sure enough to decide pay alone; ``None``: not known yet."""
        return sure(self.analysis)

    @property
    def flagged(self) -> tuple[QuestionRow, ...]:
        """The questions that should be looked at."""
        return tuple(row for row in self.questions if row.figures.flags)


@dataclass(frozen=True, slots=True)
class QuestionAnalysis:
    """A version analysed over all papers it stood in; ``labels``: the texts of its options by id."""

    line: QuestionLine
    current: bool
    figures: QuestionFigures
    labels: Mapping[str, str]


def sure(analysis: Analysis) -> bool | None:
    """Tell whether accuracy and consistency reach what pay decisions need; ``None`` when withheld."""
    accuracy, consistency = analysis.figures["accuracy"].value, analysis.figures["consistency"].value
    if accuracy is None or consistency is None:
        return None
    return accuracy >= ACCURACY_WANTED and consistency >= CONSISTENCY_WANTED
