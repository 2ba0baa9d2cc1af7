"""Among the best of the department by brand points."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from cstrain.judgement.comparing import Field as RankField
from cstrain.judgement.comparing import Own, better_than, field_of, last_months, own_months
from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.judgement.windows import named, number
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import Said, said_row, say


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
            return self._finding(State.UNKNOWN, say("还没有已关账月份的品牌分，暂时不能判断。"))
        months = last_months(comparison, self.months)
        own = own_months(facts, comparison, months)
        if len(own.held) + len(own.missing) < self.least_months:
            return self._finding(State.NOT_MET, self._unranked(own), value=say("未参加排名"), own=own)
        if own.missing:
            says = say("%(months)s的品牌分没有记录，暂时不能排名。", months=named(own.missing))
            return self._finding(State.UNKNOWN, says, own=own)
        level = None
        if self.among == "same_level":
            level = own.held[-1].level
            if level is None:
                says = say("所在级别没有记录，暂时不能与同级比较。")
                return self._finding(State.UNKNOWN, says, own=own)
        field = field_of(comparison, months, self.least_months, level)
        mean = sum((row.brand_points or Decimal(0) for row in own.held), Decimal(0)) / len(own.held)
        return self._ranked(field, mean, own)

    def _ranked(self, field: RankField, mean: Decimal, own: Own) -> Finding:
        rank = 1 + better_than(field, mean)
        place = say(
            "最近%(months)s个已关账月份品牌分月均%(mean)s分，在%(among)s%(people)s人中",
            months=self.months,
            mean=number(mean),
            among=say("本部门同级" if self.among == "same_level" else "本部门"),
            people=len(field.means) + len(field.unknown),
        )
        value = say("第%(rank)s名", rank=rank)
        if rank > self.top:
            key = "%(place)s列第%(rank)s名，要求前%(top)s名，差%(gap)s名。"
            says = say(key, place=place, rank=rank, top=self.top, gap=rank - self.top)
            return self._finding(State.NOT_MET, says, value=value, own=own)
        if rank + len(field.unknown) > self.top:
            key = "%(place)s暂列第%(rank)s名，另有%(unknown)s人缺品牌分记录，要求前%(top)s名。"
            says = say(key, place=place, rank=rank, unknown=len(field.unknown), top=self.top)
            value = say("暂列第%(rank)s名", rank=rank)
            return self._finding(State.UNKNOWN, says, value=value, own=own)
        says = say("%(place)s列第%(rank)s名，要求前%(top)s名。", place=place, rank=rank, top=self.top)
        return self._finding(State.MET, says, value=value, own=own)

    def moves_by_month(self) -> bool:
        """The window moves with each closed month."""
        return True

    def _unranked(self, own: Own) -> Said:
        why = []
        if own.away:
            why.append(say("%(months)s请假过半不计", months=named(own.away)))
        if own.elsewhere:
            why.append(say("%(months)s不在本部门", months=named(own.elsewhere)))
        held = len(own.held) + len(own.missing)
        return say(
            "最近%(months)s个已关账月份里只有%(held)s个月可以参加排名%(why)s，至少要%(least)s个月，还差%(gap)s个月。",
            months=self.months,
            held=held,
            why=say("（%(listed)s）", listed=said_row("，", why)) if why else "",
            least=self.least_months,
            gap=self.least_months - held,
        )

    def _finding(self, state: State, says: str, *, value: str = "", own: Own | None = None) -> Finding:
        rows = own.held if own else ()
        records = tuple(
            Evidence(
                "brand_points",
                f"{one.person}:{one.month:%Y-%m}",
                say("%(month)s%(n)s分", month=named((one.month,)), n=number(one.brand_points or Decimal(0))),
            )
            for one in rows
        )
        return self.finding(
            state, says, value=value, needs=say("要求前%(top)s名", top=self.top), records=records
        )
