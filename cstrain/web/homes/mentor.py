"""The home of mentors and guides: whose days wait for a signature."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.kernel.ids import PersonId
from cstrain.onboarding import queries as onboarding
from cstrain.onboarding.queries import WaitingDay
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("20-mentor")
def mentor(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return the part of a mentor (also as a substitute) or guide; ``None`` for everybody else."""
    if not roles & {"mentor", "guide"}:
        return None
    desk = onboarding.signer_desk(person, now)
    tasks = [_sign(day) for day in desk.to_sign] + [_see(day) for day in desk.to_see]
    return Part(
        quiet=gettext("没有要签核的天"),
        lead=gettext("先签最早的一天。签之前看一眼当天的小测和清单。") if tasks else "",
        title=gettext("等你签核"),
        tasks=with_next(tasks),
        empty=gettext("学员确认一天之后，会在这里等你签核。"),
        template="web/_trainees.html",
        values={"trainees": desk.trainees},
    )


def _sign(waiting: WaitingDay) -> Task:
    meta = [waiting.day.title]
    if waiting.late:
        meta.append(gettext("晚了%(n)s天", n=waiting.late))
    if waiting.lacking:
        meta.append(gettext("还有%(n)s项没完成", n=len(waiting.lacking)))
    return _task(waiting, tuple(meta), gettext("去签核"))


def _see(waiting: WaitingDay) -> Task:
    return _task(waiting, (waiting.day.title, gettext("带教人已签，请你过目")), gettext("去过目"))


def _task(waiting: WaitingDay, meta: tuple[str, ...], label: str) -> Task:
    what = gettext("%(name)s，第%(day)s天", name=waiting.person.name, day=waiting.day.number)
    return Task("is-later", what, meta, url_for("onboarding.my_trainees"), label)
