"""Rows of moves, and the chapter; used by this room's services and queries only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from cstrain.extensions import Row, local_date, session
from cstrain.judgement.sealing import intact
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.policies.loader import load
from cstrain.promotion.moves.facts import Act, Appeal, Case, Kind, State, SuccessionFacts
from cstrain.promotion.moves.models import MoveAppeal, MoveCase, MoveEvent
from cstrain.promotion.moves.policy import CHAPTER, MovesRules, SuccessionRules
from cstrain.unit_of_work import flush_unique, locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
TWICE = "这一步已经有人办过。请刷新后再看。"
R = TypeVar("R", bound=Row)


def chapter(on: date | None = None) -> MovesRules:
    """Return the chapter in force on a day, without one today."""
    return load(MovesRules, CHAPTER, on)


def rules_of(case: Case) -> MovesRules:
    """Return the chapter in force on the day a case was opened: it goes by that to its end."""
    return chapter(local_date(case.opened_at))


def succession_rules(found: SuccessionFacts) -> SuccessionRules:
    """Return how a succession goes: by the chapter in force on the day it was opened."""
    return chapter(local_date(found.opened_at)).succession


def person_or_none(value: int | None) -> PersonId | None:
    """Return a person's id where there is one."""
    return PersonId(value) if value is not None else None


def locked_row(table: type[R], row_id: int) -> R:
    """Lock a row and return it; raises ``NotFoundError``."""
    found = session().scalar(locked(sa.select(table).where(table.id == row_id)))
    if found is None:
        raise NotFoundError(MISSING)
    return found


def add_event(
    row: MoveCase,
    round_: int,
    kind: str,
    by: PersonId | None,
    now: datetime,
    *,
    agreed: bool | None = None,
    text: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Note an act; the same step twice in a round, or a second act of one person, is refused."""
    session().add(
        MoveEvent(
            case_id=row.id,
            about_id=row.person_id,
            round=round_,
            kind=kind,
            by_id=by,
            at=now,
            agreed=agreed,
            text=text,
            detail=dict(detail or {}),
        )
    )
    flush_unique(TWICE)


def case_facts(row: MoveCase, events: list[MoveEvent], appeal: MoveAppeal | None) -> Case:
    """Return a case as facts."""
    department = DepartmentId(row.department_id) if row.department_id is not None else None
    return Case(
        row.id,
        Kind(row.kind),
        PersonId(row.person_id),
        PersonId(row.opened_by),
        row.opened_at,
        row.post_id,
        department,
        row.post,
        row.reason,
        json.loads(row.content),
        intact(row.content, row.sha256),
        State(row.outcome) if row.outcome else State.OPEN,
        tuple(_act(one) for one in events),
        _appeal(appeal) if appeal is not None else None,
    )


def _act(row: MoveEvent) -> Act:
    return Act(row.kind, row.round, person_or_none(row.by_id), row.at, row.agreed, row.text, row.detail)


def _appeal(row: MoveAppeal) -> Appeal:
    return Appeal(
        row.id,
        PersonId(row.refused_by),
        row.text,
        row.filed_at,
        row.decide_by,
        person_or_none(row.decided_by),
        row.decided_at,
        row.granted,
        row.answer,
    )
