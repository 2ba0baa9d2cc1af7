"""The chapter of pay schemes: what a month's base is at each level (docs/rules.md 7). Money is yuan."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

_FEN = Decimal("0.01")


class _Chapter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Money = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]


class Amounts(_Chapter):
    """The base is written out for each level; of a level that is not named nothing is known."""

    kind: Literal["amounts"]
    by_level: dict[str, Money] = Field(min_length=1)


class Raise(_Chapter):
    """The lowest level has ``start``; each level above it has ``percent`` more than the one below.

    Rounded half up to the fen once, at the end.
    """

    kind: Literal["raise"]
    start: Money
    percent: Decimal = Field(ge=0, le=100)


class PayScheme(_Chapter):
    """One edition of a pay scheme. ``levels`` from the lowest; probation is no level and has no base here."""

    ref: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    edition: int = Field(ge=1)
    effective_from: date
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    levels: tuple[str, ...] = Field(min_length=1)
    base: Annotated[Amounts | Raise, Field(discriminator="kind")]
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> PayScheme:
        if len(set(self.levels)) != len(self.levels):
            raise ValueError("级别（levels）写重了，请删去重复的。")
        if isinstance(self.base, Amounts) and set(self.base.by_level) != set(self.levels):
            raise ValueError("每个级别（levels）都要有一个底薪（by_level），也不能多出来。")
        return self

    def base_of(self, level: str | None) -> Decimal | None:
        """Return the month's base at a level in yuan; ``None`` where the scheme says none (probation too).

        Source: domain rules of pay, base by level; a raise is compounded level by level.
        """
        if level is None or level not in self.levels:
            return None
        if isinstance(self.base, Amounts):
            return self.base.by_level[level].quantize(_FEN)
        factor = (1 + self.base.percent / 100) ** self.levels.index(level)
        return (self.base.start * factor).quantize(_FEN, ROUND_HALF_UP)
