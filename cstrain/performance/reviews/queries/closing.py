"""What a result rests on. Read when a cycle is closed, and by nobody before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from fractions import Fraction

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import PersonId
from cstrain.performance import queries as performance
from cstrain.performance.discipline.facts import Kind
from cstrain.performance.discipline.queries import registers_of
from cstrain.performance.reviews.facts import CustomersSaid, CycleFacts, Inputs, SubjectFacts
from cstrain.performance.reviews.models import ReviewCustomers, ReviewForm, ReviewRemarks, ReviewTally
from cstrain.performance.reviews.policy import MANAGER, SELF
from cstrain.performance.reviews.queries.cycles import said_by


def ready(cycle: CycleFacts, subjects: Collection[SubjectFacts], today: date) -> bool:
    """Tell whether a cycle may be closed: its window is over, or every form is in."""
    everything = all(_all_in(cycle, one) for one in subjects)
    return cycle.closed_at is None and (today > cycle.closes_on or everything)


def _all_in(cycle: CycleFacts, one: SubjectFacts) -> bool:
    named = one.own_in and (one.manager_in or one.manager is None)
    return named and (one.asked > 0 or cycle.way == "drawn") and one.answered == one.asked


def forms_of(subject_ids: Collection[int]) -> dict[tuple[int, str], ReviewForm]:
    """Return the named forms by subject and view (rows, for this room)."""
    rows = session().scalars(sa.select(ReviewForm).where(ReviewForm.subject_id.in_(subject_ids)))
    return {(row.subject_id, row.view): row for row in rows}


def inputs_of(cycle: CycleFacts, subjects: Collection[SubjectFacts]) -> dict[int, Inputs]:
    """Return what each person's result rests on, by subject, in a fixed number of statements.

    What fewer peers than the least said is not read at all.
    """
    ids = [one.id for one in subjects]
    forms = forms_of(ids)
    least = cycle.rules.peers.least
    counts = _counts([one.id for one in subjects if one.answered >= least])
    said = _customers(cycle, subjects) if cycle.customers else {}
    return {
        one.id: Inputs(
            forms[one.id, SELF].answers if (one.id, SELF) in forms else None,
            forms[one.id, MANAGER].answers if (one.id, MANAGER) in forms else None,
            one.asked,
            one.answered,
            counts.get(one.id),
            said.get(one.id),
        )
        for one in subjects
    }


def _counts(ids: Collection[int]) -> dict[int, dict[str, dict[str, int]]]:
    table = ReviewTally
    found: dict[int, dict[str, dict[str, int]]] = {}
    rows = session().execute(
        sa.select(table.subject_id, table.factor, table.answer, table.chosen).where(table.subject_id.in_(ids))
    )
    for one, factor, answer, chosen in rows:
        found.setdefault(one, {}).setdefault(factor, {})[answer] = chosen
    return found


def remarks_of(cycle: CycleFacts, subjects: Collection[SubjectFacts]) -> dict[int, tuple[str, ...]]:
    """Return what peers wrote about who reached the least number, by subject, in no order."""
    ids = [one.id for one in subjects if one.answered >= cycle.rules.peers.least]
    rows = session().scalars(sa.select(ReviewRemarks).where(ReviewRemarks.subject_id.in_(ids)))
    return {row.subject_id: tuple(sorted(row.remarks)) for row in rows}


def _customers(cycle: CycleFacts, subjects: Collection[SubjectFacts]) -> dict[int, CustomersSaid]:
    """Return customers' view: what HR entered counts; else the month's record and the register."""
    persons = [one.person for one in subjects]
    last = date.fromordinal(add_months(cycle.month, 1).toordinal() - 1)
    csat = {one.person_id: one.values.get("csat") for one in performance.records(persons, [cycle.month])}
    registers = registers_of(persons, last)
    entered = _entered([one.id for one in subjects])
    found = {}
    for one in subjects:
        complaints = [
            each
            for each in registers.get(one.person, ())
            if each.kind == Kind.COMPLAINT and each.on >= cycle.month
        ]
        value = csat.get(PersonId(one.person))
        found[one.id] = entered.get(one.id) or CustomersSaid(
            Fraction(value) if value is not None else None,
            len(complaints),
            sum(each.major for each in complaints),
        )
    return found


def _entered(ids: Collection[int]) -> dict[int, CustomersSaid]:
    table = ReviewCustomers
    rows = session().scalars(sa.select(table).where(table.subject_id.in_(ids)).order_by(table.id))
    return {row.subject_id: said_by(row) for row in rows}
