"""The onboarding chapter: programmes by day, and the numbers that rule them.

Sources: docs/rules.md 1. A programme is an edition of a YAML file; what lies across its parts (ids, days,
papers, lessons) is checked by ``programme_source``, which can name the line.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

SheetKind = Literal["typing", "telephone", "quick_phrase", "oral", "mystery_customer", "observation"]
Decision = Literal["continue", "higher_demands", "improve", "eliminate"]
Proposal = Literal["continue", "higher_demands", "improve", "eliminate", "convert_next_day", "resit", "plan"]

DECISION_WORDS: dict[str, str] = {
    "continue": "继续培训",
    "higher_demands": "继续培训，提高要求",
    "improve": "继续培训，告知改进方向",
    "eliminate": "进入淘汰程序",
    "convert_next_day": "次日转正",
    "resit": "专项培训后补考",
    "plan": "逐案决定延长或淘汰",
}
"""Proposals and decisions in words (message ids)."""

ACTIVITY_WORDS: dict[str, str] = {
    "talk": "讲解",
    "lecture": "讲座",
    "practice": "练习",
    "work": "实际操作",
    "visit": "现场学习",
    "review": "答疑",
}

STATE_WORDS: dict[int, str] = {1: "需帮助", 2: "偏弱", 3: "合格", 4: "良好", 5: "出色"}
"""The work-state mark of a signed day, 1 to 5."""


class Chapter(BaseModel):
    """A part of the chapter: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Activity(Chapter):
    """Something taught or practised; ``by`` says who ticks it off."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)
    kind: Literal["talk", "lecture", "practice", "work", "visit", "review"]
    title: str = Field(min_length=1, max_length=80)
    by: Literal["trainee", "mentor"] = "trainee"
    required: bool = True


class DaySpec(Chapter):
    """One day of a programme: what is taught, practised and assessed, and who signs it."""

    day: int = Field(ge=1, le=366)
    title: str = Field(min_length=1, max_length=40)
    lessons: tuple[str, ...] = ()
    activities: tuple[Activity, ...] = ()
    quiz: str | None = None
    exams: tuple[str, ...] = ()
    sheets: tuple[SheetKind, ...] = ()
    signed_by: Literal["mentor", "guide"] = "mentor"
    place: str = Field(default="", max_length=40)

    @property
    def is_exam_day(self) -> bool:
        """A day with a paper that is marked in front of everybody (quizzes do not count)."""
        return bool(self.exams)


class Check(Chapter):
    """One thing a gate looks at: a score sheet, a paper, or a section of a paper by a sheet's threshold.

    With a ``section`` the paper's released result takes the place of the sheet that people enter by hand.
    """

    sheet: SheetKind | None = None
    paper: str | None = None
    section: str | None = Field(default=None, min_length=1)


class Proposals(Chapter):
    """What the system proposes for the worst grade among a gate's checks."""

    passed: Proposal
    weak: Proposal
    far_below: Proposal


class Gate(Chapter):
    """A point where people decide how it goes on; without consequences it is advisory.

    ``day`` is empty for the re-exam, which lies outside the days. ``decided_in: conversion`` leaves the
    decision to the conversion case.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)
    day: int | None = None
    title: str = Field(min_length=1, max_length=40)
    consequences: bool
    decided_in: Literal["gate", "conversion"] = "gate"
    clause: str = Field(min_length=1)
    checks: tuple[Check, ...] = Field(min_length=1)
    proposals: Proposals


class PreStart(Chapter):
    """An optional block of working days before day 1."""

    title: str
    days: int = Field(ge=1, le=30)
    activities: tuple[Activity, ...] = Field(min_length=1)


class ConversionPaper(Chapter):
    """One of the papers that must be passed to convert; ``short`` heads its column on the board."""

    ref: str
    short: str = Field(min_length=1, max_length=6)


class Conversion(Chapter):
    """The conversion exam of a programme: its day, its papers, and when a failed one is sat again."""

    day: int
    papers: tuple[ConversionPaper, ...] = Field(min_length=1)
    resit_after_days: int = Field(ge=1, le=30)


class Programme(Chapter):
    """An edition of a programme. ``window_days``: the last day may be at most this long after hiring."""

    ref: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)
    edition: int = Field(ge=1)
    effective_from: date
    source: str = Field(min_length=1)
    title: str = Field(min_length=1, max_length=40)
    post: str = Field(min_length=1, max_length=40)
    window_days: int = Field(ge=1, le=366)
    pre_start: PreStart | None = None
    days: tuple[DaySpec, ...] = Field(min_length=1)
    gates: tuple[Gate, ...] = ()
    conversion: Conversion | None = None

    @property
    def length(self) -> int:
        """Number of days."""
        return len(self.days)

    def day(self, number: int) -> DaySpec | None:
        """Return a day by its number."""
        return self.days[number - 1] if 1 <= number <= len(self.days) else None

    def gate(self, gate_id: str) -> Gate | None:
        """Return a gate by its id."""
        return next((gate for gate in self.gates if gate.id == gate_id), None)

    def gates_of(self, number: int) -> tuple[Gate, ...]:
        """Return the gates of a day."""
        return tuple(gate for gate in self.gates if gate.day == number)

    def day_papers(self, number: int) -> tuple[str, ...]:
        """Return the papers arranged with a day; conversion papers are arranged on a page of their own."""
        spec = self.day(number)
        aside = {paper.ref for paper in self.conversion.papers} if self.conversion is not None else set()
        return tuple(ref for ref in spec.exams if ref not in aside) if spec is not None else ()

    def papers(self) -> frozenset[str]:
        """Return the refs of all papers of the programme, quizzes included."""
        found = {ref for day in self.days for ref in (*day.exams, day.quiz) if ref is not None}
        return frozenset(found)


class Measure(Chapter):
    """A measured number on a score sheet."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    unit: str
    low: Decimal
    high: Decimal


