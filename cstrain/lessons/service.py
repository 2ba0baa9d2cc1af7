"""Acts on lessons: bringing the shipped pages in, recording what somebody has read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.lessons.events import LessonChanged, lesson_changed
from cstrain.lessons.models import Lesson, LessonRead, LessonVersion, ProductText
from cstrain.lessons.page_source import Page, read_pages
from cstrain.policies.yaml_source import SourceError
from cstrain.unit_of_work import locked

SHIPPED = Path(__file__).parent / "shipped"


def load_shipped(now: datetime, folder: Path = SHIPPED) -> int:
    """Bring the pages of ``folder`` in; return how many are new, changed or retired.

    A page that changed gets another version; one that is gone is retired. Running it again does nothing.
    Pages that the company wrote, edited or retired itself stay as they are: what the product says now is kept
    beside them, with an audit entry when it changed. Raises ``SourceError`` with file and line when a page
    cannot be used; then nothing is written.
    """
    shelf = read_pages(folder, prefix="lessons/")
    if shelf.faults:
        raise SourceError(shelf.faults)
    lessons = {row.ref: row for row in session().scalars(sa.select(Lesson))}
    versions = _current_versions()
    own = {ref for ref, row in lessons.items() if _is_own(row, versions)}
    changed = [_store(page, lessons, versions, now) for page in shelf.pages if page.id not in own]
    gone = set(lessons) - {page.id for page in shelf.pages} - own
    retired = [_retire(lessons[ref], now) for ref in sorted(gone)]
    _keep_beside([page for page in shelf.pages if page.id in own], lessons, now)
    session().flush()
    return sum(changed) + sum(retired)


def _current_versions() -> dict[int, LessonVersion]:
    rows = session().scalars(
        sa.select(LessonVersion).join(Lesson, Lesson.current_version_id == LessonVersion.id)
    )
    return {row.lesson_id: row for row in rows}


def _is_own(lesson: Lesson, versions: Mapping[int, LessonVersion]) -> bool:
    """Tell whether the company decides about a page: it wrote what is in force, retired it, or began it."""
    current = versions.get(lesson.id)
    return current is None or current.author_id is not None or lesson.retired_by is not None


def _keep_beside(pages: list[Page], lessons: Mapping[str, Lesson], now: datetime) -> None:
    """Keep what the product says now of pages that are the company's own, where it says something new."""
    mine = {lessons[page.id].id for page in pages}
    shipped = sa.select(LessonVersion.lesson_id, LessonVersion.digest).where(
        LessonVersion.author_id.is_(None), LessonVersion.lesson_id.in_(mine)
    )
    known = {row.lesson_id: row.digest for row in session().execute(shipped.order_by(LessonVersion.number))}
    held = {row.lesson_id: row for row in session().scalars(sa.select(ProductText))}
    for page in pages:
        lesson_id, digest = lessons[page.id].id, _digest(page)
        row = held.get(lesson_id)
        if digest == (row.digest if row else known.get(lesson_id)):
            continue
        row = row or ProductText(lesson_id=lesson_id)
        row.title, row.body, row.digest, row.came_at = page.title, page.body, digest, now
        session().add(row)
        record(None, "lesson.product_changed", f"lesson:{page.id}", digest=digest)


def _digest(page: Page) -> str:
    """Return SHA-256 (hex) of what a reader sees of a page and where it is listed."""
    return digest_of(page.title, page.kind, page.day, page.handbook, page.body)


def digest_of(*parts: object) -> str:
    """Return SHA-256 (hex) of the parts of a page."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _store(
    page: Page, lessons: Mapping[str, Lesson], versions: Mapping[int, LessonVersion], now: datetime
) -> bool:
    """Add a version of the page if it differs from the present one; tell whether anything was written."""
    digest = _digest(page)
    lesson = lessons.get(page.id) or Lesson(ref=page.id)
    held = versions.get(lesson.id)
    if held is not None and held.digest == digest and lesson.retired_at is None:
        return False
    lesson.retired_at = None
    if held is None or held.digest != digest:
        session().add(lesson)
        session().flush()
        held = _version(page, lesson.id, held.number + 1 if held else 1, digest, now)
        session().add(held)
        session().flush()
        lesson.current_version_id = held.id
    record(None, "lesson.load", f"lesson:{page.id}", number=held.number, digest=digest)
    lesson_changed.send(LessonChanged(page.id, frozenset(each.text for each in page.headings), now))
    return True


def _version(page: Page, lesson_id: int, number: int, digest: str, now: datetime) -> LessonVersion:
    return LessonVersion(
        lesson_id=lesson_id,
        number=number,
        title=page.title,
        kind=page.kind,
        day=page.day,
        handbook=page.handbook,
        body=page.body,
        headings=[[each.level, each.text] for each in page.headings],
        characters=page.characters,
        digest=digest,
        created_at=now,
    )


def _retire(lesson: Lesson, now: datetime) -> bool:
    if lesson.retired_at is not None:
        return False
    lesson.retired_at = now
    record(None, "lesson.retire", f"lesson:{lesson.ref}")
    lesson_changed.send(LessonChanged(lesson.ref, frozenset(), now))
    return True


def _reading(person: PersonId, ref: str, now: datetime) -> LessonRead:
    """Return a person's reading of a page's present version, begun now if there is none."""
    version_id = session().scalar(sa.select(Lesson.current_version_id).where(Lesson.ref == ref))
    if version_id is None:
        raise NotFoundError("没有找到这一课。它可能已经换了地址，请从“资料”里重新打开。")
    mine = sa.select(LessonRead).where(
        LessonRead.person_id == person, LessonRead.lesson_version_id == version_id
    )
    return session().scalar(locked(mine)) or _begun(person, version_id, now) or session().scalars(mine).one()


def _begun(person: PersonId, version_id: int, now: datetime) -> LessonRead | None:
    """Begin a reading; ``None`` when another tab has just done so."""
    row = LessonRead(person_id=person, lesson_version_id=version_id, opened_at=now)
    try:
        with session().begin_nested():
            session().add(row)
    except IntegrityError:
        return None
    return row


def open_lesson(person: PersonId, ref: str, now: datetime) -> None:
    """Record the first opening of a page's present version; raises ``NotFoundError`` for an unknown page."""
    _reading(person, ref, now)


def confirm_read(person: PersonId, ref: str, now: datetime) -> None:
    """Record that a person has read a page's present version; a second time changes nothing.

    Raises ``NotFoundError`` for an unknown page.
    """
    row = _reading(person, ref, now)
    if row.confirmed_at is None:
        row.confirmed_at = now
        session().flush()
        record(person, "lesson.read", f"lesson:{ref}", version=row.lesson_version_id)
