"""The steps of a case: opinions, ratings, decisions with their effect; withdrawing; leavers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.sealing import seal
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.people.facts import Level
from cstrain.promotion.moves import queries, rules, store
from cstrain.promotion.moves.facts import Case, Kind, State
from cstrain.promotion.moves.models import MoveCase
from cstrain.promotion.moves.queries import Eyes
from cstrain.promotion.moves.rules import Move
from cstrain.promotion.moves.service.common import NO_PERMISSION, end, needed, tell, tell_next
from cstrain.unit_of_work import one_at_a_time

_DONE = {
    State.GRANTED: "你的调动申请已经批准，请查看。",
    State.REFUSED: "你的调动申请没有批准，理由在页面上；不同意可以申诉。",
}


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says at a step: yes or no with reasons, the day of effect, the ratings by topic."""

    agreed: bool | None
    text: str
    effective_on: date | None = None
    points: Mapping[str, int] = field(default_factory=dict)


def take(actor: PersonId, now: datetime, case_id: int, kind: str, word: Word) -> State:
    """Take the step of a case that waits; return where the case stands then.

    Raises ``ForbiddenError`` for the person, for who has acted already, and without the permission;
    ``ConflictError`` when another step waits.
    """
    row = store.locked_row(MoveCase, case_id)
    case, today = queries.case(case_id), local_date(now)
    move = rules.check_taking(case, rules.next_move(case), kind, actor)
    home = queries.homes([case], today)[case.person]
    if not Eyes(actor, today).can_take(case, move, home):
        raise ForbiddenError(NO_PERMISSION)
    agreed = None if kind in rules.RATED else word.agreed
    if agreed is None and kind not in rules.RATED:
        raise DomainError("没有保存：请选择同意或不同意。")
    ends = agreed is False and not move.opinion
    detail = {"ends": True} if ends else _detail(case, move, word, today, actor)
    store.add_event(row, case.round, kind, actor, now, agreed=agreed, text=needed(word.text), detail=detail)
    record(actor, f"move.{kind}", f"move:{case_id}", person=case.person, agreed=agreed)
    if ends:
        _finish(row, State.REFUSED, now)
    elif move is rules.ROADS[case.kind][-1]:
        _take_effect(actor, now, case, detail, word.text)
        _finish(row, State.GRANTED, now)
    else:
        tell_next(case_id, now)
    return State(row.outcome) if row.outcome else State.OPEN


def _finish(row: MoveCase, state: State, now: datetime) -> None:
    end(row, state, now)
    tell([PersonId(row.person_id)], _DONE[state], now, f"/moves/{row.id}")


def _detail(case: Case, move: Move, word: Word, today: date, actor: PersonId) -> dict[str, Any]:
    chapter = store.rules_of(case)
    if move.kind in rules.RATED:
        points = rules.check_points(word.points, chapter.initial.topics)
        return {"points": points, "role": chapter.initial.raters[move.kind]}  # type: ignore[index]
    if move.office:
        offices = [one for one in case.content["offices"] if one in people.roles_of(actor, today)]
        return {"office": offices[0], "level": case.content["step"]["from"]}
    if move.effect:
        on = rules.check_effect(word.effective_on, today, chapter.effect_within)
        return {"on": on.isoformat(), **(_level(case, today) if case.kind is Kind.INITIAL else {})}
    return {}


def _level(case: Case, today: date) -> dict[str, Any]:
    """Return the first level the ratings give, with what it rests on, sealed."""
    ladder, step, found = queries.first_level_of(case, today)
    if step is None or found is None:
        raise DomainError("没有确认：按两份评分，还没有达到最低一级。请选择不同意并写明理由。")
    text, digest = seal({"edition": ladder.edition, "findings": list(found.findings)})
    return {"level": step.goal, "clause": step.clause, "sealed": text, "sha256": digest}


def _take_effect(actor: PersonId, now: datetime, case: Case, detail: Mapping[str, Any], reason: str) -> None:
    """Write what a granted case changes; an authorisation is read from its act."""
    if case.kind is Kind.SKIP:
        return
    change: dict[str, Any] = {}
    if case.kind is Kind.TRANSFER:
        _check_seat(case)
        change = {"department_id": case.department, "post": case.post}
    else:
        change = {"level": Level(detail["level"])}
    people_service.change_state(
        actor,
        now,
        case.person,
        date.fromisoformat(detail["on"]),
        reason=reason,
        source=f"move:{case.id}",
        **change,
    )


def _check_seat(case: Case) -> None:
    """Refuse to give a place of an announced post that is full."""
    if case.post_id is None:
        return
    one_at_a_time(f"moves.post:{case.post_id}")
    post = queries.post(case.post_id)
    if post.taken >= post.seats:
        raise ConflictError("没有办：这个岗位的%(n)s个名额都已用完。", n=post.seats)


def withdraw(actor: PersonId, now: datetime, case_id: int) -> None:
    """Withdraw one's own request while it is open; it stays on record."""
    row = store.locked_row(MoveCase, case_id)
    case = queries.case(case_id)
    if actor != case.person or case.opened_by != actor:
        raise ForbiddenError("只有提出申请的本人可以撤回。")
    if case.state is not State.OPEN:
        raise ConflictError("这件事已经办完，不能撤回。请刷新后再看。")
    store.add_event(row, case.round, "withdraw", actor, now)
    end(row, State.WITHDRAWN, now)
    record(actor, "move.withdraw", f"move:{case_id}")


def close_for_leaver(actor: PersonId, now: datetime, person: PersonId) -> None:
    """End the open cases of somebody who leaves."""
    ids = session().scalars(
        sa.select(MoveCase.id).where(MoveCase.person_id == person, MoveCase.ended_at.is_(None))
    )
    for case_id in list(ids):
        row = store.locked_row(MoveCase, case_id)
        store.add_event(row, queries.case(case_id).round, "left", None, now)
        end(row, State.LEFT, now)
        record(actor, "move.close_for_leaver", f"move:{case_id}")
