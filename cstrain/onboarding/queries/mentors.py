"""Who mentors, substitutes and guides whom, and how many trainees a mentor has."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.facts import OPEN_STATES, MentorFacts
from cstrain.onboarding.models import Enrolment, GuideAssignment, MentorAssignment

_OPEN = [str(state) for state in OPEN_STATES]


def _facts(row: MentorAssignment) -> MentorFacts:
    return MentorFacts(
        row.id,
        EnrolmentId(row.enrolment_id),
        PersonId(row.mentor_id),
        row.kind,
        row.first_day,
        row.last_day,
        row.reason,
        PersonId(row.assigned_by) if row.assigned_by is not None else None,
        row.assigned_at,
    )


def mentors_of(enrolment_ids: Collection[int]) -> dict[int, list[MentorFacts]]:
    """Return every assignment of these enrolments, latest first."""
    rows = session().scalars(
        sa.select(MentorAssignment)
        .where(MentorAssignment.enrolment_id.in_(enrolment_ids))
        .order_by(MentorAssignment.first_day.desc(), MentorAssignment.id.desc())
    )
    found: dict[int, list[MentorFacts]] = {one: [] for one in enrolment_ids}
    for row in rows:
        found[row.enrolment_id].append(_facts(row))
    return found


def mentor_history(enrolment_id: int) -> list[MentorFacts]:
    """Return every assignment of an enrolment, latest first."""
    return mentors_of([enrolment_id])[enrolment_id]


def mentor_among(assignments: Collection[MentorFacts], on: date) -> MentorFacts | None:
    """Return the mentor of a day among assignments (the last assigned, where two meet)."""
    standing = [one for one in assignments if one.kind == "mentor" and one.covers(on)]
    return max(standing, key=lambda one: (one.first_day, one.id), default=None)


def mentor_on(enrolment_id: int, on: date) -> MentorFacts | None:
    """Return the mentor of an enrolment on a day, or ``None``."""
    return mentor_among(mentor_history(enrolment_id), on)


def _covering(on: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        MentorAssignment.first_day <= on,
        MentorAssignment.last_day.is_(None) | (MentorAssignment.last_day >= on),
    )


def enrolments_mentored(person: PersonId, on: date) -> list[EnrolmentId]:
    """Return the open enrolments a person mentors on a day, as mentor or dated substitute."""
    rows = session().scalars(
        sa.select(MentorAssignment)
        .join(Enrolment, Enrolment.id == MentorAssignment.enrolment_id)
        .where(Enrolment.state.in_(_OPEN), _covering(on))
    )
    by_enrolment: dict[int, list[MentorFacts]] = {}
    for row in rows:
        by_enrolment.setdefault(row.enrolment_id, []).append(_facts(row))
    return sorted(
        EnrolmentId(one) for one, standing in by_enrolment.items() if _is_mentoring(person, standing, on)
    )


def _is_mentoring(person: PersonId, standing: list[MentorFacts], on: date) -> bool:
    mentor = mentor_among(standing, on)
    substitutes = {one.mentor for one in standing if one.kind == "substitute"}
    return person in substitutes or (mentor is not None and mentor.mentor == person)


def enrolments_guided(person: PersonId) -> list[EnrolmentId]:
    """Return the open enrolments in which a person guides some day."""
    rows = session().scalars(
        sa.select(GuideAssignment.enrolment_id)
        .join(Enrolment, Enrolment.id == GuideAssignment.enrolment_id)
        .where(
            GuideAssignment.guide_id == person,
            GuideAssignment.ended_at.is_(None),
            Enrolment.state.in_(_OPEN),
        )
    )
    ids = set(rows)
    current = guides_of(ids)
    return sorted(EnrolmentId(one) for one in ids if person in current.get(one, {}).values())


def guides_of(enrolment_ids: Collection[int]) -> dict[int, dict[int, PersonId]]:
    """Return the guide of each guide's day, by enrolment and day; the latest assignment counts."""
    rows = session().execute(
        sa.select(GuideAssignment.enrolment_id, GuideAssignment.day_number, GuideAssignment.guide_id)
        .where(GuideAssignment.enrolment_id.in_(enrolment_ids), GuideAssignment.ended_at.is_(None))
        .order_by(GuideAssignment.id)
    )
    found: dict[int, dict[int, PersonId]] = {}
    for enrolment_id, number, guide in rows:
        found.setdefault(enrolment_id, {})[number] = PersonId(guide)
    return found


