"""What the pages of the career map and of the staff show: words, rungs, conditions, charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from cstrain.judgement.facts import Dossier, MonthRecord
from cstrain.judgement.ladder import Ladder, Step
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.performance.discipline.policy import KIND_WORDS
from cstrain.promotion.facts import Explanation, Group, Judged, NoStep, Place
from cstrain.ui import charts
from cstrain.ui.charts import Bar, Line, Point
from cstrain.ui.filters import full_day, mark, month, short_month

GROUP_WORDS = {
    Group.ELIGIBLE: lazy_gettext("可以申请"),
    Group.OPEN: lazy_gettext("有待确认"),
    Group.NEAR: lazy_gettext("差1项"),
    Group.FAR: lazy_gettext("差2项以上"),
    Group.NONE: lazy_gettext("没有下一级"),
}
_MET_WORD = lazy_gettext("条件都满足")
GROUP_STATES = {
    Group.ELIGIBLE: "ok",
    Group.OPEN: "ask",
    Group.NEAR: "warn",
    Group.FAR: "bad",
    Group.NONE: "skip",
}
NO_STEP_WORDS = {
    NoStep.TOP: lazy_gettext("已经是这条通道的最高一级。"),
    NoStep.UNPLACED: lazy_gettext("这条通道没有从现在的状态出发的一步：要先转正，或者先初定级别。"),
    NoStep.ELSEWHERE: lazy_gettext("现在的级别不在这条通道里。"),
}
ROAD_WORDS = {
    "conversion": lazy_gettext("转正审批"),
    "application": lazy_gettext("本人申请，经部门审核和答辩评审"),
    "rating": lazy_gettext("季度评级"),
    "competition": lazy_gettext("竞聘"),
    "project": lazy_gettext("专项培养"),
    "appointment": lazy_gettext("任命"),
}
ACT_WORDS = {
    "drafted": lazy_gettext("拟定"),
    "checked": lazy_gettext("审核"),
    "approved": lazy_gettext("批准"),
}
_PAGES = {
    "attempt": ("grading.result", "attempt_id"),
    "history": ("people.person", "person_id"),
    "month": ("performance.record", "record_id"),
    "deductions": ("performance.record", "record_id"),
    "authorisation": ("moves.show", "case_id"),
    **dict.fromkeys(KIND_WORDS, ("discipline.register", "entry_id")),
}
"""The page of a record by its kind, and what the page is asked for."""
_GRADES = "DCBAS"
CHART_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Rung:
    """A level on the way: its name, what stands under it, past, here or ahead."""

    name: str
    note: str
    state: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record behind a finding, with the page where it can be looked at, if there is one."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as the page lists it."""

    state: str
    text: str
    clause: str
    value: str | None
    needs: str
    says: str
    records: tuple[Record, ...]
    link_url: str = ""
    link_label: str = ""
    open: bool = False


def standing_word(judged: Judged) -> str:
    """Say how near somebody is; 可以申请 only where the road of the step is an application."""
    return str(_MET_WORD if judged.eligible and not may_apply(judged) else GROUP_WORDS[judged.group])


def may_apply(judged: Judged) -> bool:
    """Tell whether somebody could apply: everything is met, and one applies for the step at all."""
    return judged.eligible and judged.step is not None and judged.step.road == "application"


def rungs(ladder: Ladder, judged: Judged, earliest: date | None) -> list[Rung]:
    """Return the levels of a ladder from the lowest, with where the person stands."""
    person = judged.person
    level = str(person.level) if person.level and str(person.level) in ladder.levels else None
    here = ladder.levels.index(level) if level is not None else -1
    first = gettext("试用期") if ladder.kind == "level" else gettext("现在")
    found = [
        Rung(first, gettext("%(day)s入职", day=full_day(person.hired_on)), "past" if here >= 0 else "here")
    ]
    for index, name in enumerate(ladder.levels):
        state = "past" if index < here else ("here" if index == here else "ahead")
        reached = person.reached.get(name)
        note = gettext("%(day)s起", day=full_day(reached)) if reached and index <= here else ""
        if state == "ahead":
            note = _ahead(ladder, judged.step, name, earliest)
        found.append(Rung(ladder.titles[name], note, state))
    return found


def _ahead(ladder: Ladder, step: Step | None, name: str, earliest: date | None) -> str:
    if step is not None and step.goal == name:
        words = gettext("最早%(day)s", day=full_day(earliest)) if earliest else gettext("日期还不能确定")
        return str(words)
    above = next((one for one in ladder.steps if one.goal == name), None)
    return str(gettext("%(n)s项条件", n=len(above.criteria))) if above is not None else ""


def conditions(found: Explanation) -> list[Condition]:
    """Return the conditions of the next step: not met, unknown (endorsements after all others), met."""
    judged = found.judged
    met = [one for one in judged.findings if one.state is State.MET]
    return listed((*judged.lacking(), *judged.awaited(), *met), judged.person.id)


def listed(findings: Iterable[Finding], person: int) -> list[Condition]:
    """Return findings about somebody as a page lists them, in their order, with links to the records."""
    return [_condition(one, person) for one in findings]


def _condition(one: Finding, person: int) -> Condition:
    records = tuple(Record(each.label, _address(each, person)) for each in one.records)
    return Condition(
        str(one.state),
        one.text,
        one.clause,
        one.value or None,
        one.needs,
        one.says,
        records,
        open=one.state is State.NOT_MET,
    )


