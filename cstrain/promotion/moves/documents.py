"""The printed papers of moves as plain data for their templates, and as PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cstrain.documents.printed import pdf as pdf
from cstrain.documents.printed import zh_day as zh_day
from cstrain.documents.printed import zh_day_of as _on
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.people.policy import LEVEL_WORDS
from cstrain.promotion.moves import rules
from cstrain.promotion.moves.facts import Act, Case, Choice, Kind, Ranked, SuccessionFacts
from cstrain.promotion.moves.policy import MovesRules
from cstrain.promotion.moves.wording import ACT_WORDS, STATE_WORDS

NONE = "无记录"
FORM, DECISION, NOTICE, APPOINTMENT = (
    "move_form",
    "succession_decision",
    "public_notice",
    "appointment_notice",
)
TITLES = {Kind.SKIP: "越级申请表", Kind.TRANSFER: "调岗申请表"}
_LETTERS = {Kind.SKIP: "YJ", Kind.TRANSFER: "DG"}
_FOUND_WORDS = {"met": "满足", "not_met": "未满足", "unknown": "待确认"}

Names = Mapping[PersonId, PersonFacts]


def number(case: Case) -> str:
    """Return the number of a case as papers name it."""
    return f"{_LETTERS[case.kind]}-{local_date(case.opened_at).year}-{case.id:04d}"


def form_data(case: Case, person: PersonFacts, names: Names, place: str) -> dict[str, Any]:
    """Return the data of the form 越级申请表 or 调岗申请表: what stood that day, and every opinion.

    ``person``: as on the day of asking; ``place``: the department they want to go to, where they do.
    """
    own = case.opened_by == case.person
    return {
        "title": TITLES[case.kind],
        "number": number(case),
        "draft": False,
        "applied": _on(case.opened_at),
        "head": _head(case, person, place),
        "basis": _basis(case),
        "reason": case.reason,
        "signs": "本人承诺" if own else f"提出人{names[case.opened_by].name}",
        "conditions": _conditions(case),
        "opinions": [row for act in _acts(case) for row in _opinion(act, names)] + _appeal(case, names),
        "state": STATE_WORDS[case.state.value],
    }


def _head(case: Case, person: PersonFacts, place: str) -> list[list[str]]:
    if case.kind is Kind.SKIP:
        asked = [["现级别", case.content["titles"][0]], ["申请级别", case.content["titles"][1]]]
    else:
        asked = [["要去的部门", place], ["要去的岗位", case.post]]
    return [
        ["姓名", person.name],
        ["工号", person.staff_no],
        ["部门", person.department_name],
        ["岗位", person.post or NONE],
        ["入职日期", zh_day(person.hire_date)],
        ["提出日期", _on(case.opened_at)],
        *asked,
    ]


def _basis(case: Case) -> str:
    if case.kind is Kind.SKIP:
        ladder, step = case.content["ladder"], case.content["step"]
        named = f"授权：{case.content['named']}" if case.content["named"] else ""
        return f"{ladder['title']}（第{ladder['edition']}版）{step['clause']}\n{named}".strip()
    chapter = case.content["rules"]
    return f"{chapter['title']}（第{chapter['edition']}版）\n{chapter['clause']}"


def _conditions(case: Case) -> list[list[str]]:
    return [
        [each["clause"], each["text"], _FOUND_WORDS[each["state"]], each["says"]]
        for each in case.content.get("findings", ())
    ]


def _acts(case: Case) -> list[Act | str]:
    """Return what was done and, as words, what is still to be done; blank rows as on paper."""
    waiting = [each.kind for each in rules.remaining(case)]
    return [*(one for one in case.acts if one.kind not in {"request", "propose"}), *waiting]


def _opinion(act: Act | str, names: Names) -> list[list[str]]:
    if isinstance(act, str):
        return [[ACT_WORDS[act], "", "", "", ""]]
    title = ACT_WORDS[act.kind] + ("（申诉后重办）" if act.round > 1 else "")
    word = {True: "同意", False: "不同意", None: ""}[act.agreed]
    if act.effective_on is not None:
        word = f"{word}，从{zh_day(act.effective_on)}起生效"
    return [[title, word, act.text, names[act.by].name if act.by is not None else "", _on(act.at)]]


def _appeal(case: Case, names: Names) -> list[list[str]]:
    one = case.appeal
    if one is None:
        return []
    rows = [["本人申诉", "", one.text, names[case.person].name, _on(one.filed_at)]]
    if one.decided_by is not None:
        word = "成立" if one.granted else "不成立"
        rows.append(["申诉答复", word, one.answer, names[one.decided_by].name, _on(one.decided_at)])
    return rows


def succession_number(one: SuccessionFacts, choice: Choice) -> str:
    """Return the number of a choice as papers name it."""
    return f"JR-{local_date(one.opened_at).year}-{one.id:03d}-{choice.id:03d}"


def _title(chapter: MovesRules) -> str:
    return f"{chapter.title}（第{chapter.edition}版）"


def decision_data(one: SuccessionFacts, choice: Choice, chapter: MovesRules, names: Names) -> dict[str, Any]:
    """Return the data of the decision 主管接任决定表: the ranking as sealed, and the words of both."""
    before = names[one.predecessor].name if one.predecessor is not None else NONE
    answered = {True: "同意", False: "退回", None: ""}[choice.agreed]
    second = names[choice.answered_by].name if choice.answered_by is not None else ""
    return {
        "title": "主管接任决定表",
        "number": succession_number(one, choice),
        "draft": False,
        "head": [
            ["部门", one.department_name],
            ["岗位", chapter.succession.post],
            ["前任", before],
            ["空缺日期", zh_day(one.vacant_from)],
            ["拟接任", names[choice.person].name],
            ["接任日期", zh_day(choice.starts_on)],
        ],
        "basis": f"{_title(chapter)}\n{chapter.succession.clause}",
        "months": str(chapter.succession.months),
        "ranking": [_ranked(each, names) for each in choice.ranking],
        "opinions": [
            ["总监提出", "", choice.reason, names[choice.proposed_by].name, _on(choice.proposed_at)],
            ["人力资源部确认", answered, choice.answer, second, _on(choice.answered_at)],
            ["任前公示", *_shown(choice)],
        ],
        "state": _state(choice),
    }


def _ranked(each: Ranked, names: Names) -> list[str]:
    one = each.senior
    level = LEVEL_WORDS.get(one.level, one.level)
    numbers = (one.score, one.brand, one.deductions)
    return [
        str(each.rank),
        f"{names[one.person].name}（{level}，{one.months}个月的记录）",
        *(NONE if value is None else str(value) for value in numbers),
        zh_day(one.since) or NONE,
        NONE if one.awards is None else str(one.awards),
    ]


def _shown(choice: Choice) -> list[str]:
    if choice.first_day is None:
        return ["", "", "", ""]
    upheld = sum(each.upheld is True for each in choice.objections)
    word = f"{len(choice.objections)}个异议，{upheld}个成立" if choice.objections else "没有异议"
    days = f"{zh_day(choice.first_day)}至{zh_day(choice.last_day)}"
    return [word if choice.outcome else "公示中", days, "", ""]


def _state(choice: Choice) -> str:
    if choice.outcome is not None:
        return "已任命" if choice.outcome == "appointed" else "有异议成立，停止"
    if choice.agreed is None:
        return "等确认"
    return "公示中" if choice.agreed else "已退回"


def notice_data(
    one: SuccessionFacts, choice: Choice, chapter: MovesRules, person: PersonFacts
) -> dict[str, Any]:
    """Return the data of the public notice 公示 of a successor; ``ValueError`` before it is up.

    ``person``: as on the first day.
    """
    if choice.first_day is None or choice.last_day is None:
        raise ValueError("this choice is not shown to anybody")
    return {
        "number": f"JRGS-{choice.first_day.year}-{choice.id:04d}",
        "draft": False,
        "title": "主管接任公示",
        "text": (
            f"{one.department_name}的{chapter.succession.post}空缺，依据{_title(chapter)}，"
            "经总监提名、人力资源部确认，拟由下列同志接任，现予公示。"
        ),
        "rows": [
            ["姓名", f"{person.name}（工号{person.staff_no}）"],
            ["部门", person.department_name],
            ["现任", person.post or NONE],
            ["拟任", f"{one.department_name}{chapter.succession.post}"],
            ["接任日期", zh_day(choice.starts_on)],
            ["公示时间", f"{zh_day(choice.first_day)}至{zh_day(choice.last_day)}"],
        ],
        "after": "对公示有异议的，请在公示期内向人力资源部反映，或在系统里提出；可以实名，也可以匿名。",
        "by": "人力资源部",
        "day": zh_day(choice.first_day),
    }


def appointment_data(
    one: SuccessionFacts, choice: Choice, chapter: MovesRules, person: PersonFacts
) -> dict[str, Any]:
    """Return the data of the appointment 任命通知 of a successor; ``ValueError`` before the appointment.

    ``person``: as on the first day of the notice.
    """
    if choice.outcome != "appointed" or choice.closed_at is None:
        raise ValueError("nobody was appointed by this choice")
    return {
        "number": f"RM-{succession_number(one, choice)}",
        "draft": False,
        "title": "任命通知",
        "text": (
            f"依据{_title(chapter)}，经总监提名、人力资源部确认，"
            f"{zh_day(choice.first_day)}至{zh_day(choice.last_day)}公示期间没有成立的异议，现任命如下。"
        ),
        "rows": [
            ["姓名", f"{person.name}（工号{person.staff_no}）"],
            ["部门", one.department_name],
            ["原任", person.post or NONE],
            ["现任", f"{one.department_name}{chapter.succession.post}"],
            ["生效日", zh_day(max(choice.starts_on, local_date(choice.closed_at)))],
        ],
        "after": "请各部门知悉，并做好工作交接。",
        "by": "人力资源部",
        "day": _on(choice.closed_at),
    }
