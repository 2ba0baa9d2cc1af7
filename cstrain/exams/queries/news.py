"""How attempts stand, in one mark each: read by pages that wait for a change."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from cstrain.exams.models import Attempt
from cstrain.exams.news import mark_of
from cstrain.exams.store import MISSING
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId

_MARKED = sa.select(
    Attempt.id,
    Attempt.lease_epoch,
    Attempt.deadline,
    Attempt.paused_at,
    Attempt.submitted_at,
    Attempt.voided_at,
)
_ONE = _MARKED.where(
    Attempt.id == sa.bindparam("attempt_id", type_=sa.Integer()),
    Attempt.person_id == sa.bindparam("person_id", type_=sa.Integer()),
)
_SEVERAL = _MARKED.where(Attempt.id.in_(sa.bindparam("ids", expanding=True, type_=sa.Integer())))


def news_mark(person: PersonId, attempt_id: int) -> tuple[str, int]:
    """Return the mark of one's own attempt, and its lease."""
    asked = {"attempt_id": attempt_id, "person_id": person}
    row = session().connection().execute(_ONE, asked).one_or_none()
    if row is None:
        raise NotFoundError(MISSING)
    return mark_of(row), row.lease_epoch


def news_marks(attempt_ids: Collection[int]) -> dict[int, str]:
    """Return the marks of several attempts; one that is missing is left out."""
    rows = session().connection().execute(_SEVERAL, {"ids": list(attempt_ids)})
    return {row.id: mark_of(row) for row in rows}
