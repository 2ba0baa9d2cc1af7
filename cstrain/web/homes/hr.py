"""The home of HR: decisions that are open, results to release, samples, people without a mentor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.extensions import local_date
from cstrain.grading import queries as grading
from cstrain.grading.credentials import queries as credentials
from cstrain.kernel.ids import PersonId
from cstrain.onboarding import queries as onboarding
from cstrain.onboarding.conversion import queries as conversion
from cstrain.onboarding.queries import BoardRow
from cstrain.people import queries as people
from cstrain.ui.filters import day
from cstrain.web.homes.part import PARTS, Part, Task, with_next
from cstrain.web.homes.team import team_values
from cstrain.web.homes.writing import retest_tasks

_SAYS = {
    "propose": ("转正去留等你提出结论", "去提出"),
    "confirm": ("转正结论等第二个人确认", "去确认"),
    "eliminate": ("淘汰等第二个人决定", "去决定"),
    "blocked": ("转正缺依据，还不能提出结论", "去补齐"),
}


@PARTS.register("10-hr")
def hr(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return the part of HR; ``None`` for everybody else."""
    if not roles & {"hr", "hr_manager"}:
        return None
    rows = onboarding.board(onboarding.BoardFilter(except_person=person), now).rows
    tasks = [
        *_papers(rows, now),
        *_decisions(person, now),
        *_gates(rows),
        *_results(person, now),
        *exemption_tasks(person, now),
        *retest_tasks(person, now),
        *_outside(person),
        *_others(person, rows),
    ]
    return Part(
        quiet=gettext("今天没有要处理的事"),
        lead=gettext("在训%(n)s人。先处理影响去留的事。", n=len(rows)),
        title=gettext("要处理的事"),
        tasks=with_next(tasks),
        empty=gettext("需要人力资源部决定的事会出现在这里。"),
        template="web/_team.html",
        values=team_values(rows),
    )


def _papers(rows: Iterable[BoardRow], now: datetime) -> Iterable[Task]:
    """Return whose conversion papers must be arranged, the nearest day first."""
    names = {row.timeline.enrolment.id: row.name for row in rows}
    for one in conversion.papers_to_arrange([row.timeline for row in rows], now):
        url = (
            url_for("conversion.show", case_id=one.case_id)
            if one.case_id is not None
            else url_for("conversion.schedule", enrolment_id=one.enrolment_id)
        )
        says = (
            gettext("转正考试在%(day)s，%(n)s卷还没有安排", day=day(one.day), n=one.missing)
            if one.missing
            else gettext("转正考试有%(n)s卷没有参加，要另行安排", n=one.missed)
        )
        yield Task("is-later", names[one.enrolment_id], (says,), url, gettext("去安排"))


def _decisions(person: PersonId, now: datetime) -> Iterable[Task]:
    waiting = [one for one in conversion.waiting_decisions(now) if one.person_id != person]
    names = people.people([one.person_id for one in waiting], local_date(now))
    for one in waiting:
        if one.kind in {"confirm", "eliminate"} and one.proposed_by == person:
            continue
        says, label = _SAYS[one.kind]
        url = (
            url_for("conversion.elimination", elimination_id=one.elimination_id)
            if one.elimination_id is not None
            else url_for("conversion.show", case_id=one.case_id)
        )
        yield Task("is-later", names[one.person_id].name, (gettext(says),), url, gettext(label))


def _gates(rows: Iterable[BoardRow]) -> Iterable[Task]:
    for row in rows:
        for gate in row.timeline.gates:
            if gate.waits:
                url = url_for("onboarding.gate", enrolment_id=row.timeline.enrolment.id, gate_id=gate.gate.id)
                meta = (gettext("“%(gate)s”没有过，等人决定", gate=gate.gate.title),)
                yield Task("is-later", row.name, meta, url, gettext("去决定"))


def _results(person: PersonId, now: datetime) -> Iterable[Task]:
    waiting = grading.releases_for(person, now)
    if waiting:
        what = gettext("%(n)s份成绩等发布", n=len(waiting))
        meta = (gettext("两人发布：一人提出，另一人确认"),)
        yield Task("is-later", what, meta, url_for("grading.desk"), gettext("去发布"))
    appeals = grading.appeals_for(person)
    if appeals:
        first = min(one.decide_by for one in appeals)
        what = gettext("%(n)s个成绩申诉等答复", n=len(appeals))
        meta = (gettext("最早%(month)s月%(day)s日到期", month=first.month, day=first.day),)
        yield Task("is-later", what, meta, url_for("grading.desk"), gettext("去答复"))


def exemption_tasks(person: PersonId, now: datetime) -> Iterable[Task]:
    """Return the applications not to sit a paper that wait for a decision by somebody else than who asks."""
    waiting = credentials.exemptions_for(person, now)
    if waiting:
        what = gettext("%(n)s个免试申请等决定", n=len(waiting))
        yield Task("is-later", what, (), url_for("exemptions.desk"), gettext("去决定"))


def _outside(person: PersonId) -> Iterable[Task]:
    entries = credentials.waiting_outside()
    mine = [one for one in entries if person not in (one.recorded_by, one.person_id)]
    if mine:
        what = gettext("%(n)s条登记的成绩等第二个人确认", n=len(mine))
        yield Task("is-later", what, (), url_for("exemptions.desk"), gettext("去确认"))


def _others(person: PersonId, rows: Iterable[BoardRow]) -> Iterable[Task]:
    alone = sum(1 for row in rows if row.mentor_name is None)
    if alone:
        what = gettext("%(n)s位学员没有导师", n=alone)
        yield Task("is-later", what, (), url_for("onboarding.board"), gettext("去指定"))
    samples = [one for one in onboarding.samples(waiting=True) if one.may_be_checked_by(person)]
    if samples:
        what = gettext("%(n)s天签核等你核对", n=len(samples))
        meta = (gettext("系统随机抽出的签核"),)
        yield Task("is-later", what, meta, url_for("onboarding.samples"), gettext("去核对"))
