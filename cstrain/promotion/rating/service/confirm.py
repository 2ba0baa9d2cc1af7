"""Putting results into effect: proposed by HR, agreed to by another; nothing while a contest waits."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.people.facts import Level
from cstrain.promotion.rating import queries, store
from cstrain.promotion.rating.facts import Line, Origin, Outcome, Run, Stage
from cstrain.promotion.rating.models import RatingConfirmation, RatingEffect
from cstrain.promotion.rating.service.common import demand_permission, holders, needed, tell
from cstrain.unit_of_work import flush_unique, locked

_WAITS = "已经有人提出，正在等另一个人确认。请刷新后再看。"


def propose_confirmation(
    actor: PersonId, now: datetime, run_id: int, effective_on: date, note: str = ""
) -> int:
    """Propose that everything ready in a run takes effect from a day on; return the proposal's id.

    Ready: up, stay or down, the time to contest is over, no contest waits. Refused for who is in the run, and
    for who has decided one of its contests.
    """
    demand_permission(actor, "rating.run")
    store.lock_run(run_id)
    run = queries.run(run_id)
    _apart(actor, run)
    if effective_on < local_date(now):
        raise DomainError("没有提出：生效日不能早于今天。")
    if any(one.agreed is None for one in queries.confirmations(run_id)):
        raise ConflictError(_WAITS)
    ready = [one for one in queries.ready_lines(run, local_date(now)) if one.person != actor]
    if not ready:
        raise ConflictError("没有提出：现在没有可以生效的结果。申诉期过了、申诉答复了以后才可以。")
    row = RatingConfirmation(
        run_id=run_id,
        lines=[one.id for one in ready],
        effective_on=effective_on,
        note=note.strip()[:1000],
        proposed_by=actor,
        proposed_at=now,
        answer="",
    )
    session().add(row)
    flush_unique(_WAITS)
    record(actor, "rating.propose", store.subject_of(run_id), confirmation=row.id, lines=len(ready))
    told = holders(("hr_manager", "gm_office"), now, {actor, run.started_by} | queries.judged_in(run_id))
    tell(told, "%(year)s年第%(n)s季度的评级结果等你确认。", run.quarter, f"/ratings/{run_id}", now)
    return row.id


def _apart(actor: PersonId, run: Run) -> None:
    if any(one.person == actor for one in queries.lines(run.id, [actor])):
        raise ForbiddenError("你自己也在这次评级里，不能确认。请由别的部门的人来办。")
    if actor in queries.judged_in(run.id):
        raise ForbiddenError("你答复过这次评级的申诉，不能再确认。请由别人来办。")


def answer_confirmation(
    actor: PersonId, now: datetime, confirmation_id: int, *, agreed: bool, text: str = ""
) -> int:
    """Agree to what somebody else proposed, or send it back with a reason; return how many took effect.

    Only what is still ready takes effect: a line that was contested, or made anew, meanwhile stays out.
    """
    demand_permission(actor, "rating.confirm")
    found = session().get(RatingConfirmation, confirmation_id)
    if found is None:
        raise NotFoundError(store.MISSING)
    store.lock_run(found.run_id)
    row = (
        session()
        .scalars(locked(sa.select(RatingConfirmation).where(RatingConfirmation.id == confirmation_id)))
        .one()
    )
    run = queries.run(row.run_id)
    _check_second(actor, row, run, local_date(now) if agreed else None)
    lines = _still_ready(row, run, local_date(now)) if agreed else []
    row.answered_by, row.answered_at, row.agreed = actor, now, agreed
    row.answer = text.strip()[:1000] if agreed else needed(text)
    session().flush()
    for one in lines:
        _take_effect(actor, now, row, run, one)
    name = "rating.confirm" if agreed else "rating.send_back"
    record(actor, name, store.subject_of(run.id), confirmation=row.id, lines=len(lines))
    return len(lines)


def _check_second(actor: PersonId, row: RatingConfirmation, run: Run, today: date | None) -> None:
    """Refuse who may not be the second person, and (with ``today``) a day of effect that has gone by."""
    if row.answered_at is not None:
        raise ConflictError(store.AT_ONCE)
    if actor in {row.proposed_by, run.started_by}:
        raise ForbiddenError("这次评级由你运行或提出，没有生效。请由另一个人确认。")
    _apart(actor, run)
    if today is not None and row.effective_on < today:
        raise ConflictError("没有确认：生效日%(day)s已经过了。请退回，重新提出。", day=row.effective_on)


def _still_ready(row: RatingConfirmation, run: Run, today: date) -> list[Line]:
    newest = [one for one in queries.lines(run.id) if one.id in set(row.lines)]
    where = queries.stages(run.id, newest, today)
    return [one for one in newest if where[one.id] in {Stage.PROPOSED, Stage.READY}]


def _take_effect(actor: PersonId, now: datetime, row: RatingConfirmation, run: Run, line: Line) -> None:
    """Write a line's effect and change the level where it differs on that day."""
    before = people.get_person(line.person, row.effective_on).level
    if actor in {line.ran_by, line.person}:
        raise ForbiddenError("其中有你运行或提出的结果，没有生效。请由另一个人确认。")
    judge = line.contest.decided_by if line.contest is not None else None
    session().add(
        RatingEffect(
            line_id=line.id,
            run_id=run.id,
            confirmation_id=row.id,
            person_id=line.person,
            before=str(before) if before else None,
            after=line.goal,
            effective_on=row.effective_on,
            ran_by=line.ran_by,
            decided_by=line.second_by if line.origin is Origin.CONTEST else judge,
            proposed_by=row.proposed_by,
            confirmed_by=actor,
        )
    )
    flush_unique(store.AT_ONCE)
    after = Level(line.goal) if line.goal is not None else None
    if after != before:
        source = store.subject_of(run.id)
        people_service.change_state(
            actor, now, line.person, row.effective_on, level=after, reason=run.title, source=source
        )
    url = f"/ratings/lines/{line.id}"
    tell([line.person], _EFFECT[line.outcome], run.quarter, url, now, day=row.effective_on)


_EFFECT = {
    Outcome.UP: "你的%(year)s年第%(n)s季度评级已确认：%(day)s起升一级。",
    Outcome.STAY: "你的%(year)s年第%(n)s季度评级已确认：级别不变。",
    Outcome.DOWN: "你的%(year)s年第%(n)s季度评级已确认：%(day)s起降一级。",
}
