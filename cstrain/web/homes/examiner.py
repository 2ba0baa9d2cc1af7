"""The home of examiners and quality control: who waits to be marked live, score sheets that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.extensions import local_date
from cstrain.grading import queries as grading
from cstrain.kernel.ids import PersonId
from cstrain.onboarding import queries as onboarding
from cstrain.onboarding.facts import DayFacts, TaskKind
from cstrain.onboarding.queries import BoardRow
from cstrain.people import queries as people
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("25-examiner")
def examiner(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return who waits to be marked live, then the score sheets that are missing; ``None`` for others."""
    if not roles & {"examiner", "qc", "qc_manager"}:
        return None
    live = list(_live(person, now))
    rows = onboarding.board(onboarding.BoardFilter(except_person=person), now).rows
    sheets = [task for row in rows for task in _missing(row)]
    return Part(
        quiet=gettext("没有要打分和登记的"),
        lead=gettext("当场打分，写清依据。") if live or sheets else "",
        title=gettext("要打分和登记的"),
        tasks=with_next([*live, *sheets]),
        empty=gettext("有人开考电话或口试，或有成绩单要填时，会出现在这里。"),
    )


def _live(person: PersonId, now: datetime) -> Iterable[Task]:
    """Yield the tasks done aloud that nobody has finished marking; those who are ready come first."""
    waiting = [
        one
        for one in grading.live_tasks(now)
        if one.finished_at is None and one.attempt.person_id != person and one.examiner in (None, person)
    ]
    names = people.people({one.attempt.person_id for one in waiting}, local_date(now))
    for one in waiting:
        url = url_for("live.sheet", attempt_id=one.attempt.id, slot=one.slot)
        state = gettext("考生准备好了") if one.ready else gettext("等考生")
        meta = (one.attempt.paper.title, state)
        yield Task("is-later", names[one.attempt.person_id].name, meta, url, gettext("去打分"))


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
