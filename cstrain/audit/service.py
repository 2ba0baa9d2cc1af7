"""Recording acts: collected during the unit of work, chained and written last before its commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cstrain import unit_of_work
from cstrain.audit.chain import GENESIS, canonical, entry_hash
from cstrain.audit.models import AuditEntry
from cstrain.extensions import now, session
from cstrain.kernel.ids import PersonId

_PENDING = "cstrain_audit"
_ADVISORY_LOCK = 7_201_845


_entry = cast(sa.Table, AuditEntry.__table__)
_HEAD = sa.select(AuditEntry.seq, AuditEntry.entry_hash).order_by(AuditEntry.seq.desc()).limit(1)
_CHAINED = sa.insert(_entry)


@dataclass(frozen=True, slots=True)
class _Act:
    actor: PersonId | None
    action: str
    subject: str
    detail: str


def record(actor: PersonId | None, action: str, subject: str, **detail: Any) -> None:
    """Note that ``actor`` (``None``: the system) did ``action`` to ``subject`` (``kind:id``).

    ``detail`` holds ids, codes and numbers, never names, contact data, answers or keys.
    Written with the unit of work: if that is rolled back, nothing was done and nothing is recorded.
    """
    session().info.setdefault(_PENDING, []).append(_Act(actor, action, subject, canonical(detail)))


def write_pending(current: Session) -> None:
    """Chain and insert what was recorded in this unit of work (a before-commit hook)."""
    acts: list[_Act] = current.info.pop(_PENDING, [])
    if not acts:
        return
    if current.get_bind().dialect.name == "postgresql":
        current.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    head = current.execute(_HEAD).one_or_none()
    seq, previous = (head.seq, head.entry_hash) if head else (0, GENESIS)
    at, rows = now(), []
    for act in acts:
        seq += 1
        digest = entry_hash(seq, at, act.actor, act.action, act.subject, act.detail, previous)
        rows.append(
            {
                "seq": seq,
                "at": at,
                "actor_id": act.actor,
                "action": act.action,
                "subject": act.subject,
                "detail": act.detail,
                "prev_hash": previous,
                "entry_hash": digest,
            }
        )
        previous = digest
    current.connection().execute(_CHAINED, rows)


def _forget(current: Session) -> None:
    current.info.pop(_PENDING, None)


unit_of_work.before_commit_hooks.append(write_pending)
sa.event.listen(Session, "after_rollback", _forget)
