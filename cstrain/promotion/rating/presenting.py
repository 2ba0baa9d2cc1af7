"""What the pages of ratings say: words, filters, the sheet as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext

from cstrain.documents.tables import Cell
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people.facts import PersonFacts
from cstrain.promotion.rating.facts import Line, Outcome, Run, Stage, Why
from cstrain.ui.filters import full_day

OUTCOME_WORDS = {
    Outcome.UP: lazy_gettext("升一级"),
    Outcome.STAY: lazy_gettext("级别不变"),
    Outcome.DOWN: lazy_gettext("降一级"),
    Outcome.UNKNOWN: lazy_gettext("待确认"),
    Outcome.OUTSIDE: lazy_gettext("不参加"),
}
OUTCOME_STATES = {
    Outcome.UP: "ok",
    Outcome.STAY: "note",
    Outcome.DOWN: "bad",
    Outcome.UNKNOWN: "ask",
    Outcome.OUTSIDE: "skip",
}
WHY_WORDS = {
    Why.PROBATION: lazy_gettext("试用期，不参加评级。"),
    Why.UNPLACED: lazy_gettext("还没有定级，不参加评级。"),
    Why.ELSEWHERE: lazy_gettext("现在的级别不在这条通道里。"),
    Why.AWAY: lazy_gettext("季度内每个月都请假过半或在试用期，不参加评级。"),
    Why.AT_ODDS: lazy_gettext("达到上一级的条件，却没有达到现级别的条件：两级的要求互相矛盾，由人决定。"),
}
STAGE_WORDS = {
    Stage.WINDOW: lazy_gettext("申诉期内"),
    Stage.CONTESTED: lazy_gettext("申诉等答复"),
    Stage.LATE: lazy_gettext("重新提出，等确认"),
    Stage.READY: lazy_gettext("可以生效"),
    Stage.PROPOSED: lazy_gettext("等第二个人确认"),
    Stage.MOVED: lazy_gettext("已离职或另有变动"),
    Stage.DONE: lazy_gettext("已生效"),
    Stage.NOTHING: lazy_gettext("不生效"),
}
STAGE_STATES = {
    Stage.WINDOW: "wait",
    Stage.CONTESTED: "warn",
    Stage.LATE: "wait",
    Stage.READY: "now",
    Stage.PROPOSED: "wait",
    Stage.MOVED: "skip",
    Stage.DONE: "ok",
    Stage.NOTHING: "skip",
}
ORIGIN_WORDS = {
    "run": lazy_gettext("季度运行"),
    "late": lazy_gettext("按更正的数据重新提出"),
    "contest": lazy_gettext("申诉成立"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of a sheet are shown; empty: all."""

    outcome: str = ""
    stage: str = ""
    department: int | None = None

    def fits(self, line: Line, stage: Stage) -> bool:
        """Tell whether a line is shown."""
        return (
            self.outcome in {"", line.outcome}
            and self.stage in {"", stage}
            and self.department in {None, line.department}
        )

    def kept(self) -> dict[str, Any]:
        """Return the filters as the address keeps them."""
        found = {"outcome": self.outcome, "stage": self.stage}
        found["department"] = "" if self.department is None else str(self.department)
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a sheet is shown, and where the others are."""

    run: int
    page: int
    pages: int
    wanted: Wanted

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return url_for("ratings.sheet", run_id=self.run, page=number, **self.wanted.kept())


def counts(lines: Sequence[Line]) -> list[tuple[Outcome, int]]:
    """Return how many there are of each outcome, without those nobody has."""
    found = Counter(one.outcome for one in lines)
    return [(outcome, found[outcome]) for outcome in Outcome if found[outcome]]


def in_order(lines: Sequence[Line], people: Mapping[PersonId, PersonFacts]) -> list[Line]:
    """Return lines as a sheet lists them: who falls first, then up, unknown, stay, outside; by number."""
    order = (Outcome.DOWN, Outcome.UP, Outcome.UNKNOWN, Outcome.STAY, Outcome.OUTSIDE)
    return sorted(lines, key=lambda one: (order.index(one.outcome), people[one.person].staff_no))


_HEAD: list[Cell] = [
    "工号",
    "姓名",
    "部门",
    "季末级别",
    "结果",
    "评级后级别",
    "依据",
    "进度",
    "申诉截止",
    "生效日",
]


def table(
    run: Run,
    lines: Sequence[Line],
    stages: Mapping[int, Stage],
    people: Mapping[PersonId, PersonFacts],
    departments: Mapping[DepartmentId, str],
    says: Mapping[int, str],
) -> list[list[Cell]]:
    """Return the sheet as rows with a head; ``says``: the reasons by line."""
    rows: list[list[Cell]] = [_HEAD]
    for one in lines:
        who = people[one.person]
        rows.append(
            [
                who.staff_no,
                who.name,
                departments[one.department],
                run.level_word(one.level),
                str(OUTCOME_WORDS[one.outcome]),
                run.level_word(one.goal),
                says[one.id],
                str(STAGE_WORDS[stages[one.id]]),
                full_day(one.contest_until),
                full_day(one.effect.effective_on) if one.effect is not None else "",
            ]
        )
    return rows
