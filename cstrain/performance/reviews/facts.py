"""What monthly reviews are made of, as their rules and pages see them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.performance.reviews.policy import ReviewRules, ViewId, Way

Counts = Mapping[str, Mapping[str, int]]
"""By factor and answer: how many peers chose it."""


class State(StrEnum):
    """What became of a view.

    ``MISSING``: nothing is known, and it counts. ``WITHHELD``: too few peers; its weight goes to the others.
    ``UNUSED``: the cycle was opened without it; its weight goes to the others.
    """

    KNOWN = "known"
    MISSING = "missing"
    WITHHELD = "withheld"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class CustomersSaid:
    """Satisfaction out of 100 (``None``: unknown) and complaints of the month.

    ``source``: the words HR entered; empty when it comes from the month's record and the register.
    """

    csat: Fraction | None
    complaints: int
    major: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a result rests on. ``own`` and ``manager``: the answer by factor, ``None`` without a form.

    ``counts`` are ``None`` when the cycle's least number of peers was not reached. ``customers`` is ``None``
    when the cycle was opened without this view.
    """

    own: Mapping[str, str] | None
    manager: Mapping[str, str] | None
    asked: int
    answered: int
    counts: Counts | None
    customers: CustomersSaid | None


@dataclass(frozen=True, slots=True)
class FactorMean:
    """A factor in a view, out of 100; ``None``: too few peers could tell."""

    factor: str
    mean: Fraction | None


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A view of a result: how many answered, its mean out of 100, the weight it has by the rules and in fact.

    ``weight`` and ``counted`` in per cent; ``points`` is what it adds to the total.
    """

    view: ViewId
    state: State
    n: int | None
    asked: int | None
    mean: Fraction | None
    weight: Fraction
    counted: Fraction
    factors: tuple[FactorMean, ...]

    @property
    def points(self) -> Fraction | None:
        """What the view adds to the total."""
        return None if self.mean is None else self.mean * self.counted / 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result that explains itself. ``total`` is ``None`` while a view is missing.

    Then it would lie between ``low`` (all that is missing were 0) and ``high`` (all were 100).
    """

    lines: tuple[ViewLine, ...]
    total: Fraction | None
    low: Fraction
    high: Fraction

    def line(self, view: str) -> ViewLine:
        """Return a view's line."""
        return next(line for line in self.lines if line.view == view)

    @property
    def missing(self) -> tuple[str, ...]:
        """The views of which nothing is known."""
        return tuple(line.view for line in self.lines if line.state is State.MISSING)


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """A cycle as it stands. Window: whole days of the company, both included."""

    id: int
    department: DepartmentId
    department_name: str
    month: date
    opens_on: date
    closes_on: date
    way: Way
    customers: bool
    seed: str
    rules: ReviewRules
    opened_by: PersonId
    opened_at: datetime
    closed_by: PersonId | None
    closed_at: datetime | None

    def is_open(self, today: date) -> bool:
        """Tell whether forms are accepted on a day."""
        return self.closed_at is None and self.opens_on <= today <= self.closes_on


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """Somebody who is reviewed, and how many of the forms are in: never by whom, nor what they say."""

    id: int
    cycle: int
    person: PersonId
    manager: PersonId | None
    own_in: bool
    manager_in: bool
    asked: int
    answered: int
    customers_entered: bool


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """A closed result, read back and worked out again.

    ``intact``: the text is what was sealed, and the same inputs give the same outcome today. ``remarks``:
    what peers wrote, in no order; empty below the least number.
    """

    subject: int
    person: PersonId
    cycle: CycleFacts
    inputs: Inputs
    outcome: Outcome
    own_note: str
    manager: PersonId | None
    manager_note: str
    remarks: tuple[str, ...]
    closed_at: datetime
    digest: str
    intact: bool
