"""What is on record of enrolments, in a fixed number of statements however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.facts import Capacity, GateDecisionFacts, SheetFacts, SignFacts
from cstrain.onboarding.models import (
    ActivityDone,
    DayConfirmation,
    GateDecision,
    PlannedDay,
    ScoreSheet,
    SignOff,
)


@dataclass(slots=True)
class Records:
    """Everything recorded of one enrolment, by day."""

    planned: dict[int, date] = field(default_factory=dict)
    ticked: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    confirmed: dict[int, datetime] = field(default_factory=dict)
    signed: dict[int, SignFacts] = field(default_factory=dict)
    sheets: list[SheetFacts] = field(default_factory=list)
    decisions: dict[str, list[GateDecisionFacts]] = field(default_factory=lambda: defaultdict(list))

    def current_sheets(self) -> list[SheetFacts]:
        """Return the sheets that no correction has replaced."""
        return [sheet for sheet in self.sheets if not sheet.replaced]


def records_of(enrolment_ids: Collection[int]) -> dict[int, Records]:
    """Return the records of several enrolments in six statements."""
    found = {one: Records() for one in enrolment_ids}
    _planned(found)
    _ticked(found)
    for sign in signs_of(enrolment_ids):
        found[sign[0]].signed[sign[1].day_number] = sign[1]
    for sheet in sheets_of(enrolment_ids):
        found[sheet.enrolment_id].sheets.append(sheet)
    _decisions(found)
    return found


def _planned(found: dict[int, Records]) -> None:
    rows = session().scalars(
        sa.select(PlannedDay).where(PlannedDay.enrolment_id.in_(found)).order_by(PlannedDay.day_number)
    )
    for row in rows:
        found[row.enrolment_id].planned[row.day_number] = row.on_day


def _ticked(found: dict[int, Records]) -> None:
    for tick in session().scalars(sa.select(ActivityDone).where(ActivityDone.enrolment_id.in_(found))):
        found[tick.enrolment_id].ticked[tick.day_number].add(tick.activity)
    statement = sa.select(DayConfirmation).where(DayConfirmation.enrolment_id.in_(found))
    for row in session().scalars(statement):
        found[row.enrolment_id].confirmed[row.day_number] = row.confirmed_at


def _decisions(found: dict[int, Records]) -> None:
    statement = sa.select(GateDecision).where(GateDecision.enrolment_id.in_(found)).order_by(GateDecision.id)
    for row in session().scalars(statement):
        found[row.enrolment_id].decisions[row.gate].append(
            GateDecisionFacts(
                row.id,
                row.gate,
                row.proposal,
                row.decision,
                row.reason,
                PersonId(row.decided_by),
                row.decided_at,
            )
        )


def sign_facts(row: SignOff) -> SignFacts:
    """Return the facts of a signature."""
    return SignFacts(
        row.id,
        row.day_number,
        PersonId(row.signed_by),
        Capacity(row.capacity),
        row.work_state,
        row.remark,
        row.signed_at,
        row.late,
        row.out_of_order,
        row.mentor_seen_at,
        PersonId(row.mentor_seen_by) if row.mentor_seen_by is not None else None,
    )


def signs_of(enrolment_ids: Collection[int]) -> list[tuple[int, SignFacts]]:
    """Return the signatures of enrolments with the enrolment's id, by day."""
    rows = session().scalars(
        sa.select(SignOff).where(SignOff.enrolment_id.in_(enrolment_ids)).order_by(SignOff.day_number)
    )
    return [(row.enrolment_id, sign_facts(row)) for row in rows]


def ticked(enrolment_id: int, number: int) -> frozenset[str]:
    """Return the activities of a day that were ticked off (day 0: the pre-start block)."""
    rows = session().scalars(
        sa.select(ActivityDone.activity).where(
            ActivityDone.enrolment_id == enrolment_id, ActivityDone.day_number == number
        )
    )
    return frozenset(rows)


def sheets_of(enrolment_ids: Collection[int]) -> list[SheetFacts]:
    """Return every score sheet of enrolments, oldest first, replaced ones marked."""
    rows = list(
        session().scalars(
            sa.select(ScoreSheet).where(ScoreSheet.enrolment_id.in_(enrolment_ids)).order_by(ScoreSheet.id)
        )
    )
    replaced = {row.corrects_id for row in rows}
    return [
        SheetFacts(
            row.id,
            EnrolmentId(row.enrolment_id),
            row.day_number,
            row.kind,
            {name: Decimal(value) for name, value in row.marks.items()},
            row.total,
            row.evidence,
            PersonId(row.entered_by),
            row.entered_at,
            row.corrects_id,
            row.reason,
            row.id in replaced,
        )
        for row in rows
    ]
