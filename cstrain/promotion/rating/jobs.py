"""Reminders: a quarter that may be rated, contests to answer, results that may take effect."""

from __future__ import annotations

from datetime import datetime

from cstrain.access import may, roles_granting
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.people import queries as people
from cstrain.promotion.rating import queries


def _holders(permission: str, now: datetime) -> list[PersonId]:
    on = local_date(now)
    roles = roles_granting(permission)
    return sorted({one for role in roles for one in people.persons_with_role(role, on)})


@reminder("rating.start")
def quarters_to_rate(now: datetime) -> list[Due]:
    """Propose to HR to rate a quarter once its last month is closed everywhere; once each."""
    return [
        Due(
            person,
            "%(title)s：%(year)s年第%(n)s季度已关账，请开始评级。",
            key=f"rating-start:{one.ladder.ref}:{one.quarter.code}:{person}",
            values={
                "title": one.ladder.title,
                "year": one.quarter.first.year,
                "n": one.quarter.number,
            },
            url="/ratings",
        )
        for one in queries.to_start(local_date(now))
        for person in _holders("rating.run", now)
    ]


@reminder("rating.contest")
def contests_due(now: datetime) -> list[Due]:
    """Remind who may answer a contest on its last day, once."""
    today = local_date(now)
    return [
        Due(
            person,
            "一个季度评级的申诉%(day)s到期，请马上答复。",
            key=f"rating-contest:{one.id}:{person}",
            values={"day": one.decide_by},
            url=f"/ratings/lines/{one.line}",
            due_on=one.decide_by,
        )
        for one in queries.open_contests()
        if today >= one.decide_by
        for person in _holders("rating.decide", now)
        if may(person, "rating.decide", one.person) and queries.may_judge(person, one.run, one.person)
    ]


@reminder("rating.ready")
def results_ready(now: datetime) -> list[Due]:
    """Remind HR of results that nothing holds back any more and nobody has proposed; once for each run."""
    asked = {one.run for one in queries.waiting_confirmations()}
    return [
        Due(
            person,
            "%(year)s年第%(n)s季度有%(number)s个评级结果可以生效，请提出确认。",
            key=f"rating-ready:{run.id}:{person}",
            values={"year": run.quarter.first.year, "n": run.quarter.number, "number": len(ready)},
            url=f"/ratings/{run.id}",
        )
        for run in queries.runs()
        if run.id not in asked and (ready := queries.ready_lines(run, local_date(now)))
        for person in _holders("rating.run", now)
    ]
