"""Gates: what they find and propose. People decide. Pure.

Source: docs/rules.md 1 (typing below 40 / 25 characters a minute at 95 % accuracy; telephone below
60 / 40).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from cstrain.grading.facts import ScoreFacts, SectionScore
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.onboarding.facts import GateFinding, Grade, SheetFacts
from cstrain.onboarding.policy import Gate, SheetSpec, Threshold

_STATES = {
    Grade.PASSED: State.MET,
    Grade.WEAK: State.NOT_MET,
    Grade.FAR_BELOW: State.NOT_MET,
    Grade.UNKNOWN: State.UNKNOWN,
}


def grade_sheet(threshold: Threshold, marks: Mapping[str, Decimal], total: Decimal | None) -> Grade:
    """Grade a score sheet. A missing number is unknown; a ``needs`` that is not reached is weak at best."""
    value = total if threshold.measure is None else marks.get(threshold.measure)
    if value is None:
        return Grade.UNKNOWN
    if value < threshold.far_below:
        return Grade.FAR_BELOW
    needed = {name: marks.get(name) for name in threshold.needs}
    if any(number is None for number in needed.values()):
        return Grade.UNKNOWN
    short = any((number or 0) < threshold.needs[name] for name, number in needed.items())
    return Grade.WEAK if value < threshold.weak_below or short else Grade.PASSED


def judge_sheet(
    spec: SheetSpec, threshold: Threshold | None, sheet: SheetFacts | None, day: int | None
) -> GateFinding:
    """Return what a gate makes of a score sheet (``None``: not entered yet)."""
    where = f"第{day}天{spec.title}" if day else spec.title
    if threshold is None:
        return _finding("sheet", Grade.UNKNOWN, f"{where}没有规定合格线。", spec.title)
    if sheet is None:
        return _finding("sheet", Grade.UNKNOWN, f"{where}还没有成绩单。", threshold.clause)
    grade = grade_sheet(threshold, sheet.marks, sheet.total)
    numbers = _numbers(spec, sheet.marks, sheet.total)
    says = f"{where}{numbers}，{_against(spec, threshold, grade)}。"
    evidence = Evidence("score_sheet", str(sheet.id), f"{where}成绩单")
    return _finding("sheet", grade, says, threshold.clause, evidence)


def _numbers(spec: SheetSpec, marks: Mapping[str, Decimal], total: Decimal | None) -> str:
    if spec.items:
        return f"{_plain(total)}分" if total is not None else "没有总分"
    return "，".join(
        f"{measure.title}{_plain(marks.get(measure.id))}{measure.unit if measure.unit == '%' else ''}"
        for measure in spec.measures
    )


def _against(spec: SheetSpec, threshold: Threshold, grade: Grade) -> str:
    needs = "、".join(
        f"{measure.title}{_plain(threshold.needs[measure.id])}{measure.unit}"
        for measure in spec.measures
        if measure.id in threshold.needs
    )
    line = f"合格线{_plain(threshold.weak_below)}" + (f"且{needs}" if needs else "")
    words = {
        Grade.PASSED: f"达到{line}",
        Grade.WEAK: f"未达到{line}",
        Grade.FAR_BELOW: f"低于{_plain(threshold.far_below)}，远低于岗位要求",
        Grade.UNKNOWN: f"缺数字，无法与{line}比较",
    }
    return words[grade]


def judge_section(
    spec: SheetSpec,
    threshold: Threshold | None,
    title: str,
    score: ScoreFacts | None,
    section: SectionScore | None,
) -> GateFinding:
    """Return what a gate makes of a section of a released paper, by the threshold of a score sheet.

    Measured numbers are those of the section's answers; judged items become the share of the section's marks
    out of the sheet's total. Before release it is unknown.
    """
    clause = threshold.clause if threshold is not None else spec.title
    if threshold is None:
        return _finding("section", Grade.UNKNOWN, f"{spec.title}没有规定合格线。", clause)
    if score is None:
        return _finding("section", Grade.UNKNOWN, f"《{title}》还没有考。", clause)
    evidence = Evidence("attempt", str(score.attempt.id), title)
    if section is None:
        return _finding("section", Grade.UNKNOWN, f"《{title}》已交卷，成绩还没有发布。", clause, evidence)
    share = _share(section, spec.total)
    grade = grade_sheet(threshold, section.measures, share)
    numbers = _numbers(spec, section.measures, share)
    says = f"《{title}》{section.title}{numbers}，{_against(spec, threshold, grade)}。"
    return _finding("section", grade, says, clause, evidence)


def _share(section: SectionScore, total: Decimal | None) -> Decimal | None:
    """Return the section's share out of ``total``, cut to hundredths; ``None`` for a sheet that measures."""
    if total is None:
        return None
    exact = Fraction(section.earned) / Fraction(section.of) * Fraction(total)
    return Decimal(exact.numerator * 100 // exact.denominator).scaleb(-2)


def judge_paper(title: str, score: ScoreFacts | None, clause: str) -> GateFinding:
    """Return what a gate makes of a paper; before release it is unknown."""
    if score is None:
        return _finding("paper", Grade.UNKNOWN, f"《{title}》还没有考。", clause)
    evidence = Evidence("attempt", str(score.attempt.id), title)
    line = _plain(score.attempt.paper.pass_mark)
    if score.passed is None:
        return _finding("paper", Grade.UNKNOWN, f"《{title}》已交卷，成绩还没有发布。", clause, evidence)
    grade = Grade.PASSED if score.passed else Grade.WEAK
    words = "达到" if score.passed else "未达到"
    says = f"《{title}》{score.shown}分，{words}{line}分及格线。"
    return _finding("paper", grade, says, clause, evidence)


def _finding(kind: str, grade: Grade, says: str, clause: str, *records: Evidence) -> GateFinding:
    return GateFinding(grade, Finding(kind, _STATES[grade], says, clause, records))


def _plain(number: Decimal | None) -> str:
    """Write a number without zeros at its end."""
    if number is None:
        return "（缺）"
    return f"{number.normalize():f}"


def propose(gate: Gate, grades: Iterable[Grade]) -> str | None:
    """Return the proposal for the worst grade; ``None`` while evidence is missing.

    Far below the post stands whatever else is missing: more evidence cannot make it better.
    """
    found = set(grades)
    if Grade.FAR_BELOW in found:
        return gate.proposals.far_below
    if Grade.UNKNOWN in found or not found:
        return None
    return gate.proposals.weak if Grade.WEAK in found else gate.proposals.passed


def check_of(gate: Gate) -> tuple[list[str], list[str]]:
    """Return the sheets and the papers a gate looks at."""
    sheets = [check.sheet for check in gate.checks if check.sheet is not None and check.section is None]
    papers = [check.paper for check in gate.checks if check.paper is not None]
    return list(sheets), papers