def _address(record: Evidence, person: int) -> str:
    """Return the page of a record; empty where there is none of its own."""
    endpoint, key = _PAGES.get(record.kind, ("", ""))
    ref = str(person) if key == "person_id" else record.ref
    if endpoint not in current_app.view_functions or not ref.isdecimal():
        return ""
    values: dict[str, Any] = {key: int(ref)}
    return url_for(endpoint, **values)


@dataclass(frozen=True, slots=True)
class Trend:
    """The charts of the last months with the table of their numbers."""

    first: str
    last: str
    grades: Markup
    points: Markup
    ranks: Markup | None
    deductions: Markup | None
    table: Markup


def trend_months(dossier: Dossier) -> tuple[date, ...]:
    """Return the months that the charts show: the latest closed ones of the department.

    Months that had ended before the person came say nothing of them; one with a record of theirs is shown.
    """
    standing, known = dossier.standing, {record.month for record in dossier.months or ()}
    came = standing.hired_on if standing else None
    first = came.replace(day=1) if came else date.min
    return tuple(one for one in (dossier.closed or ())[-CHART_MONTHS:] if one >= first or one in known)


def trend(dossier: Dossier, ranks: Mapping[date, Place]) -> Trend | None:
    """Return the charts of :func:`trend_months`; ``None`` while there are none.

    ``ranks``: the person's place by brand points in each month they are ranked in.
    """
    months = trend_months(dossier)
    if not months:
        return None
    known = {record.month: record for record in dossier.months or ()}
    records = [known.get(one) for one in months]
    places = [
        ranks.get(one) if record is not None else None for one, record in zip(months, records, strict=True)
    ]
    labels = [short_month(one) for one in months]
    return Trend(
        month(months[0]),
        month(months[-1]),
        _grades(labels, records),
        _points(labels, records),
        _ranks(labels, places),
        _deductions(labels, records),
        _table(months, records, places),
    )


Records = Sequence[MonthRecord | None]


def _grades(labels: Sequence[str], records: Records) -> Markup:
    points = []
    for label, record in zip(labels, records, strict=True):
        grade = record.grade if record is not None else None
        value = _GRADES.index(grade) if grade in tuple(_GRADES) else None
        points.append(Point(label, value, grade or "", value is not None and value >= _GRADES.index("A")))
    good = sum(point.met for point in points)
    said = gettext("%(n)s个月里有%(good)s个月在A级以上。", n=len(points), good=good)
    line = Line(_GRADES.index("A") - 0.5, gettext("A级以上"))
    return charts.line(gettext("绩效等级"), said, points, 0, len(_GRADES) - 1, line)


def _points(labels: Sequence[str], records: Records) -> Markup:
    values = [record.brand_points if record is not None else None for record in records]
    known = [value for value in values if value is not None]
    points = [
        Point(label, value, mark(value, among=known) if value is not None else "")
        for label, value in zip(labels, values, strict=True)
    ]
    low, high = (min(known), max(known)) if known else (Decimal(0), Decimal(1))
    said = (
        gettext("最低%(low)s分，最高%(high)s分。", low=mark(low, among=known), high=mark(high, among=known))
        if known
        else gettext("没有记录。")
    )
    flat = Decimal(low == high)  # a level line lies in the middle, not on the floor
    return charts.line(gettext("个人品牌分"), said, points, low - flat, high + flat)


def _ranks(labels: Sequence[str], places: Sequence[Place | None]) -> Markup | None:
    """Return the place in the department each month, the first on top; ``None`` where there is none at all.

    Who shares a place has the better one; a month without a place is a gap.
    """
    held = [one for one in places if one is not None]
    if not held:
        return None
    points = [
        Point(label, one.rank if one is not None else None) for label, one in zip(labels, places, strict=True)
    ]
    best = min(one.rank for one in held)
    said = gettext("品牌分最好第%(best)s名，最近第%(last)s名。", best=best, last=held[-1].rank)
    worst = max(2, *(one.of for one in held))
    return charts.line(gettext("品牌分名次"), said, points, worst, 1)


def _deductions(labels: Sequence[str], records: Records) -> Markup | None:
    """Return how many deductions there were each month; ``None`` where there were none at all."""
    if not any(record.deductions for record in records if record is not None):
        return None
    bars = []
    for label, record in zip(labels, records, strict=True):
        number = record.deductions if record is not None else None
        bars.append(
            Bar(label, number or 0, "—" if number is None else str(number), bool(number and number > 1))
        )
    total = sum(record.deductions or 0 for record in records if record is not None)
    return charts.histogram(gettext("扣分条数"), gettext("合计%(n)s条。", n=total), bars)


def _table(months: Sequence[date], records: Records, places: Sequence[Place | None]) -> Markup:
    head = [
        gettext("月份"),
        gettext("等级"),
        gettext("品牌分"),
        gettext("名次"),
        gettext("扣分条数"),
        gettext("说明"),
    ]
    marks = [record.brand_points for record in records if record is not None]
    rows: list[list[object]] = []
    for when, record, place in zip(months, records, places, strict=True):
        if record is None:
            rows.append([month(when), None, None, None, None, gettext("没有记录")])
            continue
        note = gettext("请假过半") if record.away else (gettext("试用期") if record.probation else "")
        points = None if record.brand_points is None else mark(record.brand_points, among=marks)
        rank = f"{place.rank}/{place.of}" if place is not None else None
        rows.append([month(when), record.grade, points, rank, record.deductions, note])
    return charts.table(gettext("近%(n)s个月", n=len(months)), head, rows)
