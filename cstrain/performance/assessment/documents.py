"""The printed sheet of a month's joint assessment 月度绩效考核表. Printed in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cstrain.bundled import bundled
from cstrain.documents.pdf import render_pdf
from cstrain.documents.printed import zh_day_of as _on
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.performance.assessment import rules
from cstrain.performance.assessment.facts import Review, Sheet, TargetState
from cstrain.performance.assessment.policy import SENSE_WORDS, SOURCES
from cstrain.performance.assessment.queries import MonthNumbers

NONE = "无记录"
_MET = {True: "达到", False: "没有达到", None: "由人评定"}


def _number(value: Decimal | None) -> str:
    return NONE if value is None else f"{value.normalize():f}"


def sheet_data(
    one: Sheet, person: PersonFacts, numbers: MonthNumbers, names: Mapping[PersonId, PersonFacts]
) -> dict[str, Any]:
    """Return the data of a person's sheet for its template; a draft before the final review."""
    last = one.counts
    return {
        "number": f"KH-{one.month:%Y%m}-{one.id:05d}",
        "draft": last is None,
        "month": f"{one.month.year}年{one.month.month}月",
        "name": person.name,
        "staff_no": person.staff_no,
        "department": person.department_name,
        "post": person.post,
        "numbers": [
            [SOURCES[name][0], f"{_number(value)}{SOURCES[name][1]}"]
            for name, value in numbers.values.items()
        ],
        "targets": [_target(each) for each in numbers.targets],
        "offices": _offices(one, names) if last is not None else [],
        "combined": _number(rules.result_of(one)) if last is not None else "",
        "score": _number(last.score) if last is not None else "",
        "grade": last.grade if last is not None and last.grade is not None else "",
        "reviews": [_review(each, names) for each in one.reviews if each.kind != "returned"],
        "answer": _answer(one, person),
        "digest": last.digest if last is not None else "",
        "policy": f"{one.round.rules.source.split('：', maxsplit=1)[0]}（第{one.round.rules.edition}版）",
    }


def _target(each: TargetState) -> list[str]:
    target = each.target
    wanted = ""
    if target.number is not None:
        wanted = f"{SENSE_WORDS[target.sense]}{_number(target.number)}{target.unit}"
    return [target.text, wanted or target.measure, f"{target.weight}%", _number(each.actual), _MET[each.met]]


def _offices(one: Sheet, names: Mapping[PersonId, PersonFacts]) -> list[dict[str, Any]]:
    weights = rules.shares(one)
    found = []
    for office in one.round.rules.offices:
        rated = one.rating_of(office.id)
        found.append(
            {
                "title": office.title,
                "weight": f"{_number(weights[office.id])}%" if rated is not None else "0",
                "rows": [
                    [each.title, str(each.of), _number(rated.points[each.id]) if rated is not None else NONE]
                    for each in office.factors
                ],
                "score": _number(rated.score) if rated is not None else "没有人担任",
                "by": names[rated.by].name if rated is not None else "",
                "day": _on(rated.at) if rated is not None else "",
                "note": rated.note if rated is not None else "",
            }
        )
    return found


def _review(each: Review, names: Mapping[PersonId, PersonFacts]) -> dict[str, str]:
    return {
        "kind": "部门总监终审" if each.kind == "final" else "异议决定",
        "text": f"{_number(each.score)}分，{each.grade}。{each.reason}",
        "by": names[each.by].name,
        "day": _on(each.at),
    }


def _answer(one: Sheet, person: PersonFacts) -> dict[str, str]:
    if one.answer is None:
        return {"word": "", "says": "", "by": "", "day": ""}
    word = "确认" if one.answer.kind == "acknowledged" else "有异议"
    return {"word": word, "says": one.answer.says, "by": person.name, "day": _on(one.answer.at)}


def sheet_pdf(data: Mapping[str, Any]) -> bytes:
    """Return the PDF of a person's sheet."""
    return render_pdf(bundled("templates") / "pdf" / "assessment_sheet.typ", data)
