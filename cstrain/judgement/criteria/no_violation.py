"""No violation is on record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier, Violation
from cstrain.kernel.calendar import add_months
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import said_row, say


@criterion
class NoViolation(Criterion):
    """The register, or HR's statement for the case, names no violation (docs/rules.md 1, 7).

    ``months``: only those of the last months, the day itself included; without it all of them.
    """

    kind: Literal["no_violation"]
    months: int | None = Field(default=None, ge=1, le=120)

    def check(self, facts: Dossier) -> Finding:
        """Unknown until the register exists or HR has stated it, or while a day that decides is not known."""
        needs = say("要求0条")
        if facts.violations is None:
            says = say("有没有违纪还没有填写，请人力资源部说明。")
            return self.finding(State.UNKNOWN, says, needs=needs)
        counting = [one for one in facts.violations if self._counts(one, facts.on)]
        span = say("最近%(n)s个月", n=self.months) if self.months else ""
        value = say("%(n)s条", n=len(counting))
        if not counting:
            says = say("%(span)s没有违纪记录。", span=span)
            return self.finding(State.MET, says, value=value, needs=needs)
        records = tuple(Evidence("violation", one.ref, one.label) for one in counting)
        listed = said_row("；", [one.label for one in counting])
        if self.months and all(self._is_open(one, facts.on) for one in counting):
            key = "有%(n)s条违纪记录没有日期，暂时不能判断：%(listed)s。"
            says = say(key, n=len(counting), listed=listed)
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=records)
        says = say("%(span)s有%(n)s条违纪记录：%(listed)s。", span=span, n=len(counting), listed=listed)
        return self.finding(State.NOT_MET, says, value=value, needs=needs, records=records)

    def turns(self, facts: Dossier) -> tuple[date, ...]:
        """Return the days on which a violation leaves the window."""
        months = self.months
        if months is None:
            return ()
        days = [one.on for one in facts.violations or () if one.on is not None]
        return tuple(add_months(day, months) + timedelta(days=more) for day in days for more in range(5))

    def _is_open(self, one: Violation, on: date | None) -> bool:
        return one.on is None or on is None

    def _counts(self, one: Violation, on: date | None) -> bool:
        if self.months is None or one.on is None or on is None:
            return True
        return add_months(on, -self.months) <= one.on <= on
