"""Rows of Eaglet plans, and the chapter; used by this room's services and queries only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from cstrain.extensions import Row, session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.policies.loader import load
from cstrain.promotion.eaglet.models import EagletApplication, EagletDraft, EagletEvent, EagletPlan
from cstrain.promotion.eaglet.policy import CHAPTER, EagletRules
from cstrain.unit_of_work import flush_unique, locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
_TWICE = "这一步已经有人办过。请刷新后再看。"

R = TypeVar("R", bound=Row)


def chapter() -> EagletRules:
    """Return the chapter in force."""
    return load(EagletRules, CHAPTER)


def plan_row(plan_id: int, *, lock: bool = False) -> EagletPlan:
    """Return a plan's row, locked if asked; raises ``NotFoundError``."""
    statement = sa.select(EagletPlan).where(EagletPlan.id == plan_id)
    found = session().scalar(locked(statement) if lock else statement)
    if found is None:
        raise NotFoundError(MISSING)
    return found


def row(table: type[R], row_id: int) -> R:
    """Return a row of one of this room's tables; raises ``NotFoundError``."""
    found = session().get(table, row_id)
    if found is None:
        raise NotFoundError(MISSING)
    return found


def add_event(
    plan_id: int,
    kind: str,
    by: PersonId,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
    *,
    application: EagletApplication | None = None,
    about: PersonId | None = None,
    once: str | None = None,
) -> None:
    """Note what happened; what may happen ``once`` is refused the second time."""
    session().add(
        EagletEvent(
            plan_id=plan_id,
            application_id=application.id if application is not None else None,
            about_id=about,
            kind=kind,
            once=once,
            by_id=by,
            at=now,
            detail=dict(detail or {}),
        )
    )
    flush_unique(_TWICE)


def draft_row(application_id: int, rater: PersonId) -> EagletDraft | None:
    """Return the row of a rater's unfinished interview sheet; ``None`` when there is none."""
    wanted = sa.select(EagletDraft).where(
        EagletDraft.application_id == application_id, EagletDraft.rater_id == rater
    )
    return session().scalar(wanted)


def keep_draft(
    application_id: int, about: PersonId, rater: PersonId, now: datetime, points: dict[str, str], note: str
) -> None:
    """Write a rater's unfinished sheet over; the caller holds the plan's lock."""
    found = draft_row(application_id, rater)
    if found is None:
        found = EagletDraft(application_id=application_id, about_id=about, rater_id=rater)
        session().add(found)
    found.points, found.note, found.saved_at = points, note, now
    session().flush()


def drop_draft(application_id: int, rater: PersonId) -> None:
    """Take a rater's unfinished sheet away: it was handed in."""
    found = draft_row(application_id, rater)
    if found is not None:
        session().delete(found)
        session().flush()
