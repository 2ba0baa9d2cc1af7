"""The chapter of monthly reviews: views and their weights, factors, answers, peers, customers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

CHAPTER = "reviews.yaml"

ViewId = Literal["self", "manager", "peers", "customers"]
Way = Literal["drawn", "named"]
SELF: ViewId = "self"
MANAGER: ViewId = "manager"
PEERS: ViewId = "peers"
CUSTOMERS: ViewId = "customers"
UNSURE = "unsure"
"""A peer's answer that tells nothing of the factor; it is counted nowhere."""
HUNDRED = Decimal(100)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class View(_Frozen):
    """Who looks at a person: the weight of the view in per cent of the whole."""

    id: ViewId
    title: str = Field(min_length=1)
    weight: Decimal = Field(gt=0, le=100)
    clause: str = Field(min_length=1)


class Factor(_Frozen):
    """What is looked at; its weight within a view, in per cent. ``group``: the heading it stands under."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    group: str = Field(min_length=1)
    title: str = Field(min_length=1)
    hint: str = ""
    weight: Decimal = Field(gt=0, le=100)


class Answer(_Frozen):
    """An answer that may be chosen, worth so many of 100 points."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    title: str = Field(min_length=1)
    points: Decimal = Field(ge=0, le=100)


class Peers(_Frozen):
    """How colleagues are asked: ``count`` of them for each person, by lot or named by the superior.

    Below ``least`` answers nothing of what they said is shown.
    """

    ways: tuple[Way, ...] = Field(min_length=1)
    count: int = Field(ge=3, le=20)
    least: int = Field(ge=3, le=20)
    unsure: str = Field(min_length=1)
    clause: str = Field(min_length=1)


class Customers(_Frozen):
    """Customers' view: their satisfaction out of 100, less so many points for each complaint."""

    complaint: Decimal = Field(ge=0, le=100)
    major: Decimal = Field(ge=0, le=100)
    clause: str = Field(min_length=1)


class ReviewRules(_Frozen):
    """An edition of the rules of monthly reviews (docs/rules.md 7). A cycle keeps that of its opening.

    ``window_days``: whole days of answering that are proposed; ``most_days``: the longest window.
    ``remind_before``: days before the last one on which who has not answered is reminded.
    """

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    window_days: int = Field(ge=1, le=31)
    most_days: int = Field(ge=1, le=62)
    remind_before: int = Field(ge=0, le=14)
    views: tuple[View, ...]
    factors: tuple[Factor, ...] = Field(min_length=1, max_length=30)
    answers: tuple[Answer, ...] = Field(min_length=2, max_length=7)
    peers: Peers
    customers: Customers
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> ReviewRules:
        if sorted(view.id for view in self.views) != sorted((SELF, MANAGER, PEERS, CUSTOMERS)):
            raise ValueError("四个角度（views）各写一次，不能多也不能少。")
        if sum(view.weight for view in self.views) != HUNDRED:
            raise ValueError("四个角度的权重加起来要正好是100。")
        if sum(factor.weight for factor in self.factors) != HUNDRED:
            raise ValueError("各项因素的权重加起来要正好是100。")
        _once([factor.id for factor in self.factors], "因素（factors）")
        _once([*(answer.id for answer in self.answers), UNSURE], "答案（answers）")
        if self.peers.least > self.peers.count:
            raise ValueError("同事的最少人数（least）不能比请的人数（count）多。")
        return self

    def view(self, name: str) -> View:
        """Return a view by its name."""
        return next(view for view in self.views if view.id == name)

    def factor(self, name: str) -> Factor:
        """Return a factor by its name."""
        return next(factor for factor in self.factors if factor.id == name)

    def worth(self) -> dict[str, Decimal]:
        """Return what each answer is worth, out of 100."""
        return {answer.id: answer.points for answer in self.answers}


def _once(names: Sequence[str], what: str) -> None:
    if len(set(names)) != len(names):
        raise ValueError(f"{what}的代号有重复的，或者用了保留的{UNSURE}。")
