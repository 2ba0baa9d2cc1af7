"""A person's rating sheet as data for its template, and as PDF. Printed in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cstrain.bundled import bundled
from cstrain.documents.pdf import render_pdf
from cstrain.documents.printed import zh_day as zh_day
from cstrain.extensions import local_date
from cstrain.kernel.finding import Finding
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.promotion.rating.facts import Comment, Grounds, Line, Outcome, Run
from cstrain.promotion.rating.policy import RatingRules

_STATES = {"met": "满足", "not_met": "未满足", "unknown": "待确认"}
_OUTCOMES = {
    Outcome.UP: "升一级",
    Outcome.STAY: "级别不变",
    Outcome.DOWN: "降一级",
    Outcome.UNKNOWN: "待确认",
    Outcome.OUTSIDE: "不参加",
}
NONE = "无记录"


def sheet_data(
    run: Run,
    line: Line,
    grounds: Grounds,
    comments: list[Comment],
    names: Mapping[PersonId, PersonFacts],
    rules: RatingRules,
) -> dict[str, Any]:
    """Return the data of a person's sheet: result, conditions, comments, contest, effect."""
    person, rated = names[line.person], grounds.rated
    return {
        "draft": line.effect is None,
        "number": f"PJ-{run.quarter.code}-{run.id:03d}-{line.id:05d}",
        "title": f"{run.quarter.first.year}年第{run.quarter.number}季度评级表",
        "head": [
            ["姓名", person.name],
            ["工号", person.staff_no],
            ["部门", person.department_name],
            ["岗位", person.post or NONE],
            ["季末级别", run.level_word(line.level) or "未定级"],
            ["结果", _OUTCOMES[line.outcome]],
            ["评级后级别", run.level_word(line.goal) or "未定级"],
            ["提出日期", zh_day(local_date(line.made_at))],
        ],
        "groups": [
            [title, [_row(one) for one in found]]
            for title, found in (
                (f"保持{run.level_word(rated.level)}的条件", rated.keep),
                ("上一级的条件", rated.rise),
                ("试用标准", rated.entry),
            )
            if found
        ],
        "comments": [[one.text, names[one.by].name, zh_day(local_date(one.at))] for one in comments],
        "contest": _contest(line, names),
        "effect": _effect(line, names),
        "policy": f"{run.title}第{run.edition}版；{rules.contest_clause}",
        "hash": line.digest,
        "none": NONE,
    }


def _row(one: Finding) -> list[str]:
    return [one.text, one.clause, one.says, _STATES[one.state]]


def _contest(line: Line, names: Mapping[PersonId, PersonFacts]) -> list[str]:
    found = line.contest
    if found is None:
        return [f"申诉期到{zh_day(line.contest_until)}", "", ""]
    if found.decided_by is None or found.decided_at is None:
        return [found.text, "等答复", ""]
    word = "成立" if found.upheld else "不成立"
    return [
        found.text,
        f"{word}：{found.reason}",
        f"{names[found.decided_by].name}　{zh_day(local_date(found.decided_at))}",
    ]


def _effect(line: Line, names: Mapping[PersonId, PersonFacts]) -> list[str]:
    found = line.effect
    if found is None:
        return ["", "", ""]
    return [
        zh_day(found.effective_on),
        names[found.proposed_by].name,
        names[found.confirmed_by].name,
    ]


def sheet_pdf(data: Mapping[str, Any]) -> bytes:
    """Return the PDF of a person's sheet."""
    return render_pdf(bundled("templates") / "pdf" / "rating_sheet.typ", data)
