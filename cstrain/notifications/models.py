"""Notices to people, and mail that waits to be sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cstrain.extensions import Row


class Notice(Row):
    """A notice in a person's inbox: a message key, its values, where it leads. ``key`` makes it sent once.

    ``bundle`` names what it may be put together with while unread; ``count`` is how many it stands for.
    """

    __tablename__ = "notice"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    message: Mapped[str]
    values: Mapped[dict[str, Any]]
    url: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    bundle: Mapped[str | None]
    count: Mapped[int]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    due_on: Mapped[date | None]


class MailOutbox(Row):
    """A mail to be sent after its transaction; tried again until sent."""

    __tablename__ = "mail_outbox"

    to_person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int]
    last_error: Mapped[str | None]
