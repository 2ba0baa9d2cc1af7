"""Reminders: appeals to be answered, notices of a succession that are over."""

from __future__ import annotations

from datetime import datetime, timedelta

from cstrain.access import roles_granting
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.people import queries as people
from cstrain.promotion.moves import queries
from cstrain.promotion.moves.queries import Eyes

_BEFORE = timedelta(days=2)


def _holders(permission: str, now: datetime) -> list[PersonId]:
    today = local_date(now)
    found = {one for role in roles_granting(permission) for one in people.persons_with_role(role, today)}
    return sorted(found)


@reminder("moves.appeal")
def appeals_due(now: datetime) -> list[Due]:
    """Remind who may answer an appeal from two days before its last day on; once each."""
    today = local_date(now)
    waiting = [one for one in queries.cases(undecided=True) if one.appeal and one.appeal.decided_at is None]
    due = [one for one in waiting if one.appeal is not None and today >= one.appeal.decide_by - _BEFORE]
    able = _holders("move.decide_appeal", now) if due else []
    return [
        Due(
            person,
            "一份调动的申诉%(day)s前要答复，请尽快办理。",
            key=f"move-appeal:{one.id}:{person}",
            values={"day": one.appeal.decide_by},
            url=f"/moves/{one.id}",
        )
        for one in due
        for person in able
        if one.appeal is not None and Eyes(person, today).can_answer(one)
    ]


@reminder("moves.notice_over")
def notices_over(now: datetime) -> list[Due]:
    """Remind HR of notices of a succession whose window is over and that nobody has closed; once each."""
    today = local_date(now)
    every = [(one, one.current) for one in queries.successions(open_only=True)]
    over = [
        (one, each)
        for one, each in every
        if each is not None and each.is_shown and each.last_day is not None and each.last_day < today
    ]
    able = _holders("move.arrange", now) if over else []
    return [
        Due(
            person,
            "%(place)s主管接任的公示到%(day)s结束，请处理异议后结束公示。",
            key=f"succession-over:{each.id}:{person}",
            values={"place": one.department_name, "day": each.last_day},
            url=f"/successions/{one.id}",
        )
        for one, each in over
        for person in able
        if person != each.person
    ]
