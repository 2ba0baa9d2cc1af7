"""Acts of authors: keeping a draft, publishing it, retiring a page and bringing it back."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.lessons.authoring.facts import Content
from cstrain.lessons.authoring.models import LessonDraft
from cstrain.lessons.authoring.queries import MISSING, content_of
from cstrain.lessons.authoring.rules import MOST_ATTACHMENTS, MOST_BODY, faults, is_safe_link, pictures_of
from cstrain.lessons.events import LessonChanged, lesson_changed
from cstrain.lessons.models import Lesson, LessonVersion
from cstrain.lessons.page_source import characters_in, headings_in
from cstrain.lessons.service import digest_of
from cstrain.media.queries import stored_files
from cstrain.ui.prose import stored_digest
from cstrain.unit_of_work import locked

_BEGUN = "刚刚有人也开始写这一课，你写的没有保存。下面列出了不同之处；看过以后再保存一次，就用你的。"


class NewerDraftError(ConflictError):
    """Somebody has kept a newer draft since the page was opened."""


class NotReadyError(DomainError):
    """The page is not ready to be published; ``faults`` says why, one sentence each."""

    def __init__(self, found: list[DomainError]) -> None:
        super().__init__("没有发布：请先改好下面几处。")
        self.faults = found


def begin(actor: PersonId, now: datetime, content: Content) -> str:
    """Begin a new page with its first draft; return its reference."""
    _check(content)
    lesson = Lesson(ref=uuid4().hex)
    session().add(lesson)
    session().flush()
    lesson.ref = f"own-{lesson.id}"
    session().add(_draft(lesson.id, 0, actor, now, content))
    session().flush()
    record(actor, "lesson.begin", f"lesson:{lesson.ref}")
    return lesson.ref


def keep_draft(actor: PersonId, now: datetime, ref: str, content: Content, revision: int) -> None:
    """Keep what was typed as the page's draft; ``revision`` is the draft's that the author saw (0: none).

    Raises ``NewerDraftError`` when somebody has kept another one since, ``NotFoundError`` for an unknown
    page, ``DomainError`` for what no page can hold.
    """
    lesson = _lesson(ref)
    _check(content)
    row = session().scalar(locked(sa.select(LessonDraft).where(LessonDraft.lesson_id == lesson.id)))
    if (row.revision if row else 0) != revision:
        raise NewerDraftError(_BEGUN if revision == 0 else _newer(row))
    if row is None:
        session().add(_draft(lesson.id, _number(lesson), actor, now, content))
    else:
        _write(row, content)
        row.revision, row.based_on, row.saved_by, row.saved_at = revision + 1, _number(lesson), actor, now
    session().flush()
    record(actor, "lesson.draft", f"lesson:{ref}", revision=revision + 1)


def _newer(row: LessonDraft | None) -> str:
    if row is None:
        return "这份草稿刚刚已经发布或丢弃，你写的没有保存。请先看现在的内容，再保存一次。"
    return "刚刚有人保存了更新的草稿，你写的没有保存。下面列出了不同之处；看过以后再保存一次，就用你的。"


def drop_draft(actor: PersonId, ref: str, revision: int) -> None:
    """Throw a draft away; a page that was never published goes with it. Raises ``NewerDraftError``."""
    lesson = _lesson(ref)
    row = _held(lesson, revision)
    session().delete(row)
    session().flush()
    if lesson.current_version_id is None:
        session().delete(lesson)
    record(actor, "lesson.drop_draft", f"lesson:{ref}", revision=revision)


def publish(actor: PersonId, now: datetime, ref: str, revision: int, note: str) -> int:
    """Make the draft the version in force; return its number. ``revision`` is the one the author saw.

    Raises ``NewerDraftError`` when the draft has changed since or was begun on an older version,
    ``NotReadyError`` when the text breaks the rules of pages, ``ConflictError`` when nothing changed.
    """
    lesson = _lesson(ref)
    row = _held(lesson, revision)
    content = content_of(row)
    _check_ready(lesson, row, content)
    headings = headings_in(content.body.splitlines())
    version = LessonVersion(
        lesson_id=lesson.id,
        number=_number(lesson) + 1,
        title=content.title,
        kind=content.kind,
        day=content.day,
        handbook=content.handbook,
        body=content.body,
        headings=[[each.level, each.text] for each in headings],
        characters=characters_in(content.body),
        digest=digest_of(*content.parts),
        created_at=now,
        author_id=actor,
        note=note,
        video=content.video,
        attachments=[list(each) for each in content.attachments],
    )
    session().add(version)
    session().delete(row)
    session().flush()
    lesson.current_version_id, lesson.retired_at, lesson.retired_by = version.id, None, None
    session().flush()
    record(actor, "lesson.publish", f"lesson:{ref}", number=version.number, digest=version.digest)
    lesson_changed.send(LessonChanged(ref, frozenset(each.text for each in headings), now))
    return version.number


def _check_ready(lesson: Lesson, row: LessonDraft, content: Content) -> None:
    number = _number(lesson)
    if row.based_on != number:
        raise NewerDraftError(
            "没有发布：草稿是照第%(old)s版写的，现在已是第%(new)s版。请打开草稿对照，保存一次再发布。",
            old=row.based_on,
            new=number,
        )
    known = stored_files(pictures_of(content.body) | {each.digest for each in content.attachments})
    found = faults(content, known)
    if found:
        raise NotReadyError(found)
    digest = sa.select(LessonVersion.digest).where(LessonVersion.id == lesson.current_version_id)
    if session().scalar(digest) == digest_of(*content.parts):
        raise ConflictError("没有发布：草稿和现在的版本一样。请先修改，或者丢弃草稿。")


def retire(actor: PersonId, now: datetime, ref: str) -> None:
    """Take a page out of the lists; it stays readable by its address. Raises ``ConflictError``."""
    lesson = _lesson(ref)
    if lesson.current_version_id is None or lesson.retired_at is not None:
        raise ConflictError("这一课已经停用，或者还没有发布，不需要停用。")
    lesson.retired_at, lesson.retired_by = now, actor
    session().flush()
    record(actor, "lesson.retire", f"lesson:{ref}")
    lesson_changed.send(LessonChanged(ref, frozenset(), now))


def bring_back(actor: PersonId, now: datetime, ref: str) -> None:
    """Put a retired page into the lists again. Raises ``ConflictError``."""
    lesson = _lesson(ref)
    if lesson.retired_at is None:
        raise ConflictError("这一课正在使用，不需要恢复。")
    lesson.retired_at = lesson.retired_by = None
    session().flush()
    record(actor, "lesson.bring_back", f"lesson:{ref}")
    version = sa.select(LessonVersion.headings).where(LessonVersion.id == lesson.current_version_id)
    headings = session().scalar(version) or []
    lesson_changed.send(LessonChanged(ref, frozenset(text for _level, text in headings), now))


def _lesson(ref: str) -> Lesson:
    """Return a page, locked: who acts on it queues up."""
    found = session().scalar(locked(sa.select(Lesson).where(Lesson.ref == ref)))
    if found is None:
        raise NotFoundError(MISSING)
    return found


def _held(lesson: Lesson, revision: int) -> LessonDraft:
    row = session().scalar(locked(sa.select(LessonDraft).where(LessonDraft.lesson_id == lesson.id)))
    if row is None:
        raise NewerDraftError("没有草稿：它刚刚已经发布或丢弃。")
    if row.revision != revision:
        raise NewerDraftError("草稿刚刚又保存过，和你看到的不同。请看过新的草稿再操作。")
    return row


def _number(lesson: Lesson) -> int:
    """Return the number of the version in force, 0 for a page never published."""
    number = sa.select(LessonVersion.number).where(LessonVersion.id == lesson.current_version_id)
    return session().scalar(number) or 0


def _draft(lesson_id: int, based_on: int, actor: PersonId, now: datetime, content: Content) -> LessonDraft:
    row = LessonDraft(lesson_id=lesson_id, revision=1, based_on=based_on, saved_by=actor, saved_at=now)
    _write(row, content)
    return row


def _write(row: LessonDraft, content: Content) -> None:
    row.title, row.kind, row.day, row.handbook = content.title, content.kind, content.day, content.handbook
    row.body, row.video = content.body, content.video
    row.attachments = [list(each) for each in content.attachments]


def _check(content: Content) -> None:
    """Refuse what no page can hold, however the form was sent."""
    if len(content.body) > MOST_BODY:
        raise DomainError("正文太长：最多%(n)s个字，请分成几课。", n=MOST_BODY)
    if len(content.attachments) > MOST_ATTACHMENTS:
        raise DomainError("附件太多：一课最多%(n)s个，请去掉一些。", n=MOST_ATTACHMENTS)
    if content.video and not stored_digest(content.video) and not is_safe_link(content.video):
        raise DomainError("视频链接要以https://开头，请从视频网站复制完整的地址。")
