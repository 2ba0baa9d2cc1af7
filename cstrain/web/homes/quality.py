"""The home of quality sampling: chats to rate, weeks to publish, contests to decide, months to compile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.access import may
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.performance.quality import queries as quality
from cstrain.ui.filters import day, month
from cstrain.web.homes.part import PARTS, Part, Task, with_next

_OFFICES = frozenset({"qc", "qc_manager"})


@PARTS.register("27-quality")
def quality_part(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what waits for somebody in quality sampling; ``None`` for others, and when nothing does."""
    tasks = [*_rating(person, now), *_weeks(person, now), *_contests(person, now), *_months(person, now)]
    if not tasks and not roles & _OFFICES:
        return None
    return Part(
        quiet=gettext("没有等你打分的会话"),
        lead="",
        title=gettext("质检的事"),
        tasks=with_next(tasks),
        empty=gettext("抽到的会话、要公布的周、异议和月表会出现在这里。"),
    )


def _rating(person: PersonId, now: datetime) -> Iterator[Task]:
    waiting = quality.waiting_count(person, now) if may(person, "quality.rate") else 0
    if waiting:
        what = gettext("%(n)s通抽到的会话等你打分", n=waiting)
        meta = (gettext("随机排，打完才显示是谁的"),)
        yield Task("is-later", what, meta, url_for("quality.queue"), gettext("去打分"))


def _weeks(person: PersonId, now: datetime) -> Iterator[Task]:
    weeks = quality.unpublished(local_date(now)) if may(person, "quality.publish") else []
    if weeks:
        what = gettext("%(n)s周质检结果等你公布", n=len(weeks))
        unrated = sum(week.unrated for week in weeks)
        meta = (gettext("%(n)s通还没有打分", n=unrated),) if unrated else ()
        yield Task("is-later", what, meta, url_for("quality.week", week=weeks[0].week), gettext("去公布"))


def _contests(person: PersonId, now: datetime) -> Iterator[Task]:
    if not may(person, "quality.decide"):
        return
    _waiting, count = quality.contests(person, local_date(now), 1, is_open=True)
    if count:
        what = gettext("%(n)s个质检异议等你来定", n=count)
        yield Task("is-later", what, (), url_for("quality.contests"), gettext("去决定"))


def _months(person: PersonId, now: datetime) -> Iterator[Task]:
    for first in quality.to_compile(local_date(now)) if may(person, "quality.close") else ():
        what = gettext("%(month)s的质检月表可以汇总了", month=month(first))
        meta = (gettext("最晚%(day)s", day=day(quality.month(first, person).until_day)),)
        url = url_for("quality.month", month=f"{first:%Y-%m}")
        yield Task("is-later", what, meta, url, gettext("去汇总"))
