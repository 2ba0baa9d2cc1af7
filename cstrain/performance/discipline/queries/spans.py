"""Sums over some days and some people, for reports; and which register entries were withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.performance.discipline.facts import Kind
from cstrain.performance.discipline.models import Deduction, RegisterEntry
from cstrain.performance.discipline.queries.evidence import not_reversed, standing_entries


def deductions_between(people: Collection[PersonId], first: date, last: date) -> tuple[int, int]:
    """Return number and points of un-reversed deductions of some days, both included."""
    statement = sa.select(
        sa.func.count(Deduction.id), sa.func.coalesce(sa.func.sum(Deduction.total), 0)
    ).where(
        Deduction.person_id.in_(people),
        Deduction.day.between(first, last),
        Deduction.reverses_id.is_(None),
        not_reversed(),
    )
    number, points = session().execute(statement).one()
    return int(number), int(points)


def entries_between(people: Collection[PersonId], first: date, last: date) -> dict[Kind, int]:
    """Return how many register entries of each kind count on some days, both included."""
    statement = (
        sa.select(RegisterEntry.kind, sa.func.count(RegisterEntry.id))
        .where(
            RegisterEntry.person_id.in_(people), RegisterEntry.day.between(first, last), standing_entries()
        )
        .group_by(RegisterEntry.kind)
    )
    found = {Kind(kind): int(number) for kind, number in session().execute(statement)}
    return {kind: found.get(kind, 0) for kind in Kind}


def withdrawn_among(entry_ids: Collection[int]) -> frozenset[int]:
    """Return those of some register entries that were withdrawn."""
    statement = sa.select(RegisterEntry.withdraws_id).where(RegisterEntry.withdraws_id.in_(entry_ids))
    return frozenset(one for one in session().scalars(statement) if one is not None)
