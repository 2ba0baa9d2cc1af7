"""Late data after the run: a new proposal for one person, by two persons."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.promotion.rating import queries, store
from cstrain.promotion.rating.models import RatingLate, RatingLine
from cstrain.promotion.rating.service.common import (
    columns,
    contest_until,
    demand_permission,
    needed,
    seal_base,
    seal_line,
    tell,
)
from cstrain.promotion.rating.service.contest import newest
from cstrain.unit_of_work import flush_unique, locked


def ask_late(actor: PersonId, now: datetime, line_id: int, reason: str) -> int:
    """Judge one person's quarter again on today's records and propose the result; return the proposal's id.

    Refused where the result stays what it is, while a contest waits, and for oneself.
    """
    found = queries.line(line_id)
    demand_permission(actor, "rating.run", found.person)
    store.lock_run(found.run)
    line = newest(found.run, found.person)
    if line.contest is not None and line.contest.upheld is None:
        raise ConflictError("没有提出：本人的申诉还没有答复。更正的数据会在答复时一起算。")
    if actor in queries.judged_in(line.run):
        raise ForbiddenError("你答复过这次评级的申诉，不能再提出。请由别人来办。")
    run, today = queries.run(line.run), local_date(now)
    ladder = queries.edition_of(run)
    judged = next(iter(queries.judge(ladder, run.quarter, today, [line.person])), None)
    if judged is None or not judged.people:
        raise ConflictError("没有提出：这个人已经不在职。")
    one = judged.people[0]
    if (one.rated.outcome, one.rated.goal) == (line.outcome, line.goal):
        raise DomainError("没有提出：按现在的记录重新计算，结果和原来一样。")
    base = seal_base(run.id, judged.department, judged.comparison)
    text, sha256 = seal_line(one, ladder, run.quarter, base, store.rules_of(run), today)
    row = RatingLate(
        run_id=run.id,
        person_id=line.person,
        **columns(one.rated),
        base_id=base.id,
        content=text,
        sha256=sha256,
        reason=needed(reason),
        asked_by=actor,
        asked_at=now,
        answer="",
    )
    session().add(row)
    flush_unique("已经有人为这个人重新提出，正在等另一个人确认。请刷新后再看。")
    record(actor, "rating.ask_late", f"rating_line:{line.id}", late=row.id, outcome=row.outcome)
    return row.id


def answer_late(actor: PersonId, now: datetime, late_id: int, *, agreed: bool, text: str = "") -> None:
    """Agree to another's new proposal, or send it back with a reason; agreed, it takes the old one's place.

    The person hears of it and may contest it as they might the first one.
    """
    found = session().get(RatingLate, late_id)
    if found is None:
        raise NotFoundError(store.MISSING)
    person = PersonId(found.person_id)
    demand_permission(actor, "rating.confirm", person)
    store.lock_run(found.run_id)
    row = session().scalars(locked(sa.select(RatingLate).where(RatingLate.id == late_id))).one()
    if row.answered_at is not None:
        raise ConflictError(store.AT_ONCE)
    if row.asked_by == actor:
        raise ForbiddenError("这是你提出的，没有生效。请由另一个人确认。")
    if actor in queries.judged_in(row.run_id):
        raise ForbiddenError("你答复过这次评级的申诉，不能再确认。请由别人来办。")
    line = newest(row.run_id, person)
    if agreed and line.contest is not None and line.contest.upheld is None:
        raise ConflictError("没有确认：本人刚刚提出申诉。更正的数据会在答复时一起算。")
    row.answered_by, row.answered_at, row.agreed = actor, now, agreed
    row.answer = text.strip()[:1000] if agreed else needed(text)
    session().flush()
    record(actor, "rating.answer_late", f"rating_line:{line.id}", late=row.id, agreed=agreed)
    if agreed:
        _replace(actor, now, row, line.number + 1, int(line.department))


def _replace(actor: PersonId, now: datetime, row: RatingLate, number: int, department: int) -> None:
    person, run = PersonId(row.person_id), queries.run(row.run_id)
    until = contest_until(person, now, store.rules_of(run))
    line = RatingLine(
        run_id=row.run_id,
        person_id=person,
        number=number,
        department_id=department,
        outcome=row.outcome,
        level=row.level,
        goal=row.goal,
        why=row.why,
        below=row.below,
        origin="late",
        reason=row.reason,
        ran_by=row.asked_by,
        second_by=actor,
        made_at=now,
        contest_until=until,
        base_id=row.base_id,
        content=row.content,
        sha256=row.sha256,
    )
    session().add(line)
    flush_unique(store.AT_ONCE)
    message = "你的%(year)s年第%(n)s季度评级按更正的数据重新提出，请查看；不同意可以在%(until)s以前申诉。"
    tell([person], message, run.quarter, f"/ratings/lines/{line.id}", now, until=until)
