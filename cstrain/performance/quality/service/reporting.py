"""The daily report: who watches agents is told that the day before can be looked at."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.performance.quality import queries
from cstrain.performance.quality.facts import Side


def report_day(now: datetime, day: date, agents: Collection[PersonId]) -> int:
    """Tell the offices of the rule of a day with chats of ``agents`` in their charge, once each."""
    today, rule = local_date(now), queries.quality_rules().daily_report
    told = 0
    for side, offices in ((Side.BASIC, rule.basic), (Side.VIP, rule.vip)):
        mine = queries.of_side(agents, side, day)
        holders = sorted({one for office in offices for one in people.persons_with_role(office, today)})
        for holder in holders:
            seen = people.visible_people(holder, queries.PERMISSIONS[side], today)
            if (mine if seen is None else mine & seen) - {holder}:
                told += _tell(holder, now, day, side)
    if told:
        record(None, "quality.report", f"quality-day:{day.isoformat()}", told=told)
    return told


def _tell(holder: PersonId, now: datetime, day: date, side: Side) -> int:
    message = (
        "贵宾客服%(day)s的接待效率日报已出。" if side is Side.VIP else "基础客服%(day)s的接待效率日报已出。"
    )
    return notify(
        holder,
        message,
        now=now,
        values={"day": day},
        url=f"/quality/efficiency/{side.value}?day={day.isoformat()}",
        key=f"quality.daily:{side.value}:{day.isoformat()}:{holder}",
    )
