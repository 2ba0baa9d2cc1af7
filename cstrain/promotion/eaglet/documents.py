"""The printed papers of a plan as plain data for their templates, and as PDF. They are printed in Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cstrain.documents.printed import pdf as pdf
from cstrain.documents.printed import zh_day as zh_day
from cstrain.documents.printed import zh_day_of as _on
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.people.policy import LEVEL_WORDS
from cstrain.performance.discipline.policy import KIND_WORDS, bare_label
from cstrain.promotion.eaglet.facts import Application, Closing, Event, Member, Notice, Outcome, Plan
from cstrain.promotion.eaglet.wording import OFFICE_WORDS, PLATFORM_WORDS, SAID_WORDS

NONE = "无记录"
FORM, NOTICE = "eaglet_form", "eaglet_notice"


def number(plan: Plan) -> str:
    """Return the number of a plan as papers name it."""
    return f"CY-{local_date(plan.proposed_at).year}-{plan.id:03d}"


def form_data(plan: Plan, found: Application, names: Mapping[PersonId, PersonFacts]) -> dict[str, Any]:
    """Return the data of the form 雏鹰计划申请书: what stood that day, and the comment."""
    known = found.known
    comment = found.comment
    return {
        "number": f"{number(plan)}-{found.id:04d}",
        "draft": found.withdrawn,
        "head": [
            ["计划", plan.title],
            ["姓名", known["name"]],
            ["工号", known["staff_no"]],
            ["部门", known["department"]],
            ["岗位", known["post"] or NONE],
            ["级别", LEVEL_WORDS.get(known["level"], NONE) if known["level"] else NONE],
            ["平台", PLATFORM_WORDS[found.platform]],
            ["入职日期", zh_day(known["hired_on"])],
            ["客服工作起", zh_day(known["service_since"]) or NONE],
            ["转正考试成绩", known["conversion"] or NONE],
            ["计划时长", f"{found.months.normalize():f}个月"],
        ],
        "months": [
            [zh_day(month).rpartition("月")[0] + "月", score or NONE, grade or NONE]
            for month, score, grade in known["months"]
        ],
        "registers": [_register(kind, day, label) for kind, day, label in known["registers"]],
        "said": [[title, found.said[name]] for name, title in SAID_WORDS.items()],
        "applied": _on(found.applied_at),
        "comment": {
            "rating": str(comment.detail["rating"]) if comment else "",
            "text": str(comment.detail["text"]) if comment else "",
            "name": names[comment.by].name if comment else "",
            "day": _on(comment.at) if comment else "",
        },
        "none": NONE,
    }


def _register(kind: str, day: str, label: str) -> list[str]:
    text, major = bare_label(kind, label)
    return [f"{'重大' if major else ''}{KIND_WORDS[kind]}", zh_day(day), text]


def notice_data(plan: Plan, notice: Notice, places: Mapping[str, str]) -> dict[str, Any]:
    """Return the data of the notice; ``places``: the department's name by place."""
    rules = plan.rules
    return {
        "number": f"{number(plan)}-{notice.number}",
        "draft": False,
        "title": f"关于“{plan.title}”报名的通知",
        "text": notice.text,
        "rows": [
            *(
                [rules.place(place).title, f"{places.get(place, '')}　{seats}人"]
                for place, seats in notice.places.items()
            ),
            ["报名", f"{zh_day(notice.opens_on)}至{zh_day(notice.closes_on)}"],
            ["筛选", f"{zh_day(notice.screen_by)}以前"],
            ["面试", f"{zh_day(notice.interview_from)}至{zh_day(notice.interview_to)}"],
            ["筛选办法", _sheet(plan)],
            ["面试", "、".join(OFFICE_WORDS[one] for one in rules.interview.offices)],
            ["考试", rules.exam_clause],
        ],
        "day": _on(notice.published_at),
    }


def _sheet(plan: Plan) -> str:
    one = plan.rules.screening
    levels = "、".join(f"{LEVEL_WORDS[name]}{points}" for name, points in one.levels.items())
    return (
        f"奖项每项{one.award_points}分，最多{one.award_most}分；转正考试成绩占{one.conversion_points}分；"
        f"计划时长{one.months_from:f}至{one.months_to:f}个月得{one.duration_points}分；级别：{levels}分。"
        f"每个名额请前{one.invited}名面试。"
    )


def result_data(
    plan: Plan, event: Event, members: Sequence[Member], names: Mapping[PersonId, PersonFacts]
) -> dict[str, Any]:
    """Return the data of the notice of who is accepted; it shows no marks."""
    words = {"again": "再次通知", "open": "这一期空缺"}
    return {
        "number": number(plan),
        "draft": False,
        "title": f"“{plan.title}”入选名单",
        "text": event.detail["text"],
        "rows": [
            *(
                [
                    plan.rules.place(one.place).title,
                    f"{names[one.person].name}（{names[one.person].staff_no}）",
                ]
                for one in members
            ),
            *(
                [plan.rules.place(place).title, words[word]]
                for place, word in event.detail["unfilled"].items()
            ),
        ],
        "day": _on(event.at),
    }


def closing_data(
    plan: Plan, closing: Closing, found: Sequence[Outcome], names: Mapping[PersonId, PersonFacts]
) -> dict[str, Any]:
    """Return the data of the closing notice: who passed and moves, who stays; it shows no marks."""
    return {
        "number": number(plan),
        "draft": False,
        "title": f"“{plan.title}”结束公告",
        "text": closing.text,
        "rows": [
            [
                f"{names[one.person].name}（{names[one.person].staff_no}）",
                f"通过，{zh_day(closing.effective_on)}起调入贵宾部"
                if one.passes
                else "没有通过全部考试，留在原部门，可以参加下一期",
            ]
            for one in found
        ],
        "day": _on(closing.answered_at),
    }
