"""A good grade for enough closed months."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier, MonthRecord
from cstrain.judgement.windows import Window, named, since
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import Said, say

Grade = Literal["S", "A", "B", "C", "D"]
_RANK = {grade: rank for rank, grade in enumerate("DCBAS")}


@criterion
class GradeMonths(Criterion):
    """``grade`` or better in ``months`` closed months at the present level (docs/rules.md 7).

    A month belongs to the level held on its last day. ``cumulative``: any of them; ``consecutive``: the
    latest ones in a row. Months of leave over half the days are left out, whatever their grade: they neither
    count nor break the row.
    """

    kind: Literal["grade_months"]
    grade: Grade
    months: int = Field(ge=1, le=60)
    count: Literal["cumulative", "consecutive"] = "cumulative"
    at: Literal["level", "company"] = "level"

    def check(self, facts: Dossier) -> Finding:
        """Count what is known; unknown while a missing month could decide, not met when none could."""
        needs = say("要求≥%(n)s个月", n=self.months)
        standing = facts.standing
        start = None
        if standing is not None:
            start = standing.level_since if self.at == "level" else standing.hired_on
        if start is None:
            word = say("任现级别" if self.at == "level" else "入职")
            says = say("%(what)s的日期没有登记，暂时不能判断。", what=word)
            return self.finding(State.UNKNOWN, says, needs=needs)
        window = since(facts, start)
        if window is None:
            return self.finding(State.UNKNOWN, say("还没有已关账的月份，暂时不能判断。"), needs=needs)
        sure, possible = self._counts(window)
        good = [record for record in window.known if self._is_good(record) and not record.away]
        records = tuple(
            Evidence("month", one.ref, say("%(month)s%(grade)s", month=named((one.month,)), grade=one.grade))
            for one in good
        )
        value = say("%(n)s个月", n=sure)
        return self.finding(
            self._state(sure, possible),
            self._says(window, sure, possible),
            value=value,
            needs=needs,
            records=records,
        )

    def moves_by_month(self) -> bool:
        """Another month with the grade counts."""
        return True

    def _state(self, sure: int, possible: int) -> State:
        if sure >= self.months:
            return State.MET
        return State.UNKNOWN if possible >= self.months else State.NOT_MET

    def _says(self, window: Window, sure: int, possible: int) -> Said:
        says = say(
            "%(since)s绩效%(grade)s级以上%(how)s%(n)s个月，要求%(wanted)s个月",
            since=say("任现级别以来" if self.at == "level" else "入职以来"),
            grade=self.grade,
            how=say("累计" if self.count == "cumulative" else "最近连续"),
            n=sure,
            wanted=self.months,
        )
        away = tuple(one.month for one in window.known if one.away)
        if away:
            also = say("%(months)s请假过半不计", months=named(away))
            says = say("%(says)s（%(also)s）", says=says, also=also)
        if sure >= self.months:
            return say("%(says)s。", says=says)
        unknown = tuple(sorted((*window.missing, *(one.month for one in window.known if _is_unknown(one)))))
        if possible >= self.months:
            return say("%(says)s；%(months)s没有等级记录，暂时不能判断。", says=says, months=named(unknown))
        short = say("；%(months)s没有记录，补上也不够", months=named(unknown)) if unknown else ""
        return say("%(says)s，还差%(n)s个月%(also)s。", says=says, n=self.months - sure, also=short)

    def _counts(self, window: Window) -> tuple[int, int]:
        """Return how many months count for certain, and how many would with the best news of the unknown."""
        by_month = {record.month: record for record in window.known}
        verdicts = [self._verdict(by_month.get(month)) for month in window.months]
        if self.count == "cumulative":
            good = verdicts.count("good")
            return good, good + verdicts.count("unknown")
        return _run(verdicts, {"good"}), _run(verdicts, {"good", "unknown"})

    def _verdict(self, record: MonthRecord | None) -> str:
        if record is None:
            return "unknown"
        if record.away:
            return "skip"
        if self._is_good(record):
            return "good"
        return "unknown" if _is_unknown(record) else "bad"

    def _is_good(self, record: MonthRecord) -> bool:
        return _RANK.get(record.grade or "", -1) >= _RANK[self.grade]


def _is_unknown(record: MonthRecord) -> bool:
    return not record.away and record.grade not in _RANK


def _run(verdicts: list[str], counting: set[str]) -> int:
    run = 0
    for verdict in reversed(verdicts):
        if verdict in counting:
            run += 1
        elif verdict != "skip":
            break
    return run
