"""Entries of a register: enough of the good ones, none or few of the bad ones."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field, model_validator

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier, RegisterRecord
from cstrain.kernel.calendar import add_months
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import said_row, say

Register = Literal["complaint", "violation", "award", "proposal", "cover", "conflict", "suggestion"]
REGISTER_WORDS: dict[str, str] = {
    "complaint": "投诉",
    "violation": "违纪",
    "award": "奖励",
    "proposal": "改善方案",
    "cover": "代班",
    "conflict": "内部冲突",
    "suggestion": "建议",
}


@criterion
class RegisterEntries(Criterion):
    """At least ``least`` or at most ``most`` entries of register ``of``, in the last ``months`` (none: ever).

    The day ``months`` before the day of judging still counts. ``major``: only major complaints
    (docs/rules.md 7).
    """

    kind: Literal["register"]
    of: Register
    least: int | None = Field(default=None, ge=1)
    most: int | None = Field(default=None, ge=0)
    months: int | None = Field(default=None, ge=1, le=120)
    major: bool = False

    @model_validator(mode="after")
    def _fits_together(self) -> RegisterEntries:
        if (self.least is None) == (self.most is None):
            raise ValueError("least和most要写一个，也只能写一个。")
        if self.major and self.of != "complaint":
            raise ValueError("只有投诉（complaint）可以写major。")
        return self

    def check(self, facts: Dossier) -> Finding:
        """Count the entries; unknown without the register or the day."""
        needs = say("要求≤%(n)s条", n=self.most)
        if self.least is not None:
            needs = say("要求≥%(n)s条", n=self.least)
        name = say("重大投诉") if self.major else say(REGISTER_WORDS[self.of])
        if facts.registers is None or facts.on is None:
            says = say("没有%(of)s登记簿，暂时不能判断。", of=name)
            return self.finding(State.UNKNOWN, says, needs=needs)
        found = [one for one in facts.registers if self._counts(one, facts.on)]
        records = tuple(Evidence(self.of, one.ref, one.label) for one in found)
        value = say("%(n)s条", n=len(found))
        span = say("最近%(n)s个月", n=self.months) if self.months else ""
        has = say("%(span)s有%(of)s记录%(n)s条", span=span, of=name, n=len(found))
        if self.least is not None:
            gap = self.least - len(found)
            state = State.MET if gap <= 0 else State.NOT_MET
            short = say("，还差%(n)s条", n=gap) if gap > 0 else ""
            says = say("%(has)s，要求至少%(n)s条%(short)s。", has=has, n=self.least, short=short)
            return self.finding(state, says, value=value, needs=needs, records=records)
        most = self.most or 0
        state = State.MET if len(found) <= most else State.NOT_MET
        listed: str = ""
        if found and state is State.NOT_MET:
            listed = say("（%(listed)s）", listed=said_row("；", [one.label for one in found]))
        says = say("%(has)s，要求不超过%(n)s条%(listed)s。", has=has, n=most, listed=listed)
        return self.finding(state, says, value=value, needs=needs, records=records)

    def turns(self, facts: Dossier) -> tuple[date, ...]:
        """Return the days on which an entry leaves the window."""
        months = self.months
        if self.most is None or months is None:
            return ()
        # months of different length: the first day outside lies within four days of the same day
        return tuple(
            add_months(one.on, months) + timedelta(days=more)
            for one in facts.registers or ()
            if one.kind == self.of
            for more in range(5)
        )

    def _counts(self, one: RegisterRecord, on: date) -> bool:
        if one.kind != self.of or one.on > on or (self.major and not one.major):
            return False
        return self.months is None or one.on >= add_months(on, -self.months)
