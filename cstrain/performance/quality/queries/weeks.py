"""Reading weeks: what was drawn and rated, person by person; what waits for publication."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import sqlalchemy as sa

from cstrain.access import may
from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.quality import rules
from cstrain.performance.quality.facts import PersonWeek, WeekFacts
from cstrain.performance.quality.models import QualityRating, QualityWeek, SampleChat, SampleDay
from cstrain.performance.quality.queries.base import current_ratings, published_on, week_row

WEEKS = 12


def weeks(today: date, page: int = 1) -> tuple[list[WeekFacts], int]:
    """Return a page of the weeks with drawn chats, newest first, and how many weeks there are."""
    statement = sa.select(SampleDay.week).group_by(SampleDay.week).order_by(SampleDay.week.desc())
    total = session().scalar(sa.select(sa.func.count(sa.distinct(SampleDay.week)))) or 0
    shown = list(session().scalars(statement.limit(WEEKS).offset((page - 1) * WEEKS)))
    return _facts(shown, today), total


def week(monday: date, today: date) -> WeekFacts:
    """Return a week; one without drawn chats has none."""
    return _facts([monday], today)[0]


def unpublished(today: date) -> list[WeekFacts]:
    """Return the weeks that are over, have drawn chats and are not published, oldest first."""
    statement = (
        sa.select(SampleDay.week)
        .where(~published_on(SampleDay.week), SampleDay.week < rules.week_of(today))
        .group_by(SampleDay.week)
        .order_by(SampleDay.week)
    )
    return _facts(list(session().scalars(statement)), today)


def _facts(mondays: list[date], today: date) -> list[WeekFacts]:
    drawn = _counts(mondays, rated_only=False)
    rated = _counts(mondays, rated_only=True)
    rows = session().scalars(sa.select(QualityWeek).where(QualityWeek.week.in_(mondays)))
    published = {row.week: row for row in rows}
    return [
        WeekFacts(
            monday,
            drawn.get(monday, 0),
            rated.get(monday, 0),
            PersonId(row.published_by) if (row := published.get(monday)) is not None else None,
            row.published_at if row is not None else None,
            over=rules.week_ends(monday) < today,
        )
        for monday in mondays
    ]


def _counts(mondays: list[date], *, rated_only: bool) -> dict[date, int]:
    statement = (
        sa.select(SampleDay.week, sa.func.count())
        .join(SampleChat, SampleChat.day_id == SampleDay.id)
        .where(SampleDay.week.in_(mondays))
        .group_by(SampleDay.week)
    )
    if rated_only:
        statement = statement.where(
            sa.exists().where(
                QualityRating.sample_id == SampleChat.id, QualityRating.finished_at.is_not(None)
            )
        )
    return {row[0]: row[1] for row in session().execute(statement)}


def people_of_week(actor: PersonId, monday: date, on: date) -> list[PersonWeek]:
    """Return the week of everybody whose results somebody may see, not their own, by id.

    Before the publication only those see anything who rate.
    """
    if week_row(monday) is None and not may(actor, "quality.rate"):
        return []
    seen = people.visible_people(actor, "quality.view", on)
    rated: dict[int, list[Fraction]] = {}
    for rating, day in current_ratings(SampleDay.week == monday):
        rated.setdefault(day.person_id, []).append(Fraction(rating.share or 0))
    counted = session().execute(
        sa.select(SampleDay.person_id, sa.func.count())
        .join(SampleChat, SampleChat.day_id == SampleDay.id)
        .where(SampleDay.week == monday, SampleDay.person_id != actor)
        .group_by(SampleDay.person_id)
        .order_by(SampleDay.person_id)
    )
    return [
        PersonWeek(PersonId(one), n, len(rated.get(one, ())), rules.mean(rated.get(one, [])))
        for one, n in counted
        if seen is None or one in seen
    ]
