"""Reminders: a report whose time is over, told to its leader once; contests that can be closed, to the
announcer."""

from __future__ import annotations

from datetime import datetime

from cstrain.extensions import local_date
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.performance.activities import queries
from cstrain.performance.activities.facts import Gap, Kind, Phase

_MISSING = {
    Kind.DAY: "%(day)s的日报还没有交，请补交。",
    Kind.WEEK: "%(day)s那一周的周报还没有交，请补交。",
}


@reminder("report.missing")
def missing_reports(now: datetime) -> list[Due]:
    """Remind leaders of reports that were due and are not there; once for each."""
    return [_due(gap) for gap in queries.gaps(queries.leadings(local_date(now)), now) if gap.over]


def _due(gap: Gap) -> Due:
    where = f"{gap.span.kind}/{gap.leading.department_id}/{gap.span.first_day}"
    return Due(
        gap.leading.leader,
        _MISSING[gap.span.kind],
        key=f"report-missing/{where}/{gap.leading.leader}",
        values={"day": gap.span.first_day},
        url=f"/activities/reports/{where}",
    )


@reminder("contest.ready")
def contests_ready(now: datetime) -> list[Due]:
    """Tell who announced a contest that its months are closed and its result can be proposed; once."""
    return [
        Due(
            contest.announced_by,
            "评比“%(title)s”的月份都已关账，可以公布结果。",
            key=f"contest-ready:{contest.id}",
            values={"title": contest.announced.title},
            url=f"/activities/contests/{contest.id}",
        )
        for contest, phase in queries.open_contests(local_date(now))
        if phase is Phase.READY
    ]
