"""The home of everybody else: notices, exams that are open, documents to acknowledge, panels to judge in."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.exams import queries as exams
from cstrain.extensions import local_date
from cstrain.grading.standards import queries as standards
from cstrain.kernel.ids import PersonId
from cstrain.notifications import queries as notifications
from cstrain.rulebook import queries as rulebook
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("90-everybody")
def everybody(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what concerns every employee; ``None`` when nothing does."""
    tasks = [
        Task(
            "is-later",
            gettext("阅读并确认《%(title)s》", title=document.title),
            (gettext("制度确认会记下日期"),),
            url_for("rulebook.document", ref=document.ref),
            gettext("去确认"),
        )
        for document in rulebook.outstanding(person, local_date(now))
    ]
    for sitting in exams.sittings_of(person, kinds=("exam", "conversion", "resit")):
        if sitting.opens_at <= now < sitting.closes_at and "trainee" not in roles:
            url = url_for("exams.sitting", sitting_id=sitting.id)
            tasks.append(Task("is-later", sitting.title, (sitting.place,), url, gettext("去考试")))
    for study in standards.waiting_for(person):
        what = gettext("为《%(paper)s》的及格线打分", paper=study.paper.title)
        url = url_for("standards.judge", study_id=study.id)
        tasks.append(Task("is-later", what, (), url, gettext("去打分")))
    if not tasks:
        return None
    return Part(
        heading=gettext("今天有%(n)s件事要做", n=len(tasks)),
        lead="",
        title=gettext("给我的事"),
        tasks=with_next(tasks),
        empty="",
        template="web/_notices.html",
        values={"notices": notifications.latest_unread(person)},
    )
