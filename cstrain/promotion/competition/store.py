"""Rows of competitions, and the chapter; used by this room's services and queries only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.policies.loader import load
from cstrain.promotion.applications.policy import CHAPTER as PANELS
from cstrain.promotion.applications.policy import NoticeRules, PanelsChapter
from cstrain.promotion.competition.models import Competition, CompetitionCandidate, CompetitionEvent
from cstrain.promotion.competition.policy import CHAPTER, CompetitionRules
from cstrain.unit_of_work import flush_unique, locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
_TWICE = "这一步已经有人办过。请刷新后再看。"


def chapter() -> CompetitionRules:
    """Return the chapter in force."""
    return load(CompetitionRules, CHAPTER)


def notice_rules(on: date | None = None) -> NoticeRules:
    """Return the clocks of objections and whom to turn to on a day: those of applications."""
    return load(PanelsChapter, PANELS, on).notice


def row(competition_id: int, *, lock: bool = False) -> Competition:
    """Return a competition's row, locked if asked; raises ``NotFoundError``."""
    statement = sa.select(Competition).where(Competition.id == competition_id)
    found = session().scalar(locked(statement) if lock else statement)
    if found is None:
        raise NotFoundError(MISSING)
    return found


def candidate_row(candidate_id: int) -> CompetitionCandidate:
    """Return an application's row; raises ``NotFoundError``."""
    found = session().get(CompetitionCandidate, candidate_id)
    if found is None:
        raise NotFoundError(MISSING)
    return found


def add_event(
    competition_id: int,
    kind: str,
    by: PersonId | None,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
    candidate: CompetitionCandidate | None = None,
    once: str | None = None,
) -> None:
    """Note what happened; what may happen ``once`` is refused the second time."""
    session().add(
        CompetitionEvent(
            competition_id=competition_id,
            candidate_id=candidate.id if candidate is not None else None,
            about_id=candidate.person_id if candidate is not None and kind != "withdrawn" else None,
            kind=kind,
            once=once,
            by_id=by,
            at=now,
            detail=dict(detail or {}),
        )
    )
    flush_unique(_TWICE)
