"""What the release desk shows of the review band."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cstrain.exams.facts import PaperFacts
from cstrain.grading.facts import WaitingRelease
from cstrain.grading.statistics.consistency import ACCURACY_WANTED, CONSISTENCY_WANTED
from cstrain.grading.statistics.figure import Figure
from cstrain.kernel.ids import PersonId


@dataclass(frozen=True, slots=True)
class BandError:
    """The conditional standard error at the pass mark, in marks, rounded up to a thousandth.

    ``kind``: ``keats`` (questions right or wrong), ``effective`` (any marks), both from the marks of ``n``
    people; ``form``, from the form alone while fewer have sat it: binomial errors, the largest there can be.
    """

    kind: str
    marks: Decimal
    n: int


@dataclass(frozen=True, slots=True)
class PaperBand:
    """A paper's edition with its band and how sure pass and fail are there."""

    paper: PaperFacts
    error: BandError
    accuracy: Figure
    consistency: Figure

    @property
    def low(self) -> Decimal:
        """The lowest mark of the band."""
        return max(Decimal(0), self.paper.pass_mark - self.error.marks)

    @property
    def high(self) -> Decimal:
        """The highest mark of the band."""
        return min(Decimal(100), self.paper.pass_mark + self.error.marks)

    @property
    def sure(self) -> bool | None:
        """Whether results are sure enough to decide pay; ``None``: not known, too few have sat it."""
        if self.accuracy.value is None or self.consistency.value is None:
            return None
        return self.accuracy.value >= ACCURACY_WANTED and self.consistency.value >= CONSISTENCY_WANTED


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody has looked at a marking in the band, with their note."""

    person_id: PersonId
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Banded:
    """A result in the band that waits for release, with the looks at its newest marking.

    ``must``: the paper has consequences, so that it cannot be released before somebody has looked.
    """

    waiting: WaitingRelease
    band: PaperBand
    looks: tuple[Look, ...]

    @property
    def must(self) -> bool:
        """Whether the release waits for it."""
        return self.band.paper.consequences and not self.looks

    @property
    def away(self) -> Decimal:
        """How far the raw mark lies from the pass mark; negative below it."""
        return self.waiting.raw - self.band.paper.pass_mark
