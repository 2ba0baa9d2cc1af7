"""Drafts of lessons: one a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class LessonDraft(Row):
    """What authors are writing for a page. ``revision`` counts its savings: it tells who saw the latest."""

    __tablename__ = "lesson_draft"

    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id"), unique=True)
    title: Mapped[str]
    kind: Mapped[str]
    day: Mapped[int | None]
    handbook: Mapped[str | None]
    body: Mapped[str]
    video: Mapped[str | None]
    attachments: Mapped[list[Any]]
    revision: Mapped[int]
    based_on: Mapped[int]
    saved_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[datetime]
