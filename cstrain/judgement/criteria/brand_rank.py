"""Among the best of the department by brand points."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from cstrain.judgement.comparing import Own, better_than, field_of, last_months, own_months
from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.judgement.windows import named, number
from cstrain.kernel.finding import Evidence, Finding, State


@criterion
class BrandRank(Criterion):
    """Within the first ``top`` by the mean of brand points over the latest ``months`` closed months.

    Compared is the whole department, or only who holds the same level. Ties share the better rank. A month of
    leave over half the days is left out; who has fewer than ``least_months`` is not ranked (docs/rules.md 7).
    """

    kind: Literal["brand_rank"]
    top: int = Field(ge=1)
    months: int = Field(default=3, ge=1, le=12)
    least_months: int = Field(default=2, ge=1, le=12)
    among: Literal["department", "same_level"] = "department"

    @model_validator(mode="after")
    def _fits_together(self) -> BrandRank:
        if self.least_months > self.months:
            raise ValueError("least_months不能多于months。")
        return self

    def check(self, facts: Dossier) -> Finding:
        """Unknown while somebody's missing figure could decide; not met when it could not."""
        comparison = facts.comparison
        if facts.person is None or facts.months is None or comparison is None or not comparison.months:
            return self._finding(State.UNKNOWN, "还没有已关账月份的品牌分，暂时不能判断。")
        months = last_months(comparison, self.months)
        own = own_months(facts, comparison, months)
        if len(own.held) + len(own.missing) < self.least_months:
            return self._finding(State.NOT_MET, self._unranked(own), value="未参加排名", own=own)
        if own.missing:
            says = f"{named(own.missing)}的品牌分没有记录，暂时不能排名。"
            return self._finding(State.UNKNOWN, says, own=own)
        level = None
        if self.among == "same_level":
            level = own.held[-1].level
            if level is None:
                return self._finding(State.UNKNOWN, "所在级别没有记录，暂时不能与同级比较。", own=own)
        field = field_of(comparison, months, self.least_months, level)
        mean = sum((row.brand_points or Decimal(0) for row in own.held), Decimal(0)) / len(own.held)
        rank = 1 + better_than(field, mean)
        people = len(field.means) + len(field.unknown)
        says = f"最近{self.months}个已关账月份品牌分月均{number(mean)}分，在{self._among()}{people}人中"
        if rank > self.top:
            says += f"列第{rank}名，要求前{self.top}名，差{rank - self.top}名。"
            return self._finding(State.NOT_MET, says, value=f"第{rank}名", own=own)
        if rank + len(field.unknown) > self.top:
            says += f"暂列第{rank}名，另有{len(field.unknown)}人缺品牌分记录，要求前{self.top}名。"
            return self._finding(State.UNKNOWN, says, value=f"暂列第{rank}名", own=own)
        says += f"列第{rank}名，要求前{self.top}名。"
        return self._finding(State.MET, says, value=f"第{rank}名", own=own)

    def moves_by_month(self) -> bool:
        """The window moves with each closed month."""
        return True

    def _among(self) -> str:
        return "本部门同级" if self.among == "same_level" else "本部门"

    def _unranked(self, own: Own) -> str:
        why = []
        if own.away:
            why.append(f"{named(own.away)}请假过半不计")
        if own.elsewhere:
            why.append(f"{named(own.elsewhere)}不在本部门")
        words = f"（{'，'.join(why)}）" if why else ""
        return (
            f"最近{self.months}个已关账月份里只有{len(own.held) + len(own.missing)}个月可以参加排名{words}，"
            f"至少要{self.least_months}个月，还差{self.least_months - len(own.held) - len(own.missing)}个月。"
        )

    def _finding(self, state: State, says: str, *, value: str = "", own: Own | None = None) -> Finding:
        rows = own.held if own else ()
        records = tuple(
            Evidence(
                "brand_points",
                f"{row.person}:{row.month:%Y-%m}",
                f"{named((row.month,))}{number(row.brand_points or Decimal(0))}分",
            )
            for row in rows
        )
        return self.finding(state, says, value=value, needs=f"要求前{self.top}名", records=records)
