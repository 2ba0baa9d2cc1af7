"""The home of reports, contests and titles: what is to be written, read, closed and confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.access import may
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.activities import queries as activities
from cstrain.performance.activities.facts import Gap, Kind, Phase
from cstrain.ui.filters import day, moment
from cstrain.web.homes.part import PARTS, Part, Task, with_next

_LISTED = 3


@PARTS.register("29-activities")
def activities_part(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what waits of reports, contests and titles; ``None`` when nothing does."""
    tasks = [*_own(person, now), *_team(person, now), *_contests(person, now), *_titles(person, now)]
    if not tasks:
        return None
    return Part(
        lead="",
        title=gettext("评优与报告"),
        tasks=with_next(tasks),
        empty="",
    )


def _own(person: PersonId, now: datetime) -> Iterator[Task]:
    """Yield the reports one has to write, the oldest first; many are one line."""
    if not may(person, "report.write"):
        return
    mine = activities.gaps(activities.leadings(local_date(now), [person]), now)
    for gap in mine[:_LISTED]:
        span = gap.span
        url = url_for(
            "activities.write",
            kind=span.kind,
            department_id=gap.leading.department_id,
            day=span.first_day,
        )
        label = gettext("继续写") if gap.begun else gettext("写报告")
        yield Task("is-later", _what(gap), (_when(gap),), url, label)
    if len(mine) > _LISTED:
        what = gettext("还有%(n)s份报告要写", n=len(mine) - _LISTED)
        yield Task("is-later", what, (), url_for("activities.reports"), gettext("去看"))


def _what(gap: Gap) -> str:
    first = day(gap.span.first_day)
    if gap.span.kind is Kind.DAY:
        return str(gettext("写%(day)s的日报", day=first))
    return str(gettext("写%(day)s那一周的周报", day=first))


def _when(gap: Gap) -> str:
    if gap.over:
        return str(gettext("过了时间，算补交"))
    return str(gettext("%(at)s以前交", at=moment(gap.due_at)))


def _team(person: PersonId, now: datetime) -> Iterator[Task]:
    """Yield what superiors of leaders have to read and to ask after."""
    if not may(person, "report.comment"):
        return
    seen = people.visible_people(person, "report.comment", local_date(now))
    unread = activities.unread_count(person, seen)
    if unread:
        url = url_for("activities.reports", show="unread")
        yield Task("is-later", gettext("%(n)s份班组报告没有看", n=unread), (), url, gettext("去看"))
    leadings = activities.leadings(local_date(now), seen)
    over = [one for one in activities.gaps(leadings, now) if one.over and one.leading.leader != person]
    if over:
        what = gettext("%(n)s份班组报告没有按时交", n=len(over))
        yield Task("is-later", what, (), url_for("activities.reports"), gettext("去看"))


def _contests(person: PersonId, now: datetime) -> Iterator[Task]:
    """Yield the contests whose result can be proposed, or waits for another's word."""
    today = local_date(now)
    places = activities.places(person, "contest.close", today)
    if places is not None and not places:
        return
    for one, phase in activities.open_contests(today):
        if places is not None and one.announced.department_id not in places:
            continue
        url = url_for("activities.contest", contest_id=one.id)
        meta = (one.announced.title, one.department_name)
        if phase is Phase.READY:
            yield Task("is-later", gettext("评比可以公布结果"), meta, url, gettext("去提出"))
        elif phase is Phase.PROPOSED and one.result is not None and one.result.proposed_by != person:
            yield Task("is-later", gettext("评比的结果等你确认"), meta, url, gettext("去确认"))


def _titles(person: PersonId, now: datetime) -> Iterator[Task]:
    if not may(person, "title.confirm"):
        return
    seen = people.visible_people(person, "title.confirm", local_date(now))
    waiting = activities.waiting_titles(person, seen)
    if waiting:
        what = gettext("%(n)s个称号提名等你确认", n=len(waiting))
        yield Task("is-later", what, (), url_for("activities.titles"), gettext("去确认"))
