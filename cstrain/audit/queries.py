"""Reading and verifying the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from cstrain.audit.chain import GENESIS, Checkpoint, Entry, faults
from cstrain.audit.models import AuditEntry
from cstrain.extensions import session

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``verify`` found: how many entries, the head, and the faults (empty: the chain is whole)."""

    entries: int
    head: Checkpoint
    faults: tuple[str, ...]


def _facts(row: AuditEntry) -> Entry:
    return Entry(
        row.seq, row.at, row.actor_id, row.action, row.subject, row.detail, row.prev_hash, row.entry_hash
    )


def all_entries() -> Iterator[Entry]:
    """Yield every entry in order, in batches, without keeping rows in the session."""
    statement = sa.select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=_BATCH)
    for row in session().scalars(statement):
        yield _facts(row)
        session().expunge(row)


def head() -> Checkpoint:
    """Return the newest entry's number and hash (number 0 for an empty log)."""
    row = (
        session()
        .execute(sa.select(AuditEntry.seq, AuditEntry.entry_hash).order_by(AuditEntry.seq.desc()).limit(1))
        .one_or_none()
    )
    return Checkpoint(row.seq, row.entry_hash) if row else Checkpoint(0, GENESIS)


def verify(checkpoint: Checkpoint | None = None) -> Verification:
    """Verify the whole chain, against a checkpoint kept elsewhere if one is given."""
    found = faults(all_entries(), checkpoint)
    last = head()
    return Verification(last.seq, last, tuple(found))


def latest(
    subject: str | None, action: str | None, before: int | None, limit: int, *, actor_id: int | None = None
) -> list[Entry]:
    """Return up to ``limit`` entries, newest first, older than ``before``.

    ``subject`` is exact (``person:7``), ``action`` the beginning of one (``people.``), ``actor_id`` who
    did it.
    """
    statement = sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit)
    if subject:
        statement = statement.where(AuditEntry.subject == subject)
    if action:
        statement = statement.where(AuditEntry.action.startswith(action, autoescape=True))
    if before is not None:
        statement = statement.where(AuditEntry.seq < before)
    if actor_id is not None:
        statement = statement.where(AuditEntry.actor_id == actor_id)
    return [_facts(row) for row in session().scalars(statement)]


def actions() -> list[str]:
    """Return every kind of act on the log, for a filter."""
    return sorted(session().scalars(sa.select(AuditEntry.action).distinct()))
