"""Reading what versions of pages changed, and what their sections say in each version."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from cstrain.extensions import Line, session
from cstrain.kernel.errors import NotFoundError
from cstrain.lessons.changes import SectionChange, differences, sections, touched
from cstrain.lessons.models import Lesson, LessonVersion

_MISSING = "没有找到这一次课文改动。请回到课文改动列表里选一个。"


@dataclass(frozen=True, slots=True)
class LessonChange:
    """A version of a page that followed another one: what differs, and which old headings it touched."""

    ref: str
    number: int
    title: str
    at: datetime
    current: int
    sections: tuple[SectionChange, ...]
    touched: frozenset[str]


@dataclass(frozen=True, slots=True)
class Edition:
    """When a version of a page came, as far as it has come into force."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Revised:
    """A page over its versions, oldest first; ``retired_at``: it has no sections any more since then."""

    ref: str
    retired_at: datetime | None
    editions: tuple[Edition, ...]

    @property
    def current(self) -> int:
        """The number of the version in force."""
        return self.editions[-1].number

    def number_at(self, at: datetime) -> int:
        """Return which version was in force then; the first one before there was any."""
        past = [each.number for each in self.editions if each.at <= at]
        return past[-1] if past else self.editions[0].number


_NOW = aliased(LessonVersion)
_OLD = aliased(LessonVersion)
_CHANGES = (
    sa.select(
        Lesson.ref,
        LessonVersion.number,
        LessonVersion.title,
        LessonVersion.created_at,
        _NOW.number.label("current"),
        _OLD.body.label("old"),
        LessonVersion.body.label("new"),
    )
    .select_from(LessonVersion)
    .join(Lesson, Lesson.id == LessonVersion.lesson_id)
    .join(_NOW, _NOW.id == Lesson.current_version_id)
    .join(_OLD, (_OLD.lesson_id == Lesson.id) & (_OLD.number == LessonVersion.number - 1))
    .where(LessonVersion.number <= _NOW.number)
)


def _change(row: Line) -> LessonChange:
    parts, old = differences(row.old, row.new), touched(row.old, row.new)
    return LessonChange(row.ref, row.number, row.title, row.created_at, row.current, parts, old)


def lesson_changes(limit: int, offset: int = 0) -> tuple[list[LessonChange], int]:
    """Return changes of pages, the latest first, and how many there are in all. Two statements."""
    latest = _CHANGES.order_by(LessonVersion.created_at.desc(), LessonVersion.id.desc())
    rows = session().execute(latest.limit(limit).offset(offset))
    total = session().scalar(sa.select(sa.func.count()).select_from(_CHANGES.subquery())) or 0
    return [_change(row) for row in rows], total


def lesson_change(ref: str, number: int) -> LessonChange:
    """Return what one version of a page changed; raises ``NotFoundError``."""
    row = session().execute(_CHANGES.where(Lesson.ref == ref, LessonVersion.number == number)).one_or_none()
    if row is None:
        raise NotFoundError(_MISSING)
    return _change(row)


def pages_over_time(refs: Collection[str] | None = None) -> dict[str, Revised]:
    """Return the versions of pages by ref, without their texts: of all pages, or of these. One statement."""
    statement = (
        sa.select(Lesson.ref, Lesson.retired_at, LessonVersion.number, LessonVersion.created_at)
        .select_from(LessonVersion)
        .join(Lesson, Lesson.id == LessonVersion.lesson_id)
        .join(_NOW, _NOW.id == Lesson.current_version_id)
        .where(LessonVersion.number <= _NOW.number)
        .order_by(Lesson.ref, LessonVersion.number)
    )
    if refs is not None:
        statement = statement.where(Lesson.ref.in_(refs))
    found: dict[str, tuple[datetime | None, list[Edition]]] = {}
    for ref, retired_at, number, at in session().execute(statement):
        found.setdefault(ref, (retired_at, []))[1].append(Edition(number, at))
    return {ref: Revised(ref, retired, tuple(made)) for ref, (retired, made) in found.items()}


def section_texts(wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], Mapping[str, str]]:
    """Return what the sections of versions of pages say, by (ref, number) and heading. One statement.

    A section holds what is below it.
    """
    rows = session().execute(
        sa.select(Lesson.ref, LessonVersion.number, LessonVersion.body)
        .join(Lesson, Lesson.id == LessonVersion.lesson_id)
        .where(
            Lesson.ref.in_({ref for ref, _number in wanted}),
            LessonVersion.number.in_({number for _ref, number in wanted}),
        )
    )
    asked = set(wanted)
    return {
        (ref, number): {heading: section.text for heading, section in sections(body).items()}
        for ref, number, body in rows
        if (ref, number) in asked
    }
