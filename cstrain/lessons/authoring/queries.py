"""Reading what authors have on their desk: pages, drafts, versions."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.extensions import Line, session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.lessons.authoring.facts import (
    Content,
    DeskLine,
    DraftFacts,
    ProductNews,
    State,
    VersionFacts,
    Work,
)
from cstrain.lessons.authoring.models import LessonDraft
from cstrain.lessons.facts import Attachment
from cstrain.lessons.models import Lesson, LessonVersion, ProductText

MISSING = "没有找到这一课。它可能已经换了地址，请从“写课文”里重新打开。"


def desk() -> list[DeskLine]:
    """Return every page and every first draft, those changed last at the top. One statement."""
    rows = session().execute(
        sa.select(Lesson, LessonVersion, LessonDraft)
        .outerjoin(LessonVersion, LessonVersion.id == Lesson.current_version_id)
        .outerjoin(LessonDraft, LessonDraft.lesson_id == Lesson.id)
        .options(sa.orm.defer(LessonVersion.body), sa.orm.defer(LessonDraft.body))
        .where(sa.or_(LessonVersion.id.is_not(None), LessonDraft.id.is_not(None)))
    )
    lines = [_line(*row) for row in rows]
    return sorted(lines, key=lambda line: (line.at, line.ref), reverse=True)


def _line(lesson: Lesson, version: LessonVersion | None, draft: LessonDraft | None) -> DeskLine:
    shown = version or draft
    if shown is None:
        raise RuntimeError("a page without version and draft is not on the desk")
    times = [*([version.created_at] if version else []), *([draft.saved_at] if draft else [])]
    return DeskLine(
        lesson.ref,
        draft.title if draft else shown.title,
        shown.kind,
        shown.day,
        shown.handbook,
        version.number if version else 0,
        version is None or version.author_id is not None,
        _state(lesson, version, draft),
        max(times),
    )


def _state(lesson: Lesson, version: LessonVersion | None, draft: LessonDraft | None) -> State:
    if version is None:
        return State.NEW
    if lesson.retired_at is not None:
        return State.RETIRED
    return State.CHANGING if draft is not None else State.IN_FORCE


def work(ref: str) -> Work:
    """Return a page on the desk with its versions and its draft; raises ``NotFoundError``."""
    lesson = session().scalar(sa.select(Lesson).where(Lesson.ref == ref))
    draft = draft_of(lesson.id) if lesson else None
    if lesson is None or (draft is None and lesson.current_version_id is None):
        raise NotFoundError(MISSING)
    versions = tuple(_versions(lesson))
    current = next((each for each in versions if each.is_current), None)
    return Work(
        ref,
        draft.content.title if draft else versions[0].title,
        current.number if current else 0,
        current is None or current.author is not None,
        lesson.retired_at,
        versions,
        draft,
        _product_news(lesson.id),
    )


def draft_of(lesson_id: int) -> DraftFacts | None:
    """Return the draft of a page, if there is one."""
    row = session().scalar(sa.select(LessonDraft).where(LessonDraft.lesson_id == lesson_id))
    if row is None:
        return None
    return DraftFacts(content_of(row), row.revision, row.based_on, PersonId(row.saved_by), row.saved_at)


def content_of(row: LessonDraft | LessonVersion) -> Content:
    """Return what a draft or a version holds."""
    beside = tuple(Attachment(*each) for each in row.attachments or ())
    return Content(row.title, row.kind, row.day, row.handbook, row.body, row.video, beside)


_VERSION = (
    LessonVersion.id,
    LessonVersion.number,
    LessonVersion.title,
    LessonVersion.author_id,
    LessonVersion.note,
    LessonVersion.characters,
    LessonVersion.created_at,
)


def _versions(lesson: Lesson) -> list[VersionFacts]:
    rows = session().execute(
        sa.select(*_VERSION).where(LessonVersion.lesson_id == lesson.id).order_by(LessonVersion.number.desc())
    )
    return [_version(row, row.id == lesson.current_version_id) for row in rows]


def _version(row: Line, is_current: bool) -> VersionFacts:
    author = PersonId(row.author_id) if row.author_id else None
    return VersionFacts(row.number, row.title, author, row.note, row.characters, row.created_at, is_current)


def version(ref: str, number: int) -> tuple[Content, datetime]:
    """Return one version of a page and when it came; raises ``NotFoundError``."""
    row = session().scalar(
        sa.select(LessonVersion)
        .join(Lesson, Lesson.id == LessonVersion.lesson_id)
        .where(Lesson.ref == ref, LessonVersion.number == number)
    )
    if row is None:
        raise NotFoundError("没有找到这一版。请从版本列表里重新打开。")
    return content_of(row), row.created_at


def editable(found: Work) -> Content:
    """Return what an author goes on with: the draft, else the version in force."""
    return found.draft.content if found.draft else version(found.ref, found.current)[0]


def _product_news(lesson_id: int) -> ProductNews | None:
    row = session().scalar(sa.select(ProductText).where(ProductText.lesson_id == lesson_id))
    return ProductNews(row.title, row.body, row.came_at) if row else None


def handbook_names() -> list[str]:
    """Return the names of the handbooks that pages in force belong to, in their order."""
    rows = session().scalars(
        sa.select(LessonVersion.handbook)
        .join(Lesson, Lesson.current_version_id == LessonVersion.id)
        .where(LessonVersion.handbook.is_not(None), Lesson.retired_at.is_(None))
        .distinct()
    )
    return sorted(name for name in rows if name)
