"""Who has read what: counts of pages over people, and people over one page."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.lessons.authoring.facts import Counts, Progress, Reading
from cstrain.lessons.facts import Reader
from cstrain.lessons.models import Lesson, LessonRead, LessonVersion


def counts(people: Collection[PersonId]) -> dict[str, Counts]:
    """Return for each page that any of these people opened how far they are. One statement."""
    latest = (
        sa.select(
            LessonVersion.lesson_id,
            LessonRead.person_id,
            sa.func.max(_CONFIRMED).label("confirmed"),
        )
        .join(LessonVersion, LessonVersion.id == LessonRead.lesson_version_id)
        .where(LessonRead.person_id.in_(people))
        .group_by(LessonVersion.lesson_id, LessonRead.person_id)
        .subquery()
    )
    confirmed, present = latest.c.confirmed, LessonVersion.number
    rows = session().execute(
        sa.select(
            Lesson.ref,
            _how_many(confirmed == present),
            _how_many(confirmed != present),
            _how_many(confirmed.is_(None)),
        )
        .join(LessonVersion, LessonVersion.id == Lesson.current_version_id)
        .join(latest, latest.c.lesson_id == Lesson.id)
        .group_by(Lesson.ref)
    )
    return {ref: Counts(current, older, opened) for ref, current, older, opened in rows}


_CONFIRMED = sa.case((LessonRead.confirmed_at.is_not(None), LessonVersion.number))


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def progress(ref: str, people: Sequence[Reader]) -> list[Progress]:
    """Return how far each of these people is with a page, in their order. One statement."""
    current = sa.select(Lesson.current_version_id).where(Lesson.ref == ref).scalar_subquery()
    rows = session().execute(
        sa.select(
            LessonRead.person_id, LessonVersion.number, LessonRead.confirmed_at, LessonVersion.id == current
        )
        .join(LessonVersion, LessonVersion.id == LessonRead.lesson_version_id)
        .join(Lesson, Lesson.id == LessonVersion.lesson_id)
        .where(Lesson.ref == ref, LessonRead.person_id.in_([each.id for each in people]))
        .order_by(LessonVersion.number)
    )
    found: dict[int, tuple[Reading, int | None, object]] = {}
    for person, number, at, is_current in rows:
        if at is not None:
            found[person] = (Reading.CURRENT if is_current else Reading.OLDER, number, at)
        else:
            found.setdefault(person, (Reading.OPENED, None, None))
    return [Progress(each, *found.get(each.id, (Reading.NONE, None, None))) for each in people]  # type: ignore[arg-type]
