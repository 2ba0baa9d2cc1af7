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
from cstrain.promotion.eaglet.models import EagletApplication, EagletEvent, EagletPlan
from cstrain.promotion.eaglet.policy import CHAPTER, EagletRules
from cstrain.unit_of_work import flush_unique, locked

DRAFT = "draft"
"""The kind of event that holds a rater's unfinished interview sheet."""
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


def draft_row(application_id: int, rater: PersonId) -> EagletEvent | None:
    """Return the row of a rater's unfinished interview sheet; ``None`` when there is none."""
    return session().scalar(
        sa.select(EagletEvent).where(
            EagletEvent.application_id == application_id,
            EagletEvent.kind == DRAFT,
            EagletEvent.by_id == rater,
        )
    )


def keep_draft(
    plan_id: int, application_id: int, about: PersonId, rater: PersonId, now: datetime, detail: dict[str, Any]
) -> None:
    """Write a rater's unfinished sheet over; the caller holds the plan's lock."""
    found = draft_row(application_id, rater)
    if found is None:
        once = f"{DRAFT}:{application_id}:{rater}"
        applied = row(EagletApplication, application_id)
        add_event(plan_id, DRAFT, rater, now, detail, application=applied, about=about, once=once)
        return
    found.detail, found.at = detail, now
    session().flush()


def drop_draft(application_id: int, rater: PersonId) -> None:
    """Take a rater's unfinished sheet away: it was handed in."""
    found = draft_row(application_id, rater)
    if found is not None:
        session().delete(found)
        session().flush()
