"""The printed papers of an application as plain data for their templates, and as PDF.

They fill themselves from what is on record; a cell without a record says so. No points go in but those that
the caller hands over, who has asked whether the reader may see them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cstrain.documents.printed import pdf as pdf
from cstrain.documents.printed import zh_day as zh_day
from cstrain.documents.printed import zh_day_of as _on
from cstrain.extensions import local_date
from cstrain.judgement.ladder import Ladder, Step
from cstrain.kernel.finding import State as Found
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.people.policy import ROLE_WORDS
from cstrain.promotion.applications.facts import (
    ApplicationFacts,
    EndorsementFacts,
    EntryFacts,
    EventFacts,
    EvidenceFacts,
    NoticeFacts,
    RoundFacts,
    ScoreFacts,
    SheetFacts,
)
from cstrain.promotion.applications.policy import STATE_WORDS, Panel
from cstrain.promotion.applications.queries import findings_of
from cstrain.promotion.applications.rules.panel import shown, total

NONE = "无记录"
FORM, SHEETS, NOTICE, APPOINTMENT = (
    "promotion_form",
    "defence_sheets",
    "public_notice",
    "appointment_notice",
)
_FOUND_WORDS = {Found.MET: "满足", Found.NOT_MET: "未满足", Found.UNKNOWN: "待确认"}
_APPROVED = ("approve", "approve_without_notice")
_APPOINTED = ("appoint", "begin_trial")
_TRIAL_ENDS = {"confirm_trial": "试岗合格", "fail_trial": "试岗不合格，回到原来的级别"}


def number(found: ApplicationFacts) -> str:
    """Return the number of an application as papers name it."""
    return f"JS-{local_date(found.submitted_at).year}-{found.id:04d}"


@dataclass(frozen=True, slots=True)
class Whole:
    """An application with its step and everything the form prints. ``person`` as on the day of applying.

    ``result``: the opened scores, ``None`` for a reader who may not see them or while they are sealed.
    """

    found: ApplicationFacts
    ladder: Ladder
    step: Step
    person: PersonFacts
    kept: EvidenceFacts | None
    rated: Sequence[EndorsementFacts]
    topics: Mapping[str, str]
    confirmed: Mapping[int, str]
    entry: EntryFacts | None
    result: ScoreFacts | None
    notice: NoticeFacts | None
    names: Mapping[PersonId, PersonFacts]

    def title(self, level: str | None) -> str:
        """Return a level's title on the ladder."""
        return self.ladder.titles.get(level or "", "")


def form_data(one: Whole) -> dict[str, Any]:
    """Return the data of the form 晋升申请表: the conditions, every opinion, the end."""
    found = one.found
    return {
        "number": number(found),
        "draft": False,
        "applied": _on(found.submitted_at),
        "head": _head(one),
        "basis": f"{one.ladder.title}（第{one.ladder.edition}版）{one.step.clause}",
        "conditions": _conditions(one),
        "statement": found.statement,
        "rated": [
            [one.topics.get(each.topic, each.topic), f"{each.rating}分", each.note, one.names[each.by].name]
            for each in one.rated
        ],
        "opinions": _opinions(one),
        "state": STATE_WORDS[found.state],
        "none": NONE,
    }


def _head(one: Whole) -> list[list[str]]:
    person = one.person
    return [
        ["姓名", person.name],
        ["工号", person.staff_no],
        ["部门", person.department_name],
        ["岗位", person.post or NONE],
        ["入职日期", zh_day(person.hire_date)],
        ["申请日期", _on(one.found.submitted_at)],
        ["现级别", one.title(one.found.start_level) or NONE],
        ["申请级别", one.title(one.found.goal_level)],
    ]


def _conditions(one: Whole) -> list[list[str]]:
    """Return the findings of the last sealed record, with HR's word on what the system did not know."""
    if one.kept is None:
        return []
    return [
        [
            each.clause,
            each.text or each.says,
            _FOUND_WORDS[each.state],
            f"{each.says}核实：{one.confirmed[place]}" if place in one.confirmed else each.says,
        ]
        for place, each in enumerate(findings_of(one.kept))
    ]


