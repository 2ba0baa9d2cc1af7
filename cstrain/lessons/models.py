"""Lessons, their versions, and who confirmed having read which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class Lesson(Row):
    """A page over all its versions. A retired page is listed no more and stays readable by its address.

    One that was begun in the browser and never published has no version; ``retired_by`` is ``None`` where the
    product took a page back.
    """

    __tablename__ = "lesson"

    ref: Mapped[str] = mapped_column(unique=True)
    current_version_id: Mapped[int | None]
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class LessonVersion(Row):
    """One wording of a page. ``headings`` is a list of ``[level, text]`` in the order of the body.

    ``author_id`` is ``None`` for what the product ships; ``note`` says what an author changed. ``video`` is
    the address of a stored file or one outside; ``attachments`` is a list of ``[digest, name, bytes]``.
    """

    __tablename__ = "lesson_version"
    __table_args__ = (
        sa.UniqueConstraint("lesson_id", "number"),
        sa.CheckConstraint("kind IN ('daily', 'handbook')", name="kind"),
    )

    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id"))
    number: Mapped[int]
    title: Mapped[str]
    kind: Mapped[str]
    day: Mapped[int | None]
    handbook: Mapped[str | None]
    body: Mapped[str]
    headings: Mapped[list[Any]]
    characters: Mapped[int]
    digest: Mapped[str]
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str | None]
    video: Mapped[str | None]
    attachments: Mapped[list[Any] | None]


class LessonRead(Row):
    """A person's reading of one version: when first opened, when confirmed as read."""

    __tablename__ = "lesson_read"
    __table_args__ = (sa.UniqueConstraint("person_id", "lesson_version_id"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    lesson_version_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson_version.id"), index=True)
    opened_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class ProductText(Row):
    """What the product ships now for a page that the company made its own: kept beside, never in force."""

    __tablename__ = "lesson_product_text"

    lesson_id: Mapped[int] = mapped_column(sa.ForeignKey("lesson.id"), unique=True)
    title: Mapped[str]
    body: Mapped[str]
    digest: Mapped[str]
    came_at: Mapped[datetime]
