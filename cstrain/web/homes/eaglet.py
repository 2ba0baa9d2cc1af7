"""The part of everybody in Eaglet plans: what waits to be approved, screened, scored, studied, decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.kernel.ids import PersonId
from cstrain.promotion.eaglet import queries
from cstrain.promotion.eaglet.queries import Duty
from cstrain.ui.filters import day
from cstrain.web.homes.part import PARTS, Part, Task, with_next

_DUTY_WORDS = {
    "approve": "雏鹰计划等你审批",
    "notice": "雏鹰计划已批准，等发布通知",
    "apply": "可以报名雏鹰计划",
    "comment": "雏鹰计划报名等上级评语",
    "screen": "雏鹰计划报名等筛选",
    "interview": "给雏鹰计划报名人面试打分",
    "open": "雏鹰计划面试评分已交齐，可以打开",
    "group": "雏鹰计划等公布结果",
    "leader": "雏鹰计划等选学习组长",
    "complaint": "雏鹰计划组员的意见等判断",
    "removal": "雏鹰计划的除名等决定",
    "appeal": "雏鹰计划的除名申诉等决定",
    "appealing": "你可以对除名申诉",
    "request": "雏鹰计划申请场地和设备",
    "agree": "确认雏鹰计划的学习内容",
    "check": "雏鹰计划该做知识抽查了",
    "exams": "雏鹰计划等定统一考试场次",
    "closing": "雏鹰计划成绩已齐，可以提出结束",
    "answer": "雏鹰计划的结束等你确认",
}
_STUDY = {"leader", "complaint", "removal", "appeal", "appealing", "request", "agree", "check"}
_EXAMS = {"exams", "closing", "answer"}


@PARTS.register("82-eaglet")
def eaglet(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what somebody has to do in Eaglet plans, one line a kind; ``None`` when nothing waits."""
    duties = queries.duties(person, now)
    if not duties:
        return None
    kinds = dict.fromkeys((duty.kind, duty.plan.id) for duty in duties)
    tasks = [_task([duty for duty in duties if (duty.kind, duty.plan.id) == kind]) for kind in kinds]
    return Part(
        lead="",
        title=gettext("雏鹰计划"),
        tasks=with_next(tasks),
        empty="",
    )


def _task(duties: Sequence[Duty]) -> Task:
    first = duties[0]
    count = (gettext("%(n)s件", n=len(duties)),) if len(duties) > 1 else ()
    due = (gettext("期限%(day)s", day=day(first.due)),) if first.due is not None else ()
    page = "study" if first.kind in _STUDY else "exams" if first.kind in _EXAMS else "show"
    url = url_for(f"eaglet.{page}", plan_id=first.plan.id)
    meta = (first.plan.title, *count, *due)
    return Task("is-later", gettext(_DUTY_WORDS[first.kind]), meta, url, gettext("去办"))
