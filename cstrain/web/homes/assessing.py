"""What waits for somebody in assessment: sheets, results to answer, plans, interviews and follow-ups."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.assessment import queries
from cstrain.performance.assessment.queries import Duty
from cstrain.ui.filters import day
from cstrain.ui.filters import month as month_word
from cstrain.web.homes.part import PARTS, Part, Task, with_next

_DUTY_WORDS = {
    "review": "考核表等你终审",
    "contest": "考核异议等你决定",
    "answer": "确认你的考核结果",
    "sign": "给绩效面谈签字",
    "plan_drafted": "岗位绩效计划等你审核",
    "plan_checked": "岗位绩效计划等你批准",
    "follow": "跟进面谈约定的事",
    "interview": "结果不合格，等你面谈",
}
_SHOWN = 8


@PARTS.register("29-assessing")
def assessing(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what waits for somebody in assessment; ``None`` when nothing does."""
    duties = queries.duties(person, local_date(now))
    if not duties:
        return None
    shown = duties[:_SHOWN]
    names = people.people([one.about for one in shown if one.about is not None], local_date(now))
    tasks = [_task(one, names[one.about].name if one.about is not None else one.what) for one in shown]
    if len(duties) > _SHOWN:
        more = gettext("还有%(n)s件", n=len(duties) - _SHOWN)
        tasks.append(Task("is-later", more, (), url_for("assessment.todo"), gettext("全部")))
    return Part(
        lead="",
        title=gettext("月度考核"),
        tasks=with_next(tasks),
        empty="",
    )


def _task(one: Duty, about: str) -> Task:
    what = (
        gettext("%(n)s张考核表等你评分", n=one.count)
        if one.kind == "rate"
        else gettext(_DUTY_WORDS[one.kind])
    )
    meta = [about] if about and one.count == 1 else []
    meta += [month_word(one.month)] if one.month is not None else []
    meta += [gettext("%(day)s前", day=day(one.until))] if one.until is not None else []
    return Task("is-later", what, tuple(meta), one.url, gettext("去办"))
