"""Rows of monthly reviews, and the chapter; used by this room's services and queries only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.performance.reviews.models import ReviewCycle, ReviewEvent, ReviewSubject
from cstrain.performance.reviews.policy import CHAPTER, ReviewRules
from cstrain.policies.loader import load
from cstrain.unit_of_work import flush_unique, locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
_TWICE = "这一步已经有人办过。请刷新后再看。"


def chapter() -> ReviewRules:
    """Return the chapter in force."""
    return load(ReviewRules, CHAPTER)


def cycle_row(cycle_id: int, *, lock: bool = False) -> ReviewCycle:
    """Return a cycle's row, locked if asked; raises ``NotFoundError``."""
    statement = sa.select(ReviewCycle).where(ReviewCycle.id == cycle_id)
    found = session().scalar(locked(statement) if lock else statement)
    if found is None:
        raise NotFoundError(MISSING)
    return found


def subject_row(subject_id: int) -> ReviewSubject:
    """Return a reviewed person's row; raises ``NotFoundError``."""
    found = session().get(ReviewSubject, subject_id)
    if found is None:
        raise NotFoundError(MISSING)
    return found


def add_event(
    cycle_id: int, kind: str, by: PersonId, now: datetime, detail: Mapping[str, Any], once: str | None = None
) -> None:
    """Note what happened to a cycle; what may happen ``once`` is refused the second time."""
    session().add(ReviewEvent(cycle_id=cycle_id, kind=kind, once=once, by_id=by, at=now, detail=dict(detail)))
    flush_unique(_TWICE)
