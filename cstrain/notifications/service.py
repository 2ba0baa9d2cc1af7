"""Telling people: a notice in the same transaction as what it tells of; mail waits in the outbox."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import cast

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale

from cstrain.audit.service import record
from cstrain.config import Settings
from cstrain.extensions import insert_into, session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.kernel.registry import Registry
from cstrain.notifications.facts import Address, AddressBook, Bundle, Reminder, RunReport
from cstrain.notifications.models import MailOutbox, Notice
from cstrain.notifications.wording import plain, says
from cstrain.unit_of_work import locked, unit_of_work

reminders: Registry[Reminder] = Registry("reminder")
"""Packages register functions ``(now) -> list[Due]`` here, in their ``jobs.py``."""

_notice = cast(sa.Table, Notice.__table__)
_ADDRESSES = "cstrain.address_book"
_SUBJECT_LENGTH = 60


def reminder(name: str) -> Callable[[Reminder], Reminder]:
    """Return a decorator that registers a reminder under its name, e.g. ``onboarding.sign_offs``."""
    return reminders.register(name)


def use_address_book(book: AddressBook) -> None:
    """Wire the port that knows names, addresses and languages (within an application context)."""
    current_app.extensions[_ADDRESSES] = book


def address_of(person: PersonId) -> Address | None:
    """Return a person's address by the wired port; ``None`` without one."""
    book = cast("AddressBook | None", current_app.extensions.get(_ADDRESSES))
    return book(person) if book is not None else None


def settings() -> Settings:
    """Return the application's settings."""
    return cast(Settings, current_app.extensions["cstrain.settings"])


def notify(
    person: PersonId,
    message: str,
    *,
    now: datetime,
    values: Mapping[str, object] | None = None,
    url: str = "",
    key: str | None = None,
    kind: str = "note",
    due_on: date | None = None,
    bundle: Bundle | None = None,
) -> bool:
    """Put a notice into a person's inbox; with a ``key`` only once. Tells whether it was new.

    Two units that tell the same key at once keep one of the two, and neither is refused. With a ``bundle`` it
    joins an unread notice of the same bundle, which then counts; such a notice has no key. Where mail is
    configured and the person has an address, the notice is queued as mail as well (of a bundle the first, or
    each). ``url`` is a path of this site. Days in ``values`` are said in the reader's words.
    """
    _check_ways(url, key, bundle)
    if key is not None and session().scalar(sa.select(Notice.id).where(Notice.key == key)) is not None:
        return False
    kept = {name: plain(value) for name, value in (values or {}).items()}
    if bundle is not None and _joined(person, bundle, kept, now):
        if bundle.mail_each:
            _mail_notice(person, message, kept, url, now)
        return True
    row = {"person_id": person, "kind": kind, "message": message, "values": kept, "url": url, "key": key}
    row |= {"bundle": bundle.name if bundle is not None else None, "count": 1}
    if not _kept_once(row | {"created_at": now, "due_on": due_on}):
        return False
    _mail_notice(person, message, kept, url, now)
    return True


def _kept_once(row: Mapping[str, object]) -> bool:
    """Insert a notice unless another unit has just kept one of its key; tell whether it was kept.

    Somebody who acts at the same moment as a reminder runs has done nothing wrong: nothing is refused.
    """
    session().flush()
    new = insert_into(_notice).values(row).on_conflict_do_nothing(index_elements=["key"])
    return session().scalar(new.returning(_notice.c.id)) is not None


def _check_ways(url: str, key: str | None, bundle: Bundle | None) -> None:
    if bundle is not None and key is not None:
        raise ValueError("a notice with a key is sent once: it cannot be counted in a bundle")
    for way in (url, bundle.url if bundle is not None else ""):
        if way and (not way.startswith("/") or way.startswith("//")):
            raise ValueError(f"a notice leads to a path of this site, not to {way!r}")


def _joined(person: PersonId, bundle: Bundle, values: Mapping[str, object], now: datetime) -> bool:
    """Count a notice in the person's unread one of the bundle; tell whether there was one."""
    unread = (
        sa.select(Notice)
        .where(Notice.person_id == person, Notice.bundle == bundle.name, Notice.read_at.is_(None))
        .order_by(Notice.id.desc())
        .limit(1)
    )
    row = session().scalar(locked(unread))
    if row is None:
        return False
    row.count += 1
    row.message, row.url, row.created_at = bundle.message, bundle.url, now
    row.values = {**values, "n": row.count}
    session().flush()
    return True


def settle(keys: Collection[str], now: datetime) -> None:
    """Mark as read the notices with these keys: what they ask for has been done."""
    session().execute(
        sa.update(Notice).where(Notice.key.in_(keys), Notice.read_at.is_(None)).values(read_at=now)
    )


def _mail_notice(
    person: PersonId, message: str, values: Mapping[str, object], url: str, now: datetime
) -> None:
    address = address_of(person) if settings().mail_url else None
    if address is None or not address.email:
        return
    with force_locale(address.locale):
        text = says(message, values)
    link = f"\n\n{settings().public_url}{url}" if url and settings().public_url else ""
    queue_mail(person, text[:_SUBJECT_LENGTH], text + link, now)


def queue_mail(person: PersonId, subject: str, body: str, now: datetime) -> None:
    """Put a mail into the outbox; it is sent after the transaction, and tried again until it is."""
    session().add(
        MailOutbox(to_person_id=person, subject=" ".join(subject.split()), body=body, created_at=now, tries=0)
    )
    session().flush()


def mark_read(person: PersonId, notice_id: int, now: datetime) -> str:
    """Mark one's own notice as read and return where it leads; others' and missing ones are not found."""
    notice = session().get(Notice, notice_id)
    if notice is None or notice.person_id != person:
        raise NotFoundError("没有找到这条通知。")
    if notice.read_at is None:
        notice.read_at = now
        session().flush()
    record(person, "notifications.read", f"notice:{notice_id}")
    return notice.url


def mark_all_read(person: PersonId, now: datetime) -> int:
    """Mark all of one's notices as read; return how many were not."""
    rows = (
        session().scalars(sa.select(Notice).where(Notice.person_id == person, Notice.read_at.is_(None))).all()
    )
    for notice in rows:
        notice.read_at = now
    session().flush()
    record(person, "notifications.read_all", f"person:{person}", count=len(rows))
    return len(rows)


def run_reminders(now: datetime) -> RunReport:
    """Ask every registered reminder what is due and tell it, each in its own unit of work.

    Run from a job once an hour or so; keys make repeats harmless. One reminder's error does not stop the
    others.
    """
    sent = 0
    failed: list[tuple[str, str]] = []
    for name in reminders.names():
        try:
            sent += _run_one(name, now)
        except Exception as error:
            current_app.logger.exception("reminder %s failed", name)
            failed.append((name, type(error).__name__))
    return RunReport(sent, tuple(failed))


def _run_one(name: str, now: datetime) -> int:
    sent = 0
    with unit_of_work():
        for due in reminders.get(name)(now):
            sent += notify(
                due.person,
                due.message,
                now=now,
                values=due.values,
                url=due.url,
                key=due.key,
                kind=due.kind,
                due_on=due.due_on,
            )
        if sent:
            record(None, "notifications.remind", f"reminder:{name}", count=sent)
    return sent
