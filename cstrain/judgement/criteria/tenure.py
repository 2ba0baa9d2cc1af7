"""Long enough in the company, in the department, in service, or at a level."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier, Standing
from cstrain.kernel.calendar import add_months
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import Said, said_day, say

_SINCE_WORDS = {"company": "入职", "department": "进入本部门", "service": "进入客服部门", "level": "任现级别"}


@criterion
class Tenure(Criterion):
    """``months`` or ``years`` are full on the day itself, clamped to the month's end (docs/rules.md 7).

    ``since``: ``company`` joined; ``department`` the present one; ``service`` without a break in departments
    that serve customers; ``level`` the present one; ``reached``: since ``level`` was first held.
    """

    kind: Literal["tenure"]
    since: Literal["company", "department", "service", "level", "reached"]
    level: str = ""
    level_title: str = ""
    months: int = Field(default=0, ge=0)
    years: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _fits_together(self) -> Tenure:
        if self._least < 1:
            raise ValueError("要写明月数（months）或年数（years）。")
        if (self.since == "reached") != bool(self.level):
            raise ValueError("since写reached时要写level，其他时候不写。")
        return self

    @property
    def _least(self) -> int:
        return self.years * 12 + self.months

    def check(self, facts: Dossier) -> Finding:
        """Compare the day on which the time is full with the day of judging."""
        needs = say("要求满%(length)s", length=self._length())
        start = self._start(facts.standing) if facts.standing else None
        if facts.on is None or start is None:
            says = say("%(what)s的日期没有登记，暂时不能判断。", what=self._what())
            return self.finding(State.UNKNOWN, says, needs=needs)
        records = self._records(facts.standing, start)
        full = add_months(start, self._least)
        held, day = _months_between(start, facts.on), said_day(start)
        value = say("满%(n)s个月", n=held) if held >= 0 else say("尚未开始")
        if facts.on >= full:
            key = "%(day)s%(what)s，已满%(n)s个月，要求满%(length)s。"
            says = say(key, day=day, what=self._what(), n=held, length=self._length())
            return self.finding(State.MET, says, value=value, needs=needs, records=records)
        if self._may_be_longer(facts.standing, facts.on):
            says = say("%(day)s进入现部门，之前在其他客服部门的时间没有登记，暂时不能判断。", day=day)
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=records)
        gap = (full - facts.on).days
        key = "%(day)s%(what)s，到%(full)s才满%(length)s，还差%(n)s天。"
        says = say(key, day=day, what=self._what(), full=said_day(full), length=self._length(), n=gap)
        return self.finding(State.NOT_MET, says, value=value, needs=needs, records=records)

    def turns(self, facts: Dossier) -> tuple[date, ...]:
        """Return the day on which the time is full."""
        start = self._start(facts.standing) if facts.standing else None
        return () if start is None else (add_months(start, self._least),)

    def _start(self, standing: Standing | None) -> date | None:
        if standing is None:
            return None
        if self.since == "reached":
            held = standing.level_since if standing.level == self.level else None
            return standing.reached.get(self.level, held)
        if self.since == "service":
            return standing.service_since or standing.department_since
        dates = {
            "company": standing.hired_on,
            "department": standing.department_since,
            "level": standing.level_since,
        }
        return dates[self.since]

    def _may_be_longer(self, standing: Standing | None, on: date) -> bool:
        # the time in other service departments is not known; it cannot be longer than that in the company
        if self.since != "service" or standing is None or standing.service_since is not None:
            return False
        return standing.hired_on is None or on >= add_months(standing.hired_on, self._least)

    def _records(self, standing: Standing | None, start: date) -> tuple[Evidence, ...]:
        if standing is None or not standing.history:
            return ()
        label = say("%(day)s%(what)s", day=start.isoformat(), what=self._what())
        return (Evidence("history", standing.history, label),)

    def _what(self) -> Said:
        if self.since == "reached":
            return say("任%(level)s", level=self.level_title or self.level)
        return say(_SINCE_WORDS[self.since])

    def _length(self) -> Said:
        years, months = divmod(self._least, 12)
        return say("%(n)s个月", n=self._least) if months else say("%(n)s年", n=years)


def _months_between(start: date, on: date) -> int:
    """Return the whole months from ``start`` to ``on``, by the rule of the day itself; below 0: not begun."""
    months = (on.year - start.year) * 12 + on.month - start.month
    return months if add_months(start, months) <= on else months - 1
