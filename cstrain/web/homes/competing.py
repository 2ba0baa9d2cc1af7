"""The part of everybody in competitions: what waits to be filled in, checked, rated or decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.promotion.competition import queries
from cstrain.promotion.competition.queries import Duty
from cstrain.web.homes.part import PARTS, Part, Task, with_next

_DUTY_WORDS = {
    "apply": "可以报名竞聘",
    "opinion": "竞聘报名等部门意见",
    "check": "竞聘报名等资格审查",
    "start": "竞聘等选面试官",
    "ability": "给竞聘的人按组长职责打分",
    "manager": "给竞聘的人打经理分",
    "interview": "给竞聘的人面试打分",
    "colleague": "给竞聘的同事匿名打分",
    "calculate": "竞聘评分已交齐，可以统分",
    "choose": "竞聘已统分，等提出入选的人",
    "answer": "竞聘的决定等你确认",
    "trial": "试岗快到期，等提出结果",
    "publish": "竞聘入选的人等公示",
    "objection": "竞聘公示收到异议，等调查和答复",
    "close_notice": "竞聘公示期已满，等结束",
}


@PARTS.register("80-competing")
def competing(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what somebody has to do in competitions, one line a kind; ``None`` when nothing waits."""
    duties = queries.duties(person, local_date(now))
    if not duties:
        return None
    kinds = dict.fromkeys((duty.kind, duty.competition.id) for duty in duties)
    tasks = [_task([duty for duty in duties if (duty.kind, duty.competition.id) == kind]) for kind in kinds]
    return Part(
        lead="",
        title=gettext("竞聘"),
        tasks=with_next(tasks),
        empty="",
    )


def _task(duties: Sequence[Duty]) -> Task:
    first = duties[0]
    count = (gettext("%(n)s人", n=len(duties)),) if len(duties) > 1 else ()
    url = url_for("competitions.show", competition_id=first.competition.id)
    meta = (first.competition.post, first.competition.department_name, *count)
    return Task("is-later", gettext(_DUTY_WORDS[first.kind]), meta, url, gettext("去办"))
