"""The printed papers of a competition as plain data for their templates, and as PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from cstrain.documents.printed import pdf as pdf
from cstrain.documents.printed import zh_day as zh_day
from cstrain.documents.printed import zh_day_of as _on
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.people.policy import LEVEL_WORDS
from cstrain.performance.discipline.policy import KIND_WORDS, bare_label
from cstrain.promotion.competition.facts import Act, Candidate, Competition, Event, Notice, Trial
from cstrain.promotion.competition.policy import Sheet as Criteria
from cstrain.promotion.competition.presenting import Line, Sheet
from cstrain.promotion.competition.queries import OpenSheet
from cstrain.promotion.competition.rules import shown
from cstrain.promotion.competition.wording import CHECK_WORDS, TIE_WORDS

NONE = "无记录"
FORM, SHEETS, COLLEAGUES, CALCULATION, NOTICE = (
    "competition_form",
    "competition_sheets",
    "competition_colleagues",
    "competition_calculation",
    "public_notice",
)
APPOINTMENT = "appointment_notice"
_SAID = (
    ("experience", "教育与工作经历"),
    ("achievements", "主要业绩"),
    ("reasons", "报名理由"),
    ("strengths", "自我优势"),
    ("plans", "对岗位的认识与工作设想"),
    ("career", "职业规划"),
)


def number(one: Competition) -> str:
    """Return the number of a competition as papers name it."""
    return f"JP-{local_date(one.opened_at).year}-{one.id:03d}"


def form_data(one: Competition, found: Candidate, names: Mapping[PersonId, PersonFacts]) -> dict[str, Any]:
    """Return the data of the application form 竞聘报名表: what stood that day, and what followed."""
    known = found.known
    level = LEVEL_WORDS.get(known["level"], NONE) if known["level"] else NONE
    return {
        "number": f"{number(one)}-{found.id:04d}",
        "draft": False,
        "head": [
            ["竞聘岗位", f"{one.post}（{one.department_name}，{one.seats}人）"],
            ["姓名", known["name"]],
            ["工号", known["staff_no"]],
            ["现部门", known["department"]],
            ["现岗位", known["post"] or NONE],
            ["现级别", level],
            ["入职日期", zh_day(known["hired_on"])],
            ["任现职时间", zh_day(known["post_since"])],
        ],
        "months": [_month(each) for each in known["months"]],
        "registers": [_register(kind, day, label) for kind, day, label, _ref in known["registers"]],
        "said": [[title, found.said[name]] for name, title in _SAID],
        "applied": _on(found.applied_at),
        "opinion": _opinion(found.opinion, names),
        "check": _check(found, names),
        "none": NONE,
    }


def _register(kind: str, day: str, label: str) -> list[str]:
    text, major = bare_label(kind, label)
    return [f"{'重大' if major else ''}{KIND_WORDS[kind]}", zh_day(day), text]


def _month(each: Mapping[str, Any]) -> list[str]:
    day = date.fromisoformat(each["month"])
    deductions = NONE if each["deductions"] is None else f"{each['deductions']}条"
    return [f"{day.year}年{day.month}月", each["score"] or NONE, each["grade"] or NONE, deductions]


def _opinion(event: Event | None, names: Mapping[PersonId, PersonFacts]) -> dict[str, str]:
    if event is None or event.by is None:
        return {"word": "", "text": "", "name": "", "day": ""}
    word = "同意" if event.detail["agrees"] else "不同意"
    return {"word": word, "text": event.detail["text"], "name": names[event.by].name, "day": _on(event.at)}


def _check(found: Candidate, names: Mapping[PersonId, PersonFacts]) -> dict[str, str]:
    event = found.checked
    if event is None or event.by is None:
        return {"word": "", "text": "", "name": "", "day": ""}
    parts = [str(event.detail.get("clause", "")), str(event.detail["note"])]
    return {
        "word": CHECK_WORDS[event.kind],
        "text": "；".join(part for part in parts if part),
        "name": names[event.by].name,
        "day": _on(event.at),
    }


def sheets_data(
    one: Competition, person: PersonFacts, sheets: Sequence[OpenSheet], names: Mapping[PersonId, PersonFacts]
) -> dict[str, Any]:
    """Return the data of the interview sheets 面试考评表 about a candidate; one blank sheet while sealed."""
    criteria = one.rules.interview
    return {
        "number": number(one),
        "draft": False,
        "post": one.post,
        "name": person.name,
        "staff_no": person.staff_no,
        "department": person.department_name,
        "clause": criteria.clause,
        "sheets": [_sheet(each, criteria, names[each.rater].name) for each in sheets]
        or [_sheet(None, criteria, "")],
    }


def _sheet(given: OpenSheet | None, criteria: Criteria, rater: str) -> dict[str, Any]:
    return {
        "rows": [
            [each.title, each.hint, str(each.of), f"{given.points[each.id]:f}" if given else ""]
            for each in criteria.criteria
        ],
        "total": str(shown(given.total)) if given else "",
        "note": given.note if given else "",
        "rater": rater,
        "day": _on(given.sealed_at) if given else "",
        "counted": given.counted if given else True,
    }


def colleagues_data(one: Competition, person: PersonFacts, line: Line | None) -> dict[str, Any]:
    """Return the data of the colleagues' sheet 同事打分表: blank to be used, or the counts, never a name."""
    sheet = one.rules.colleagues
    counts = [list(each) for _title, each in line.counts] if line else []
    return {
        "number": number(one),
        "draft": False,
        "post": one.post,
        "name": person.name,
        "staff_no": person.staff_no,
        "department": person.department_name,
        "clause": sheet.clause,
        "least": sheet.least,
        "answers": [f"{each.title}（{each.points:f}）" for each in sheet.answers],
        "items": [each.title for each in sheet.items],
        "counts": [[str(n) for n in each] for each in counts],
        "raters": line.raters if line else 0,
        "mean": str(next(cell.raw for cell in line.cells if cell.id == "colleagues")) if line else "",
    }


