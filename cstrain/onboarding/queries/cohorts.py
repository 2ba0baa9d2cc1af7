"""Cohorts, ratings and HR's checks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.facts import CohortFacts, SignFacts
from cstrain.onboarding.models import (
    Cohort,
    Enrolment,
    MentorRating,
    PlannedDay,
    ProgrammeEdition,
    SignOff,
    SignOffNote,
    SignOffSample,
)
from cstrain.onboarding.queries.records import sign_facts
from cstrain.onboarding.store import MISSING


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """A trainee's rating of mentor and programme, 1–5 stars each."""

    enrolment_id: EnrolmentId
    mentor_stars: int
    programme_stars: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """A signed day that HR was asked to check."""

    id: int
    enrolment_id: EnrolmentId
    person: PersonId
    sign: SignFacts
    drawn_at: datetime
    confirmed_by: PersonId | None = None
    confirmed_at: datetime | None = None
    agrees: bool | None = None
    note: str = ""
    on_day: date | None = None

    def may_be_checked_by(self, reader: PersonId) -> bool:
        """Tell whether somebody has no part in the day: neither theirs, nor signed, nor seen by them."""
        return reader not in {self.person, self.sign.signed_by, self.sign.mentor_seen_by}


def cohorts(*, open_only: bool = False) -> list[CohortFacts]:
    """Return cohorts with their sizes, latest first; closed ones too unless ``open_only``."""
    size = sa.select(sa.func.count(Enrolment.id)).where(Enrolment.cohort_id == Cohort.id).scalar_subquery()
    statement = (
        sa.select(Cohort, ProgrammeEdition, size)
        .join(ProgrammeEdition, ProgrammeEdition.id == Cohort.programme_edition_id)
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    )
    if open_only:
        statement = statement.where(Cohort.closed_at.is_(None))
    return [
        CohortFacts(
            row.id,
            row.name,
            edition.ref,
            edition.edition,
            edition.title,
            row.starts_on,
            row.closed_at,
            row.evaluation,
            number,
        )
        for row, edition, number in session().execute(statement)
    ]


def cohort(cohort_id: int) -> CohortFacts:
    """Return one cohort; ``NotFoundError`` when there is none."""
    found = [one for one in cohorts() if one.id == cohort_id]
    if not found:
        raise NotFoundError(MISSING)
    return found[0]


def ratings(enrolment_ids: Collection[int]) -> dict[EnrolmentId, RatingFacts]:
    """Return the ratings that trainees gave at the end."""
    rows = session().scalars(sa.select(MentorRating).where(MentorRating.enrolment_id.in_(enrolment_ids)))
    return {
        EnrolmentId(row.enrolment_id): RatingFacts(
            EnrolmentId(row.enrolment_id), row.mentor_stars, row.programme_stars, row.text, row.at
        )
        for row in rows
    }


def mentor_stars() -> dict[PersonId, tuple[Decimal, int]]:
    """Return each mentor's mean stars (one decimal) and the number of ratings, from three ratings on.

    With fewer a single trainee's rating could be told from the mean.
    """
    rows = session().execute(
        sa.select(MentorRating.mentor_id, sa.func.sum(MentorRating.mentor_stars), sa.func.count())
        .where(MentorRating.mentor_id.is_not(None))
        .group_by(MentorRating.mentor_id)
        .having(sa.func.count() >= 3)
    )
    return {
        PersonId(mentor): ((Decimal(total) / count).quantize(Decimal("0.1")), count)
        for mentor, total, count in rows
        if mentor is not None
    }


def samples(*, waiting: bool) -> list[SampleFacts]:
    """Return the signatures drawn for HR's check: those that wait (oldest first), or the checked ones."""
    condition = SignOffSample.confirmed_at.is_(None) if waiting else SignOffSample.confirmed_at.is_not(None)
    order = SignOffSample.id if waiting else SignOffSample.id.desc()
    rows = session().execute(
        sa.select(SignOffSample, SignOff, Enrolment.person_id, PlannedDay.on_day)
        .join(SignOff, SignOff.id == SignOffSample.sign_off_id)
        .join(Enrolment, Enrolment.id == SignOff.enrolment_id)
        .join(
            PlannedDay,
            sa.and_(
                PlannedDay.enrolment_id == SignOff.enrolment_id, PlannedDay.day_number == SignOff.day_number
            ),
        )
        .where(condition)
        .order_by(order)
        .limit(200)
    )
    return [_sample(*row) for row in rows]


def _sample(row: SignOffSample, sign: SignOff, person: int, on_day: date) -> SampleFacts:
    return SampleFacts(
        id=row.id,
        enrolment_id=EnrolmentId(sign.enrolment_id),
        person=PersonId(person),
        sign=sign_facts(sign),
        drawn_at=row.drawn_at,
        confirmed_by=PersonId(row.confirmed_by) if row.confirmed_by is not None else None,
        confirmed_at=row.confirmed_at,
        agrees=row.agrees,
        note=row.note or "",
        on_day=on_day,
    )


def notes_of(sign_off_ids: Collection[int]) -> dict[int, list[SignOffNote]]:
    """Return the additions to signatures, oldest first (rows, for this package's pages)."""
    rows = session().scalars(
        sa.select(SignOffNote).where(SignOffNote.sign_off_id.in_(sign_off_ids)).order_by(SignOffNote.id)
    )
    found: dict[int, list[SignOffNote]] = {}
    for row in rows:
        found.setdefault(row.sign_off_id, []).append(row)
    return found
