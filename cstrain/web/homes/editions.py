"""The part of editions: a new edition to check or approve, an edition that binds one to acknowledge."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.access import may
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.promotion.editions import queries
from cstrain.promotion.editions.facts import Stage, is_chapter
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("85-editions")
def editions(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what somebody has to do about editions of ladders; ``None`` when nothing waits."""
    on = local_date(now)
    words = {Stage.DRAFTED: gettext("新版制度等你审核"), Stage.CHECKED: gettext("新版制度等你批准")}
    tasks = [
        Task(
            "is-later",
            words[one.stage],
            (_title(one.ref), gettext("第%(n)s版", n=one.number)),
            url_for("editions.show", edition_id=one.id),
            gettext("去办"),
        )
        for one in queries.waiting_for(person, on)
    ]
    due = queries.due_for(person, on) if may(person, "edition.acknowledge", person) else []
    tasks += [
        Task(
            "is-later",
            gettext("请阅读并确认晋升制度"),
            (one.ladder.title, gettext("第%(n)s版", n=one.ladder.edition)),
            url_for("editions.edition", ref=one.ladder.ref, number=one.ladder.edition),
            gettext("去看"),
        )
        for one in due
        if one.at is None
    ]
    if not tasks:
        return None
    return Part(
        lead="",
        title=gettext("晋升制度"),
        tasks=with_next(tasks),
        empty="",
    )


def _title(ref: str) -> str:
    """Say what an edition is of; a ladder's title is the company's own words."""
    title = queries.title_of(ref)
    return str(gettext(title)) if is_chapter(ref) else title
