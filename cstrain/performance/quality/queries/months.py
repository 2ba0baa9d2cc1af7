"""Reading months: what stands in the way of compiling one, and the sheets of those compiled."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import sqlalchemy as sa

from cstrain.access import may
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.performance.quality import rules
from cstrain.performance.quality.facts import CriterionMean, MonthFacts, SheetOfMonth
from cstrain.performance.quality.models import (
    QualityMonth,
    QualityRating,
    QualityReply,
    QualitySheet,
    SampleChat,
    SampleDay,
)
from cstrain.performance.quality.queries.base import MISSING, published_on, quality_rules

PAGE = 30


def month_row(month: date) -> QualityMonth | None:
    """Return the compilation of a month; ``None`` before it."""
    return session().scalar(sa.select(QualityMonth).where(QualityMonth.month == month))


def months() -> list[date]:
    """Return the months with drawn chats, newest first."""
    first_day = session().scalar(sa.select(sa.func.min(SampleDay.day)))
    last_day = session().scalar(sa.select(sa.func.max(SampleDay.day)))
    if first_day is None or last_day is None:
        return []
    found: list[date] = []
    first, month = rules.month_of(first_day), rules.month_of(last_day)
    while month >= first:
        found.append(month)
        month = rules.month_of(month - timedelta(days=1))
    return found


def of_month(month: date) -> sa.ColumnElement[bool]:
    """Return the condition that a drawn day lies in a month."""
    return SampleDay.day.between(month, rules.month_ends(month))


def _counts(first: date) -> tuple[int, int, int]:
    """Return how many chats of a month were drawn, how many are rated, how many contests are open."""
    drawn = (
        sa.select(sa.func.count())
        .select_from(SampleChat)
        .join(SampleDay, SampleDay.id == SampleChat.day_id)
        .where(of_month(first))
    )
    rated = drawn.where(
        sa.exists().where(QualityRating.sample_id == SampleChat.id, QualityRating.finished_at.is_not(None))
    )
    contests = (
        sa.select(sa.func.count())
        .select_from(QualityReply)
        .join(QualityRating, QualityRating.id == QualityReply.rating_id)
        .join(SampleChat, SampleChat.id == QualityRating.sample_id)
        .join(SampleDay, SampleDay.id == SampleChat.day_id)
        .where(QualityReply.kind == "contest", QualityReply.decided_at.is_(None), of_month(first))
    )
    return (
        session().scalar(drawn) or 0,
        session().scalar(rated) or 0,
        session().scalar(contests) or 0,
    )


def month(first: date, compiler: PersonId | None = None) -> MonthFacts:
    """Return a month: from when on it may be compiled and what stands in the way.

    With ``compiler`` the last day in time is a working day of theirs.
    """
    calendar = people.work_calendar(compiler) if compiler is not None else None
    from_day, until_day = rules.close_days(first, quality_rules(rules.month_ends(first)), calendar)
    weeks = (
        sa.select(SampleDay.week)
        .where(of_month(first), ~published_on(SampleDay.week))
        .group_by(SampleDay.week)
        .order_by(SampleDay.week)
    )
    drawn, rated, contests = _counts(first)
    row = month_row(first)
    return MonthFacts(
        month=first,
        drawn=drawn,
        rated=rated,
        from_day=from_day,
        until_day=until_day,
        open_weeks=tuple(session().scalars(weeks)),
        open_contests=contests,
        closed_by=PersonId(row.closed_by) if row else None,
        closed_at=row.closed_at if row else None,
        late=row.late if row else False,
    )


def to_compile(today: date) -> list[date]:
    """Return the months that may be compiled today and are not, oldest first."""
    closed = set(session().scalars(sa.select(QualityMonth.month)))
    return [
        one
        for one in reversed(months())
        if one not in closed and rules.close_days(one, quality_rules(rules.month_ends(one)))[0] <= today
    ]


def _sheet(row: QualitySheet, of: QualityMonth) -> SheetOfMonth:
    return SheetOfMonth(
        id=row.id,
        month=of.month,
        person_id=PersonId(row.person_id),
        department_id=DepartmentId(row.department_id),
        drawn=row.drawn,
        rated=row.rated,
        changed=row.changed,
        share=Fraction(row.share) if row.share else None,
        criteria=tuple(
            CriterionMean(one["id"], one["title"], Fraction(one["share"]), one["n"]) for one in row.criteria
        ),
        closed_at=of.closed_at,
    )


def sheets(actor: PersonId, first: date, on: date, page: int | None) -> tuple[list[SheetOfMonth], int]:
    """Return a page of a month's sheets that somebody may see, not their own, by person; and how many there
    are. Without a page: all of them."""
    seen = people.visible_people(actor, "quality.view", on)
    statement = (
        sa.select(QualitySheet, QualityMonth)
        .join(QualityMonth, QualityMonth.id == QualitySheet.month_id)
        .where(QualityMonth.month == first, QualitySheet.person_id != actor)
    )
    if seen is not None:
        statement = statement.where(QualitySheet.person_id.in_(seen))
    total = session().scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by(QualitySheet.department_id, QualitySheet.person_id)
    if page is not None:
        ordered = ordered.limit(PAGE).offset((page - 1) * PAGE)
    return [_sheet(row, of) for row, of in session().execute(ordered)], total


def sheet_of_month(actor: PersonId, sheet_id: int) -> SheetOfMonth:
    """Return a compiled month of one's own or of somebody in one's charge; else ``NotFoundError``."""
    row = session().get(QualitySheet, sheet_id)
    if row is None:
        raise NotFoundError(MISSING)
    person = PersonId(row.person_id)
    if person != actor and not may(actor, "quality.view", person):
        raise NotFoundError(MISSING)
    return _sheet(row, session().get_one(QualityMonth, row.month_id))


def sheets_of(person: PersonId, last: int = 12) -> list[SheetOfMonth]:
    """Return a person's latest compiled months, newest first."""
    statement = (
        sa.select(QualitySheet, QualityMonth)
        .join(QualityMonth, QualityMonth.id == QualitySheet.month_id)
        .where(QualitySheet.person_id == person)
        .order_by(QualityMonth.month.desc())
        .limit(last)
    )
    return [_sheet(row, of) for row, of in session().execute(statement)]
