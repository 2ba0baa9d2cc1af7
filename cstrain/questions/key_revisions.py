"""Corrected keys: which revision of a version's key counts, and the one way to add one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import columns, session
from cstrain.kernel.errors import ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.questions.facts import KeyRevised, NewKey
from cstrain.questions.models import KeyRevision

_NEWEST = sa.select(sa.func.max(KeyRevision.id))


def newest_revision() -> int | None:
    """Return the id of the last revision of any key; ``None`` while no key was ever revised."""
    return columns(_NEWEST, {}).scalar_one()


def counting(until: int | sa.BindParameter[Any] | None = None) -> sa.Subquery:
    """Return a subquery of the revision that counts of each revised version, up to ``until`` if given."""
    newest = sa.select(sa.func.max(KeyRevision.id)).group_by(KeyRevision.version_id)
    if until is not None:
        newest = newest.where(KeyRevision.id <= until)
    return (
        sa.select(KeyRevision.version_id, KeyRevision.kind, KeyRevision.key, KeyRevision.explanation)
        .where(KeyRevision.id.in_(newest))
        .subquery()
    )


def revisions_of(version_ids: Collection[int]) -> list[KeyRevised]:
    """Return all revisions of these versions' keys, in the order in which they came into force."""
    rows = session().scalars(
        sa.select(KeyRevision).where(KeyRevision.version_id.in_(version_ids)).order_by(KeyRevision.id)
    )
    return [
        KeyRevised(
            row.id,
            row.version_id,
            row.kind,
            row.key,
            row.explanation,
            row.reason,
            PersonId(row.proposed_by),
            row.proposed_at,
            PersonId(row.confirmed_by),
            row.confirmed_at,
        )
        for row in rows
    ]


def revise_key(
    actor: PersonId, now: datetime, new: NewKey, proposed_by: PersonId, proposed_at: datetime
) -> int:
    """Put another key into force for a version that was used; returns the revision's id.

    The version and its first key stay as they are. Whoever proposed it cannot confirm it. What was marked
    before is marked again by grading, which calls this.
    """
    if actor == proposed_by:
        raise ForbiddenError("这次更正是你提出的，还没有生效。请由另一个人确认。")
    row = KeyRevision(
        version_id=new.version_id,
        kind=new.kind,
        key=dict(new.key),
        explanation=new.explanation,
        reason=new.reason,
        proposed_by=proposed_by,
        proposed_at=proposed_at,
        confirmed_by=actor,
        confirmed_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "key.revise", f"question_version:{new.version_id}", revision=row.id, kind=new.kind)
    return row.id