class Item(Chapter):
    """A judged item on a score sheet, worth up to ``of`` points."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    of: Decimal = Field(gt=0)


class SheetSpec(Chapter):
    """A score sheet: measured numbers, or judged items whose sum is the total."""

    kind: SheetKind
    title: str
    evidence: str
    measures: tuple[Measure, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def total(self) -> Decimal | None:
        """The most points; ``None`` when the sheet only measures."""
        return sum((item.of for item in self.items), Decimal(0)) if self.items else None


class Threshold(Chapter):
    """Where a score sheet is weak and where it is far below the post.

    ``measure``: the measured number that counts (empty: the sheet's total). ``needs``: other numbers that
    must be reached, or the result is weak at best. ``clause`` names the rule.
    """

    sheet: SheetKind
    measure: str | None = None
    weak_below: Decimal
    far_below: Decimal
    needs: dict[str, Decimal] = Field(default_factory=dict)
    clause: str


class Reminders(Chapter):
    """After how many of the mentor's working days an unsigned day is reminded of, and to whom."""

    mentor_after: int = Field(ge=1)
    supervisor_after: int = Field(ge=1)
    no_mentor_after: int = Field(ge=0)


class BoardLimits(Chapter):
    """When the board asks for attention (``watch``) or for action (``act``)."""

    watch_late_days: int = Field(ge=1)
    watch_mean_state_below: Decimal
    watch_unsigned_days: int = Field(ge=1)
    act_unsigned_days: int = Field(ge=1)


class OnboardingRules(Chapter):
    """Numbers that rule every programme; sources in ``onboarding.yaml``."""

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    source: str
    mentor_cap: int = Field(ge=1)
    sample_share: Decimal = Field(ge=0, le=1)
    sign_grace_days: int = Field(ge=0)
    remark_required_at: int = Field(ge=0, le=5)
    exam_opens: time
    exam_closes: time
    quiz_open_days: int = Field(ge=1)
    schedule_kinds: tuple[Literal["exam"], ...]
    reminders: Reminders
    board: BoardLimits
    sheets: tuple[SheetSpec, ...]
    thresholds: tuple[Threshold, ...]

    @model_validator(mode="after")
    def _consistent(self) -> OnboardingRules:
        kinds = [sheet.kind for sheet in self.sheets]
        if sorted(kinds) != sorted(get_args(SheetKind)):
            raise ValueError(f"成绩单应各写一次：{'、'.join(get_args(SheetKind))}。")
        for threshold in self.thresholds:
            numbers = {each.id for each in self.sheet(threshold.sheet).measures}
            named = {*threshold.needs, *([threshold.measure] if threshold.measure else [])}
            if not named <= numbers or (threshold.measure is None and numbers):
                raise ValueError(f"{threshold.sheet}的合格线用了成绩单上没有的数字。")
            if threshold.far_below > threshold.weak_below:
                raise ValueError(f"{threshold.sheet}的far_below不能高于weak_below。")
        return self

    def sheet(self, kind: str) -> SheetSpec:
        """Return a score sheet by kind; raises ``KeyError`` with the known ones."""
        for sheet in self.sheets:
            if sheet.kind == kind:
                return sheet
        raise KeyError(f"unknown score sheet {kind!r}; known: {', '.join(each.kind for each in self.sheets)}")

    def threshold(self, kind: str) -> Threshold | None:
        """Return the thresholds of a score sheet, if it has any."""
        return next((each for each in self.thresholds if each.sheet == kind), None)
