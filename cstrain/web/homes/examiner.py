"""The home of examiners and quality control: score sheets that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.kernel.ids import PersonId
from cstrain.onboarding import queries as onboarding
from cstrain.onboarding.facts import DayFacts, TaskKind
from cstrain.onboarding.queries import BoardRow
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("25-examiner")
def examiner(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return the score sheets of days that have begun and lack one; ``None`` for everybody else."""
    if not roles & {"examiner", "qc", "qc_manager"}:
        return None
    rows = onboarding.board(onboarding.BoardFilter(except_person=person), now).rows
    tasks = [task for row in rows for task in _missing(row)]
    return Part(
        heading=gettext("有%(n)s张成绩单要填", n=len(tasks)) if tasks else gettext("没有要填的成绩单"),
        lead=gettext("当场打分，写清依据。") if tasks else "",
        title=gettext("要填的成绩单"),
        tasks=with_next(tasks),
        empty=gettext("有学员要测打字、电话、口试或神秘顾客时，会出现在这里。"),
    )


def _missing(row: BoardRow) -> Iterable[Task]:
    for day in row.timeline.days:
        if day.on_day > row.timeline.today or day.sign is not None:
            continue
        yield from _of_day(row, day)


def _of_day(row: BoardRow, day: DayFacts) -> Iterable[Task]:
    for task in day.tasks:
        if task.kind is TaskKind.SHEET and not task.done:
            what = gettext("%(name)s，第%(day)s天", name=row.name, day=day.number)
            url = url_for(
                "onboarding.sheet",
                enrolment_id=row.timeline.enrolment.id,
                number=day.number,
                kind=task.ref,
            )
            yield Task("is-later", what, (task.title, row.department), url, gettext("去填"))
