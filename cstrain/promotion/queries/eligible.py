"""Who could apply, as the latest daily run found: two statements, whoever asks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.promotion.facts import Eligible
from cstrain.promotion.models import EligibilityRun, EligiblePerson

_FRESH = timedelta(days=3)
"""A run older than this says nothing about today."""


def judged_on(day: date) -> bool:
    """Tell whether the staff has been judged on a day."""
    found = sa.select(EligibilityRun.id).where(EligibilityRun.day == day)
    return session().scalar(found) is not None


def eligible(today: date, people: Collection[PersonId] | None = None) -> list[Eligible]:
    """Return who could apply by the latest run of the last days (``people`` ``None``: all), by person."""
    runs = list(
        session().scalars(
            sa.select(EligibilityRun)
            .where(EligibilityRun.day <= today)
            .order_by(EligibilityRun.day.desc())
            .limit(2)
        )
    )
    if not runs or today - runs[0].day > _FRESH:
        return []
    statement = sa.select(EligiblePerson).where(EligiblePerson.run_id.in_([one.id for one in runs]))
    if people is not None:
        statement = statement.where(EligiblePerson.person_id.in_(people))
    rows = list(session().scalars(statement.order_by(EligiblePerson.person_id, EligiblePerson.id)))
    before = {_key(row) for row in rows if row.run_id != runs[0].id}
    return [
        Eligible(
            PersonId(row.person_id),
            row.ladder_ref,
            row.ladder_edition,
            row.start_level,
            row.goal_level,
            _key(row) not in before,
        )
        for row in rows
        if row.run_id == runs[0].id
    ]


def _key(row: EligiblePerson) -> tuple[int, str, str]:
    return row.person_id, row.ladder_ref, row.goal_level
