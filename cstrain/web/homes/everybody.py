"""The home of everybody else: notices, exams that are open, documents to acknowledge, panels to judge in."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.access import may
from cstrain.exams import queries as exams
from cstrain.exams.facts import SittingFacts
from cstrain.exams.on_paper import queries as on_paper
from cstrain.exams.on_paper.facts import CopyState
from cstrain.extensions import local_date
from cstrain.grading.practice import queries as practice
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
    if "trainee" not in roles:
        tasks += [_exam(entry.sitting) for entry in _open_exams(person, now)]
    for study in standards.waiting_for(person):
        what = gettext("为《%(paper)s》的及格线打分", paper=study.paper.title)
        url = url_for("standards.judge", study_id=study.id)
        tasks.append(Task("is-later", what, (), url, gettext("去打分")))
    tasks += [*_on_paper(person), *_practice(person, now)]
    if not tasks:
        return None
    return Part(
        lead="",
        title=gettext("给我的事"),
        tasks=with_next(tasks),
        empty="",
        template="web/_notices.html",
        values={"notices": notifications.latest_unread(person)},
    )


def _open_exams(person: PersonId, now: datetime) -> list[exams.Entry]:
    """Return the exams that somebody may begin now, or has begun."""
    mine = exams.sittings_of(person, kinds=("exam", "conversion", "resit"))
    open_now = [sitting for sitting in mine if sitting.opens_at <= now < sitting.closes_at]
    return [entry for entry in exams.entries(open_now, person, now) if entry.waits] if open_now else []


def _exam(sitting: SittingFacts) -> Task:
    url = url_for("exams.sitting", sitting_id=sitting.id)
    return Task("is-later", sitting.title, (sitting.place,), url, gettext("去考试"))


def _on_paper(person: PersonId) -> list[Task]:
    """Return what is to be done about forms on paper by who may handle them."""
    if not may(person, "sitting.transcribe"):
        return []
    waiting = on_paper.waiting_for(person)
    entering = [copy for copy in waiting if copy.state is CopyState.ENTERING]
    different = [copy for copy in waiting if copy.state is not CopyState.ENTERING]
    tasks = []
    for found, what, label in (
        (entering, gettext("有%(n)s份纸卷等你录入", n=len(entering)), gettext("去录入")),
        (different, gettext("有%(n)s份纸卷录得不同，等人来定", n=len(different)), gettext("去看差异")),
    ):
        if found:
            url = url_for("on_paper.show", copy_id=found[0].id)
            tasks.append(Task("is-later", what, (found[0].code,), url, label))
    return tasks


def _practice(person: PersonId, now: datetime) -> list[Task]:
    """Return the wrong questions whose turn has come, if there are any."""
    due = practice.summary(person, now).due if may(person, "practice.use") else 0
    if not due:
        return []
    what = gettext("有%(n)s道错题该复习了", n=due)
    return [Task("is-later", what, (), url_for("practice.index"), gettext("去复习"))]