def loads(on: date) -> dict[PersonId, int]:
    """Return how many open enrolments each mentor has on a day (substitutes do not count)."""
    rows = session().scalars(
        sa.select(MentorAssignment)
        .join(Enrolment, Enrolment.id == MentorAssignment.enrolment_id)
        .where(Enrolment.state.in_(_OPEN), MentorAssignment.kind == "mentor", _covering(on))
    )
    by_enrolment: dict[int, list[MentorFacts]] = {}
    for row in rows:
        by_enrolment.setdefault(row.enrolment_id, []).append(_facts(row))
    found: dict[PersonId, int] = {}
    for standing in by_enrolment.values():
        mentor = mentor_among(standing, on)
        if mentor is not None:
            found[mentor.mentor] = found.get(mentor.mentor, 0) + 1
    return found


def most_mentored(mentor: PersonId, first_day: date, apart_from: int) -> int:
    """Return the largest number of open enrolments, one left out, that a mentor has on a day from then on.

    What begins later counts, too: a mentor named for next week has that trainee then. One statement.
    """
    rows = session().scalars(
        sa.select(MentorAssignment)
        .join(Enrolment, Enrolment.id == MentorAssignment.enrolment_id)
        .where(
            Enrolment.state.in_(_OPEN),
            Enrolment.id != apart_from,
            MentorAssignment.kind == "mentor",
            MentorAssignment.last_day.is_(None) | (MentorAssignment.last_day >= first_day),
        )
        .execution_options(populate_existing=True)
    )
    by_enrolment: dict[int, list[MentorFacts]] = {}
    for row in rows:
        by_enrolment.setdefault(row.enrolment_id, []).append(_facts(row))
    begins = {one.first_day for standing in by_enrolment.values() for one in standing if one.mentor == mentor}
    return max(
        sum(_mentors(mentor, standing, day) for standing in by_enrolment.values())
        for day in {first_day, *(day for day in begins if day > first_day)}
    )


def _mentors(mentor: PersonId, standing: list[MentorFacts], on: date) -> bool:
    found = mentor_among(standing, on)
    return found is not None and found.mentor == mentor


def is_mentor_of(person: PersonId, trainee: PersonId, on: date) -> bool:
    """Tell whether a person mentors (or substitutes for the mentor of) a trainee on a day."""
    rows = session().scalars(
        sa.select(MentorAssignment)
        .join(Enrolment, Enrolment.id == MentorAssignment.enrolment_id)
        .where(Enrolment.person_id == trainee, Enrolment.state.in_(_OPEN), _covering(on))
    )
    return person != trainee and _is_mentoring(person, [_facts(row) for row in rows], on)


def ever_mentored(person: PersonId, trainees: Collection[PersonId]) -> frozenset[PersonId]:
    """Return which of these people somebody has mentored at any time, as mentor or substitute. One query."""
    rows = session().scalars(
        sa.select(Enrolment.person_id)
        .join(MentorAssignment, MentorAssignment.enrolment_id == Enrolment.id)
        .where(
            MentorAssignment.mentor_id == person,
            MentorAssignment.last_day.is_(None) | (MentorAssignment.last_day >= MentorAssignment.first_day),
            Enrolment.person_id.in_(trainees),
        )
    )
    return frozenset(PersonId(one) for one in rows)


def is_guide_of(person: PersonId, trainee: PersonId) -> bool:
    """Tell whether a person guides some day of a trainee's open enrolment."""
    ids = set(
        session().scalars(
            sa.select(Enrolment.id).where(Enrolment.person_id == trainee, Enrolment.state.in_(_OPEN))
        )
    )
    return person != trainee and any(person in days.values() for days in guides_of(ids).values())
