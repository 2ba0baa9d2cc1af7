"""All named papers are passed, each at one attempt or another."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier, PaperMark
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.kernel.units import shown


@criterion
class PapersPassed(Criterion):
    """Each of ``papers`` has a released attempt that reaches its pass mark (docs/rules.md 1)."""

    kind: Literal["papers_passed"]
    papers: tuple[str, ...] = Field(min_length=1)

    def check(self, facts: Dossier) -> Finding:
        """Not met when a paper was failed and never passed; unknown while one has no released mark."""
        if facts.papers is None:
            return self.finding(State.UNKNOWN, "还没有考试成绩，暂时不能判断。")
        best = {ref: _deciding(ref, facts.papers) for ref in self.papers}
        held = [mark for mark in best.values() if mark is not None]
        failed = [mark for mark in held if not mark.passed]
        missing = len(self.papers) - len(held)
        done = len(held) - len(failed)
        records = tuple(Evidence("attempt", mark.ref, _label(mark)) for mark in held)
        value, needs = f"{done}卷及格", f"要求{len(self.papers)}卷都及格"
        if failed:
            says = f"{'；'.join(_gap(mark) for mark in failed)}。要求{len(self.papers)}卷都及格。"
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=records)
        if missing:
            says = f"{len(self.papers)}卷中有{missing}卷还没有发布成绩，已发布的{done}卷及格。"
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=records)
        says = f"{len(self.papers)}卷都及格：{'；'.join(_label(mark) for mark in held)}。"
        return self.finding(State.MET, says, value=value, needs=needs, records=records)


def _deciding(ref: str, marks: tuple[PaperMark, ...]) -> PaperMark | None:
    """Return the first passing attempt at a paper, else the last failing one, else ``None``."""
    mine = [mark for mark in marks if mark.paper_ref == ref]
    passing = [mark for mark in mine if mark.passed]
    return passing[0] if passing else (mine[-1] if mine else None)


def _shown(mark: PaperMark) -> str:
    return f"{shown(mark.raw, mark.pass_mark)}分"


def _label(mark: PaperMark) -> str:
    return f"{mark.title}{'补考' if mark.resit else ''}{_shown(mark)}"


def _gap(mark: PaperMark) -> str:
    return f"{_label(mark)}，及格线{mark.pass_mark.normalize():f}分，未及格"
