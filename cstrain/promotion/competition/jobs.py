"""Reminders: notices whose window is over, objections whose clock runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.people import queries as people
from cstrain.promotion.competition import queries
from cstrain.promotion.competition.facts import Objection


def _hr(now: datetime, without: Iterable[PersonId]) -> list[PersonId]:
    on = local_date(now)
    found = {one for role in ("hr", "hr_manager") for one in people.persons_with_role(role, on)}
    return sorted(found - set(without))


@reminder("competition.notice_over")
def notices_over(now: datetime) -> list[Due]:
    """Remind HR of notices whose window is over and that nobody has closed."""
    today = local_date(now)
    return [
        Due(
            person,
            "%(name)s的竞聘公示到%(day)s结束，请处理异议后结束公示。",
            key=f"competition-notice-over:{one.id}:{person}",
            values={"name": one.content["name"], "day": one.last_day},
            url=f"/competitions/{one.competition}",
        )
        for one in queries.open_notices()
        if one.last_day < today
        for person in _hr(now, [one.person])
    ]


@reminder("competition.objection")
def objections_due(now: datetime) -> list[Due]:
    """Remind HR on the last day to begin, or to answer, the investigation of an objection; once each."""
    return [due for one in queries.waiting_objections() for due in _of_objection(one, now)]


def _of_objection(one: Objection, now: datetime) -> Iterable[Due]:
    by = one.start_by if one.started_at is None else one.answer_by
    if local_date(now) < by:
        return
    notice = queries.notice(one.notice)
    step = "start" if one.started_at is None else "answer"
    without = [notice.person, *([one.by] if one.by is not None else [])]
    for person in _hr(now, without):
        yield Due(
            person,
            "一份公示的异议%(day)s到期，请马上调查和答复。",
            key=f"competition-objection:{one.id}:{step}:{person}",
            values={"day": by},
            url=f"/competitions/notices/{notice.id}/objections",
            due_on=by,
        )
