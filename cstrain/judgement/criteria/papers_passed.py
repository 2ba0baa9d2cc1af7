"""All named papers are passed, each at one attempt or another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier, PaperMark
from cstrain.kernel.calendar import add_months
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.kernel.units import shown


@criterion
class PapersPassed(Criterion):
    """Each of ``papers`` has a released attempt that reaches its pass mark (docs/rules.md 1, 7).

    ``least``: a mark to be reached that is higher than the pass mark. ``valid_months``: the pass counts until
    the same day so many months later, that day included. Who is exempt from a paper counts as having passed.
    """

    kind: Literal["papers_passed"]
    papers: tuple[str, ...] = Field(min_length=1)
    least: Decimal | None = Field(default=None, ge=0, le=100)
    valid_months: int | None = Field(default=None, ge=1, le=120)

    def check(self, facts: Dossier) -> Finding:
        """Not met when a paper was failed, or its pass has lapsed; unknown while one has no released mark."""
        asked = tuple(ref for ref in self.papers if ref not in facts.exempt)
        free = len(self.papers) - len(asked)
        if facts.papers is None and asked:
            return self.finding(State.UNKNOWN, "还没有考试成绩，暂时不能判断。")
        held = [mark for ref in asked if (mark := self._deciding(ref, facts)) is not None]
        failed = [mark for mark in held if not self._holds(mark, facts.on)]
        missing = len(asked) - len(held)
        done = len(held) - len(failed)
        records = tuple(Evidence("attempt", mark.ref, _label(mark)) for mark in held)
        value, needs = f"{done + free}卷及格", f"要求{len(self.papers)}卷都{self._wanted()}"
        also = f"，另有{free}卷免试" if free else ""
        if failed:
            gaps = "；".join(self._gap(mark, facts.on) for mark in failed)
            says = f"{gaps}。{needs}。"
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=records)
        if missing:
            says = f"{len(self.papers)}卷中有{missing}卷还没有发布成绩，已发布的{done}卷及格{also}。"
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=records)
        labels = "；".join(_label(mark) for mark in held)
        says = f"{len(self.papers)}卷都{self._wanted()}：{labels}{also}。" if held else f"{free}卷都免试。"
        return self.finding(State.MET, says, value=value, needs=needs, records=records)

    def _wanted(self) -> str:
        return "及格" if self.least is None else f"达到{self.least.normalize():f}分"

    def _deciding(self, ref: str, facts: Dossier) -> PaperMark | None:
        """Return the attempt that decides: the first that counts, else the last pass, else the last one."""
        mine = [mark for mark in facts.papers or () if mark.paper_ref == ref]
        counting = [mark for mark in mine if self._holds(mark, facts.on)]
        if counting:
            return counting[0]
        lapsed = [mark for mark in mine if self._reaches(mark)]
        return lapsed[-1] if lapsed else (mine[-1] if mine else None)

    def _reaches(self, mark: PaperMark) -> bool:
        return mark.passed and (self.least is None or mark.raw >= self.least)

    def _holds(self, mark: PaperMark, on: date | None) -> bool:
        if not self._reaches(mark):
            return False
        return self.valid_months is None or on is None or on <= add_months(mark.on, self.valid_months)

    def _gap(self, mark: PaperMark, on: date | None) -> str:
        if self._reaches(mark):
            last = add_months(mark.on, self.valid_months or 0)
            return f"{_label(mark)}，有效期到{last.year}年{last.month}月{last.day}日，已过期"
        if mark.passed and self.least is not None:
            return f"{_label(mark)}，要求{self.least.normalize():f}分，未达到"
        return f"{_label(mark)}，及格线{mark.pass_mark.normalize():f}分，未及格"


def _shown(mark: PaperMark) -> str:
    return f"{shown(mark.raw, mark.pass_mark)}分"


def _label(mark: PaperMark) -> str:
    return f"{mark.title}{'补考' if mark.resit else ''}{_shown(mark)}"
