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
from cstrain.wording.said import Said, said_day, said_row, say


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
            return self.finding(State.UNKNOWN, say("还没有考试成绩，暂时不能判断。"))
        held = [mark for ref in asked if (mark := self._deciding(ref, facts)) is not None]
        failed = [mark for mark in held if not self._holds(mark, facts.on)]
        missing = len(asked) - len(held)
        done = len(held) - len(failed)
        records = tuple(Evidence("attempt", mark.ref, _label(mark)) for mark in held)
        wanted = self._wanted()
        value, needs = (
            say("%(n)s卷及格", n=done + free),
            say("要求%(n)s卷%(wanted)s", n=len(self.papers), wanted=wanted),
        )
        also = say("，另有%(n)s卷免试", n=free) if free else ""
        if failed:
            gaps = said_row("；", [self._gap(mark, facts.on) for mark in failed])
            says = say("%(gaps)s。%(needs)s。", gaps=gaps, needs=needs)
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=records)
        if missing:
            key = "%(all)s卷中有%(missing)s卷还没有发布成绩，已发布的%(done)s卷及格%(also)s。"
            says = say(key, all=len(self.papers), missing=missing, done=done, also=also)
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=records)
        labels = said_row("；", [_label(mark) for mark in held])
        key = "%(n)s卷%(wanted)s：%(labels)s%(also)s。"
        says = say(key, n=len(self.papers), wanted=wanted, labels=labels, also=also)
        if not held:
            says = say("%(n)s卷都免试。", n=free)
        return self.finding(State.MET, says, value=value, needs=needs, records=records)

    def _wanted(self) -> Said:
        if self.least is None:
            return say("都及格")
        return say("都达到%(n)s分", n=f"{self.least.normalize():f}")

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

    def _gap(self, mark: PaperMark, on: date | None) -> Said:
        if self._reaches(mark):
            last = add_months(mark.on, self.valid_months or 0)
            return say("%(paper)s，有效期到%(day)s，已过期", paper=_label(mark), day=said_day(last))
        if mark.passed and self.least is not None:
            wanted = f"{self.least.normalize():f}"
            return say("%(paper)s，要求%(n)s分，未达到", paper=_label(mark), n=wanted)
        line = f"{mark.pass_mark.normalize():f}"
        return say("%(paper)s，及格线%(n)s分，未及格", paper=_label(mark), n=line)


def _label(mark: PaperMark) -> Said:
    reached = shown(mark.raw, mark.pass_mark)
    if mark.resit:
        return say("%(paper)s补考%(n)s分", paper=mark.title, n=reached)
    return say("%(paper)s%(n)s分", paper=mark.title, n=reached)
