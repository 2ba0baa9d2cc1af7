"""Enrolments, their programmes, their changes of date and state."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.facts import OPEN_STATES, EnrolmentFacts, EnrolmentState, ReplanFacts
from cstrain.onboarding.models import Cohort, Enrolment, EnrolmentMoment, PlannedDay, ProgrammeEdition, Replan
from cstrain.onboarding.policy import OnboardingRules, Programme
from cstrain.onboarding.store import MISSING, edition_of, get_enrolment, programme_of
from cstrain.onboarding.store import onboarding_rules as _rules

_OPEN = [str(state) for state in OPEN_STATES]


def onboarding_rules() -> OnboardingRules:
    """Return the numbers that rule every programme."""
    return _rules()


def facts_of(row: Enrolment, cohort: Cohort, edition: ProgrammeEdition) -> EnrolmentFacts:
    """Return the facts of an enrolment row."""
    return EnrolmentFacts(
        id=EnrolmentId(row.id),
        person=PersonId(row.person_id),
        cohort_id=row.cohort_id,
        cohort_name=cohort.name,
        programme_ref=edition.ref,
        programme_edition=edition.edition,
        programme_title=edition.title,
        start_date=row.start_date,
        state=EnrolmentState(row.state),
        closed_on=row.closed_on,
        close_reason=row.close_reason,
        window_note=row.window_note,
        with_pre_start=row.with_pre_start,
    )


def joined(*conditions: sa.ColumnElement[bool]) -> list[tuple[EnrolmentFacts, ProgrammeEdition]]:
    """Return enrolments with their editions (for this package), by start date."""
    rows = session().execute(
        sa.select(Enrolment, Cohort, ProgrammeEdition)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(ProgrammeEdition, ProgrammeEdition.id == Enrolment.programme_edition_id)
        .where(*conditions)
        .order_by(Enrolment.start_date, Enrolment.id)
    )
    return [(facts_of(row, cohort, edition), edition) for row, cohort, edition in rows]


def enrolments(ids: Collection[int]) -> dict[EnrolmentId, EnrolmentFacts]:
    """Return enrolments by id."""
    return {facts.id: facts for facts, _ in joined(Enrolment.id.in_(ids))}


def enrolment(enrolment_id: int) -> EnrolmentFacts:
    """Return one enrolment; ``NotFoundError`` when there is none."""
    found = joined(Enrolment.id == enrolment_id)
    if not found:
        raise NotFoundError(MISSING)
    return found[0][0]


def open_enrolment_of(person: PersonId) -> EnrolmentFacts | None:
    """Return a person's active or paused enrolment, or ``None``."""
    found = joined(Enrolment.person_id == person, Enrolment.state.in_(_OPEN))
    return found[0][0] if found else None


def latest_enrolment_of(person: PersonId) -> EnrolmentFacts | None:
    """Return a person's open enrolment, else the last one, or ``None``."""
    every = enrolments_of(person)
    return next((one for one in every if one.is_open), every[0] if every else None)


def enrolments_of(person: PersonId) -> list[EnrolmentFacts]:
    """Return all enrolments of a person, latest first (a rehired person may have several)."""
    return [facts for facts, _ in joined(Enrolment.person_id == person)][::-1]


def open_enrolments(people: Collection[PersonId] | None = None) -> list[EnrolmentFacts]:
    """Return all active and paused enrolments, of these people if given, by start date."""
    conditions: list[sa.ColumnElement[bool]] = [Enrolment.state.in_(_OPEN)]
    if people is not None:
        conditions.append(Enrolment.person_id.in_(people))
    return [facts for facts, _ in joined(*conditions)]


def enrolments_of_cohort(cohort_id: int) -> list[EnrolmentFacts]:
    """Return the enrolments of a cohort."""
    return [facts for facts, _ in joined(Enrolment.cohort_id == cohort_id)]


def programme(enrolment_id: int) -> Programme:
    """Return the edition of the programme that an enrolment follows."""
    return edition_of(get_enrolment(enrolment_id))


def programmes(on: date) -> list[Programme]:
    """Return the edition of each programme that is in force on a day, by ref."""
    rows = session().scalars(
        sa.select(ProgrammeEdition)
        .where(ProgrammeEdition.effective_from <= on)
        .order_by(ProgrammeEdition.ref, ProgrammeEdition.effective_from, ProgrammeEdition.edition)
    )
    latest = {row.ref: row for row in rows}
    return [programme_of(latest[ref]) for ref in sorted(latest)]


def planned_days(enrolment_id: int) -> dict[int, date]:
    """Return the date of each day of an enrolment."""
    rows = session().execute(
        sa.select(PlannedDay.day_number, PlannedDay.on_day)
        .where(PlannedDay.enrolment_id == enrolment_id)
        .order_by(PlannedDay.day_number)
    )
    return {row.day_number: row.on_day for row in rows}


def replans_of(enrolment_id: int) -> list[ReplanFacts]:
    """Return the changes of dates of an enrolment, latest first."""
    rows = session().scalars(
        sa.select(Replan).where(Replan.enrolment_id == enrolment_id).order_by(Replan.id.desc())
    )
    return [
        ReplanFacts(
            row.id,
            row.at,
            PersonId(row.by) if row.by is not None else None,
            row.reason,
            _days(row.before),
            _days(row.after),
        )
        for row in rows
    ]


def _days(kept: dict[str, str]) -> dict[int, date]:
    return {int(number): date.fromisoformat(day) for number, day in kept.items()}


def moments_of(enrolment_id: int) -> list[EnrolmentMoment]:
    """Return pauses, resumptions, transfers and the end of an enrolment, latest first (rows)."""
    statement = sa.select(EnrolmentMoment).where(EnrolmentMoment.enrolment_id == enrolment_id)
    return list(session().scalars(statement.order_by(EnrolmentMoment.id.desc())))