def calculation_data(one: Competition, sheet: Sheet) -> dict[str, Any]:
    """Return the data of the calculation sheet."""
    rules = sheet.rules
    return {
        "number": number(one),
        "draft": False,
        "post": one.post,
        "department": one.department_name,
        "seats": one.seats,
        "at": _on(sheet.at),
        "factors": [[each.title, f"{each.weight:f}%", each.clause] for each in rules.factors],
        "lines": [_line(each) for each in sheet.lines],
        "bands": rules.months.clause,
        "ties": "、".join(TIE_WORDS[each] for each in rules.tie_order),
        "policy": f"{rules.title}（第{rules.edition}版）",
        "hash": sheet.digest,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "rank": f"{line.rank}{'（并列）' if line.shared else ''}",
        "name": line.person.name,
        "staff_no": line.person.staff_no,
        "cells": [[str(cell.raw), str(cell.points)] for cell in line.cells],
        "total": str(line.total),
        "exact": line.exact,
        "months": "、".join(f"{each.month.month}月{each.score}" for each in line.months),
        "months_mean": str(line.months_mean),
        "interview": "、".join(str(each) for each in line.interview),
        "raters": str(line.raters),
    }


def notice_data(notice: Notice) -> dict[str, Any]:
    """Return the data of the public notice 公示, from what was published: no points are in there."""
    content = notice.content
    first, last = content["trial"]
    return {
        "number": f"JPGS-{notice.first_day.year}-{notice.id:04d}",
        "draft": False,
        "title": "竞聘入选公示",
        "text": (
            f"依据{content['basis']}，经报名、资格审查、评分和公司决定，下列同志在竞聘中入选，现予公示。"
            "公示无异议、试岗合格的，确认任职。"
        ),
        "rows": [
            ["姓名", content["name"]],
            ["部门", content["department"]],
            ["现任", content["post"] or NONE],
            ["拟任", f"{content['to']}（{content['place']}）"],
            ["试岗", f"{zh_day(first)}至{zh_day(last)}"],
            ["简要事迹", content["record"]],
            ["公示时间", f"{zh_day(notice.first_day)}至{zh_day(notice.last_day)}"],
        ],
        "after": (
            f"对公示有异议的，请在公示期内向{content['contact']}反映，或在系统里提出；可以实名，也可以匿名。"
        ),
        "by": content["contact"],
        "day": _on(notice.published_at),
    }


def appointment_data(
    one: Competition, trial: Trial, act: Act, person: PersonFacts, notice: Notice | None
) -> dict[str, Any]:
    """Return the data of the appointment 任命通知 of who passed the trial; ``person``: as on its first day.

    It takes effect the day after the trial, or after the notice where that is up longer.
    """
    last = max(trial.ends_on, notice.last_day) if notice is not None else trial.ends_on
    shown_for = (
        f"，{zh_day(notice.first_day)}至{zh_day(notice.last_day)}公示期间没有成立的异议"
        if notice is not None
        else ""
    )
    return {
        "number": f"RM-{number(one)}-{trial.candidate:04d}",
        "draft": False,
        "title": "任命通知",
        "text": (
            f"依据{one.rules.title}（第{one.rules.edition}版），经报名、资格审查、评分、公司决定和试岗"
            f"{shown_for}，现任命如下。"
        ),
        "rows": [
            ["姓名", f"{person.name}（工号{person.staff_no}）"],
            ["部门", person.department_name],
            ["原任", person.post or NONE],
            ["现任", f"{one.post}（{one.department_name}）"],
            ["试岗", f"{zh_day(trial.starts_on)}至{zh_day(trial.ends_on)}，合格"],
            ["生效日", zh_day(last + timedelta(days=1))],
        ],
        "after": "请各部门知悉，并做好工作交接。",
        "by": "人力资源部",
        "day": _on(act.answered_at),
    }
