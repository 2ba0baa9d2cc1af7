"""The conversion and labour-law chapters: plain frozen data. Sources: docs/rules.md 1."""

from __future__ import annotations

from datetime import date, time
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cstrain.judgement.catalogue import AnyCriterion
from cstrain.judgement.criterion import Criterion
from cstrain.onboarding.conversion.facts import Outcome
from cstrain.people.facts import ContractKind

OUTCOME_WORDS: dict[str, str] = {
    Outcome.NEXT_DAY: "次日转正",
    Outcome.TRAIN_AND_RESIT: "专项培训后补考",
    Outcome.AFTER_MONTH: "试用满一个月转正",
    Outcome.EXTEND: "延长试用期",
    Outcome.ELIMINATE: "不予转正",
    Outcome.LAPSED: "试用期届满，依法视为转正",
}
"""Outcomes in words (message ids)."""


class _Chapter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Window(_Chapter):
    """When a paper may be sat on its day, company time."""

    opens: time
    closes: time

    @model_validator(mode="after")
    def _ordered(self) -> Window:
        if self.closes <= self.opens:
            raise ValueError("结束时刻要晚于开始时刻")
        return self


class ChainStep(_Chapter):
    """An office that gives its opinion. ``who``: the day's mentor, the nearest superior, or by ``roles``.

    ``rates``: the opinion carries a mark from 1 to 5.
    """

    office: str = Field(pattern=r"^[a-z_]+$")
    who: Literal["mentor", "superior", "office"]
    roles: tuple[str, ...] = Field(min_length=1)
    title: str = Field(min_length=1, max_length=12)
    mark: str = Field(min_length=1, max_length=1)
    rates: bool = False


class Reminders(_Chapter):
    """When whom is reminded of a probation that ends, and of conversion papers that are not arranged."""

    days_before_end: tuple[int, ...] = Field(min_length=1)
    escalate_from: int = Field(ge=0)
    arrange_working_days: tuple[int, ...] = Field(min_length=1)
    arrange_escalate_from: int = Field(ge=0)


class ConversionChapter(_Chapter):
    """How conversion cases go. ``criteria``: conditions by programme, ``default`` for the others."""

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    source: str
    title: str
    windows: tuple[Window, ...] = Field(min_length=1)
    convert_after_months: int = Field(ge=0, le=6)
    chain: tuple[ChainStep, ...] = Field(min_length=1)
    endorsement_topic: str
    reminders: Reminders
    criteria: dict[str, tuple[AnyCriterion, ...]]

    @model_validator(mode="after")
    def _complete(self) -> ConversionChapter:
        if "default" not in self.criteria:
            raise ValueError("criteria 要有 default 一项")
        offices = [step.office for step in self.chain]
        if len(set(offices)) != len(offices):
            raise ValueError("chain 里同一个 office 只能出现一次")
        return self

    def criteria_for(self, programme: str) -> tuple[Criterion, ...]:
        """Return the conditions for a programme."""
        return self.criteria.get(programme, self.criteria["default"])

    def window(self, index: int) -> Window:
        """Return the window of the ``index``-th paper; later papers share the last one."""
        return self.windows[min(index, len(self.windows) - 1)]

    def step(self, office: str) -> ChainStep | None:
        """Return the step of an office."""
        return next((step for step in self.chain if step.office == office), None)


class ProbationLimit(_Chapter):
    """The longest probation for kinds of contract; ``term_below``: only for terms under so many months."""

    kinds: tuple[ContractKind, ...] = Field(min_length=1)
    term_below: int | None = None
    months: int = Field(ge=0, le=6)
    clause: str
    why: str


class Article(_Chapter):
    """An article and what it demands, in words for a refusal."""

    clause: str
    why: str


class ExtensionLaw(Article):
    """Extending a probation; ``courts_differ`` is shown wherever one is prepared."""

    courts_differ: str


class EliminationLaw(Article):
    """Ending employment within probation; ``no_union`` is the word for a company without a union."""

    no_union: str


class LabourLaw(_Chapter):
    """Probation in the Labour Contract Law as data; of the limits the first that fits counts."""

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    source: str
    longest_probation: tuple[ProbationLimit, ...] = Field(min_length=1)
    one_probation: Article
    extension: ExtensionLaw
    elimination: EliminationLaw
    lapse: Article
