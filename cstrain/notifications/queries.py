"""Reading notices and the mail that waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import columns, session
from cstrain.kernel.ids import PersonId
from cstrain.notifications.models import MailOutbox, Notice

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A notice as it is shown: a message id with its values, where it leads, when it was read."""

    id: int
    kind: str
    message: str
    values: Mapping[str, Any]
    url: str
    created_at: datetime
    read_at: datetime | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class NoticePage:
    """One page of a person's notices."""

    notices: tuple[NoticeFacts, ...]
    total: int
    unread: int
    page: int
    pages: int


def _facts(row: Notice) -> NoticeFacts:
    return NoticeFacts(
        row.id, row.kind, row.message, row.values, row.url, row.created_at, row.read_at, row.due_on
    )


_UNREAD = sa.select(sa.func.count(Notice.id)).where(
    Notice.person_id == sa.bindparam("person", type_=sa.Integer()), Notice.read_at.is_(None)
)


def unread(person: PersonId) -> int:
    """Return how many notices a person has not read."""
    return columns(_UNREAD, {"person": person}).scalar() or 0


def notices(person: PersonId, page: int = 1, size: int = PAGE_SIZE) -> NoticePage:
    """Return a page of a person's notices, newest first."""
    total = session().scalar(sa.select(sa.func.count(Notice.id)).where(Notice.person_id == person)) or 0
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    statement = (
        sa.select(Notice)
        .where(Notice.person_id == person)
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    rows = tuple(_facts(row) for row in session().scalars(statement))
    return NoticePage(rows, total, unread(person), page, pages)


def latest_unread(person: PersonId, limit: int = 5) -> list[NoticeFacts]:
    """Return the newest unread notices, for a home page."""
    statement = (
        sa.select(Notice)
        .where(Notice.person_id == person, Notice.read_at.is_(None))
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(limit)
    )
    return [_facts(row) for row in session().scalars(statement)]


def waiting_mail(limit: int, most_tries: int) -> list[int]:
    """Return ids of mail to send, oldest first; mail that failed ``most_tries`` times is left."""
    statement = (
        sa.select(MailOutbox.id)
        .where(MailOutbox.sent_at.is_(None), MailOutbox.tries < most_tries)
        .order_by(MailOutbox.id)
        .limit(limit)
    )
    return list(session().scalars(statement))