def _opinions(one: Whole) -> list[list[str]]:
    """Return the rows of opinions: title, word, text, who, day; empty where nobody has spoken yet."""
    found = one.found
    review = found.last("review")
    check = found.last("pass", "pass_without_panel", "return")
    decided = found.last(*_APPROVED, "decline")
    word = ""
    if review is not None:
        word = "推荐" if review.detail.get("recommends") else "不推荐"
    return [
        _opinion("部门评审", word, review, one.names),
        _opinion("人事资格审核", _check_word(check), check, one.names),
        ["答辩评审", *_defence(one)],
        _decision(decided, one.names),
        ["任前公示", *_notice(one.notice)],
        _opinion("任命", _appointed(found), found.last(*_APPOINTED), one.names),
    ]


def _opinion(
    title: str, word: str, event: EventFacts | None, names: Mapping[PersonId, PersonFacts]
) -> list[str]:
    if event is None:
        return [title, "", "", "", ""]
    name = names[event.by].name if event.by is not None else ""
    return [title, word, event.note, name, _on(event.at)]


def _check_word(event: EventFacts | None) -> str:
    if event is None:
        return ""
    return f"退回：不符合{event.detail.get('clause', '')}" if event.kind == "return" else "通过"


def _defence(one: Whole) -> list[str]:
    if not one.step.panel:
        return ["不用答辩", "", "", ""]
    entry, result = one.entry, one.result
    if entry is None:
        return ["", "", "", ""]
    word = ""
    if result is not None:
        word = f"均分{result.mean:.2f}，{'达到' if result.reaches else '没有达到'}分数线"
    by = one.names[entry.minutes_by].name if entry.minutes_by is not None else ""
    return [word, (entry.minutes or "") if result is not None else "", by, _on(entry.minutes_at)]


def _decision(event: EventFacts | None, names: Mapping[PersonId, PersonFacts]) -> list[str]:
    word = "" if event is None else ("不通过" if event.kind == "decline" else "通过")
    row = _opinion("公司决定", word, event, names)
    proposed = event.detail.get("proposed_by") if event is not None else None
    if proposed is not None:
        row[3] = f"{names[PersonId(proposed)].name}提出，{row[3]}确认"
    return row


def _notice(notice: NoticeFacts | None) -> list[str]:
    if notice is None:
        return ["", "", "", ""]
    word = {"clean": "没有成立的异议", "stopped": "有异议成立，停止"}.get(notice.outcome or "", "公示中")
    return [word, f"{zh_day(notice.first_day)}至{zh_day(notice.last_day)}", "", _on(notice.closed_at)]


def _appointed(found: ApplicationFacts) -> str:
    if found.effective_on is None:
        return ""
    trial = f"，试岗到{zh_day(found.trial_until)}" if found.trial_until is not None else ""
    return f"从{zh_day(found.effective_on)}起生效{trial}{_trial_end(found)}"


def _trial_end(found: ApplicationFacts) -> str:
    end = found.last(*_TRIAL_ENDS)
    return f"；{_TRIAL_ENDS[end.kind]}" if end is not None else ""


@dataclass(frozen=True, slots=True)
class Defence:
    """What every sheet of an applicant names: the step, the round, the panel, the applicant."""

    found: ApplicationFacts
    goal: str
    person: PersonFacts
    entry: EntryFacts
    round: RoundFacts
    panel: Panel


def sheets_data(
    one: Defence, sheets: Sequence[SheetFacts], names: Mapping[PersonId, PersonFacts], *, draft: bool = False
) -> dict[str, Any]:
    """Return the data of the sheets 答辩评分表: one page a juror; a blank one where ``sheets`` is empty.

    A sheet that is sealed and not open yet comes without points: it prints when it was sealed and nothing
    else. ``draft``: marked as one across the page.
    """
    return {
        "number": number(one.found),
        "draft": draft,
        "round": one.round.title,
        "place": one.round.place,
        "at": _on(one.round.starts_at),
        "name": one.person.name,
        "staff_no": one.person.staff_no,
        "department": one.person.department_name,
        "goal": one.goal,
        "position": f"第{one.entry.position}位",
        "panel": one.panel.title,
        "sheets": [_sheet(one, each, names) for each in sheets] or [_sheet(one, None, names)],
    }


