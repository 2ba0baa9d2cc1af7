"""The home of markers: how many answers wait for them."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.access import may
from cstrain.grading.written import queries as written
from cstrain.kernel.ids import PersonId
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("26-marker")
def marker(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return how many answers wait for a marker; ``None`` for others, and when there are none."""
    if not may(person, "answer.mark"):
        return None
    waiting = written.waiting_count(person, now)
    if not waiting and "marker" not in roles:
        return None
    what = gettext("%(n)s份答卷等你阅", n=waiting)
    meta = (gettext("一次一道题，看不到是谁写的"),)
    tasks = [Task("is-later", what, meta, url_for("marking.index"), gettext("去阅卷"))] if waiting else []
    return Part(
        quiet=gettext("没有等你阅的答卷"),
        lead="",
        title=gettext("要阅的答卷"),
        tasks=with_next(tasks),
        empty=gettext("有简答、论述、案例或会话题要人阅时，会出现在这里。"),
    )
