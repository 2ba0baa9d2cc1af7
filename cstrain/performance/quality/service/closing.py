"""Compiling a month: one frozen sheet for each person who had chats drawn in it."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, Each, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.performance.quality import queries, rules
from cstrain.performance.quality.facts import MonthFacts
from cstrain.performance.quality.models import QualityMonth, QualityReply, QualitySheet, SampleChat, SampleDay
from cstrain.performance.quality.service.chats import CHATS
from cstrain.unit_of_work import flush_unique, one_at_a_time

_DONE = "没有汇总：这个月已经汇总过了。"


def close_month(actor: PersonId, now: datetime, month: date) -> int:
    """Compile a month and freeze its sheets; return how many there are.

    Refused before the day of the rule, while a week of it is not published or a contest is open, and for who
    has a sheet in it. After the last day of the rule (a rest day moves on to the next working day) it is
    done, and marked as late.
    """
    if month.day != 1:
        raise DomainError("没有汇总：请选择月份。")
    one_at_a_time(CHATS)
    one_at_a_time(f"quality.month:{month.isoformat()}")
    facts, today = queries.month(month, actor), local_date(now)
    _check(facts, today)
    drawn = _drawn(month)
    if actor in drawn:
        raise ForbiddenError("没有汇总：这个月有你自己的质检结果。请由另一位负责人汇总。")
    row = QualityMonth(
        month=month,
        late=today > facts.until_day,
        edition=queries.quality_rules(rules.month_ends(month)).edition,
        closed_by=actor,
        closed_at=now,
    )
    session().add(row)
    flush_unique(_DONE)
    _freeze(row, month, drawn)
    record(actor, "quality.close", f"quality-month:{month:%Y-%m}", sheets=len(drawn), late=row.late)
    for person in sorted(drawn):
        _tell(now, month, person)
    return len(drawn)


def _check(facts: MonthFacts, today: date) -> None:
    if facts.closed_at is not None:
        raise ConflictError(_DONE)
    if today < facts.from_day:
        raise DomainError("没有汇总：从%(day)s起才能汇总。", day=facts.from_day)
    if facts.open_weeks:
        weeks = Each("%(day)s起的一周", [{"day": week} for week in facts.open_weeks])
        raise DomainError("没有汇总：%(weeks)s还没有公布。请先公布。", weeks=weeks)
    if facts.open_contests:
        raise DomainError("没有汇总：还有%(n)s个异议没有定。请先定完。", n=facts.open_contests)
    if not facts.drawn:
        raise DomainError("没有汇总：这个月没有抽取会话。")


def _drawn(month: date) -> dict[PersonId, int]:
    """Return how many chats were drawn of each person in a month."""
    statement = (
        sa.select(SampleDay.person_id, sa.func.count())
        .join(SampleChat, SampleChat.day_id == SampleDay.id)
        .where(queries.of_month(month))
        .group_by(SampleDay.person_id)
    )
    return {PersonId(person): n for person, n in session().execute(statement)}


def _freeze(of: QualityMonth, month: date, drawn: dict[PersonId, int]) -> None:
    found = queries.current_ratings(queries.of_month(month))
    known = queries.rubrics(rating.rubric_id for rating, _day in found)
    upheld = _upheld()
    rated: dict[PersonId, list[rules.Rated]] = {}
    for rating, day in found:
        one = rules.Rated(
            known[rating.rubric_id],
            queries.points_of(rating),
            Fraction(rating.share or 0),
            changed=rating.id in upheld,
        )
        rated.setdefault(PersonId(day.person_id), []).append(one)
    standing = people.people(drawn, rules.month_ends(month))
    for person, n in sorted(drawn.items()):
        mine = rated.get(person, [])
        share = rules.mean([one.share for one in mine])
        session().add(
            QualitySheet(
                month_id=of.id,
                person_id=person,
                department_id=standing[person].department_id,
                drawn=n,
                rated=len(mine),
                changed=sum(one.changed for one in mine),
                share=str(share) if share is not None else None,
                criteria=[
                    {"id": one.id, "title": one.title, "share": str(one.share), "n": one.n}
                    for one in rules.by_criterion(mine)
                ],
            )
        )
    session().flush()


def _upheld() -> frozenset[int]:
    """Return the ratings that came of a contest."""
    statement = sa.select(QualityReply.new_rating_id).where(QualityReply.new_rating_id.is_not(None))
    return frozenset(one for one in session().scalars(statement) if one is not None)


def _tell(now: datetime, month: date, person: PersonId) -> None:
    notify(
        person,
        "%(month)s的质检月表已汇总。",
        now=now,
        values={"month": f"{month:%Y-%m}"},
        url="/quality",
        key=f"quality.month:{month:%Y-%m}:{person}",
    )