def _sheet(one: Defence, given: SheetFacts | None, names: Mapping[PersonId, PersonFacts]) -> dict[str, Any]:
    points = given.points if given is not None else {}
    sealed = given is not None and given.sealed_at is not None
    whole = len(points) == len(one.panel.elements)
    juror = one.entry.juror(given.juror_id) if given is not None else None
    return {
        "rows": [
            [
                each.title,
                each.hint,
                f"{each.weight}%",
                f"{points[each.id].normalize():f}" if each.id in points else "",
            ]
            for each in one.panel.elements
        ],
        "total": f"{shown(total(one.panel, points)):.2f}" if whole else "",
        "note": given.note if given is not None else "",
        "juror": names[given.juror_id].name if given is not None else "",
        "office": ROLE_WORDS.get(juror.office, juror.office) if juror is not None else "",
        "day": _on(given.sealed_at) if given is not None else "",
        "sealed": "已密封，全部评委密封以后公开。" if sealed and not points else "",
    }


def notice_data(notice: NoticeFacts) -> dict[str, Any]:
    """Return the data of the public notice 公示, from what was published: no marks are in there."""
    content = notice.content
    defended = "、答辩" if content.get("defended") else ""
    return {
        "number": f"GS-{notice.first_day.year}-{notice.id:04d}",
        "draft": False,
        "title": "晋升任前公示",
        "text": (
            f"依据{content['basis']}{content['clause']}，经部门评审、资格审核{defended}和公司决定，"
            "拟任下列同志，现予公示。"
        ),
        "rows": [
            ["姓名", content["name"]],
            ["部门", content["department"]],
            ["现任", content["from"] or content["post"] or NONE],
            ["拟任", content["to"]],
            ["简要事迹", content["record"]],
            ["公示时间", f"{zh_day(notice.first_day)}至{zh_day(notice.last_day)}"],
        ],
        "after": (
            f"对公示有异议的，请在公示期内向{content['contact']}反映，或在系统里提出；可以实名，也可以匿名。"
        ),
        "by": content["contact"],
        "day": _on(notice.published_at),
    }


def appointment_data(one: Whole) -> dict[str, Any]:
    """Return the data of the appointment 任命通知; ``ValueError`` before somebody was appointed."""
    found = one.found
    event = found.last(*_APPOINTED)
    if event is None or found.effective_on is None:
        raise ValueError("nobody was appointed by this application")
    up = one.notice
    shown_for = "" if up is None else f"，{zh_day(up.first_day)}至{zh_day(up.last_day)}公示期间没有成立的异议"
    trial = [] if found.trial_until is None else [["试岗", _trial(found)]]
    return {
        "number": f"RM-{local_date(event.at).year}-{found.id:04d}",
        "draft": False,
        "title": "任命通知",
        "text": (
            f"依据{one.ladder.title}（第{one.ladder.edition}版）{one.step.clause}，"
            f"经部门评审、资格审核{'、答辩' if one.step.panel else ''}和公司决定{shown_for}，现任命如下。"
        ),
        "rows": [
            ["姓名", f"{one.person.name}（工号{one.person.staff_no}）"],
            ["部门", one.person.department_name],
            ["原任", one.title(found.start_level) or one.person.post or NONE],
            ["现任", one.title(found.goal_level)],
            ["生效日", zh_day(found.effective_on)],
            *trial,
        ],
        "after": "请各部门知悉，并做好工作交接。",
        "by": "人力资源部",
        "day": _on(event.at),
    }


def _trial(found: ApplicationFacts) -> str:
    return f"{zh_day(found.effective_on)}至{zh_day(found.trial_until)}{_trial_end(found)}"
