"""Courses and places: what HR keeps, and what of it the dossier reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from cstrain.extensions import local_date, session
from cstrain.judgement.facts import Authorisation, CourseRecord
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.people.facts import Level, StandingFacts
from cstrain.people.policy import ROLE_WORDS
from cstrain.promotion.moves import store
from cstrain.promotion.moves.facts import CourseFacts, SeatFacts
from cstrain.promotion.moves.models import CourseEntry, MoveEvent, SeatCount

PAGE = 25


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A page of the register of courses, newest first."""

    rows: tuple[CourseFacts, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def course_page(page: int, person: PersonId | None = None) -> CoursePage:
    """Return a page of entries, of one person where one is named; two statements."""
    whose = sa.true() if person is None else CourseEntry.person_id == person
    wanted = sa.and_(CourseEntry.withdraws.is_(None), whose)
    total = session().scalar(sa.select(sa.func.count()).select_from(CourseEntry).where(wanted)) or 0
    here = min(max(page, 1), max(1, -(-total // PAGE)))
    taken = aliased(CourseEntry)
    rows = session().execute(
        sa.select(CourseEntry, taken.note)
        .outerjoin(taken, taken.withdraws == CourseEntry.id)
        .where(wanted)
        .order_by(CourseEntry.id.desc())
        .limit(PAGE)
        .offset((here - 1) * PAGE)
    )
    return CoursePage(tuple(_course(row, note) for row, note in rows), total, here)


def course(entry_id: int) -> CourseFacts:
    """Return an entry; raises ``NotFoundError``."""
    row = session().get(CourseEntry, entry_id)
    if row is None or row.withdraws is not None:
        raise NotFoundError(store.MISSING)
    note = session().scalar(sa.select(CourseEntry.note).where(CourseEntry.withdraws == entry_id))
    return _course(row, note)


def _course(row: CourseEntry, withdrawn: str | None) -> CourseFacts:
    return CourseFacts(
        row.id,
        PersonId(row.person_id),
        row.kind,
        row.course,
        row.title,
        row.held_on,
        row.until,
        row.file_ref,
        row.note,
        PersonId(row.entered_by),
        row.entered_at,
        withdrawn,
    )


def courses_of(ids: Collection[PersonId], on: date) -> dict[PersonId, tuple[CourseRecord, ...]]:
    """Return certificates and trainings as a day knew them, of everybody HR keeps entries of; one statement.

    Who has no entry at all is left out: nobody has looked, so it is not known. A training delivered counts
    under ``delivered:`` and its course, so that it is no certificate of having attended.
    """
    rows = session().scalars(
        sa.select(CourseEntry).where(CourseEntry.person_id.in_(ids)).order_by(CourseEntry.id)
    )
    every = [row for row in rows if local_date(row.entered_at) <= on]
    gone = {row.withdraws for row in every}
    found: dict[PersonId, list[CourseRecord]] = {}
    for row in every:
        mine = found.setdefault(PersonId(row.person_id), [])
        if row.withdraws is None and row.id not in gone:
            name = row.course if row.kind == "certificate" else f"delivered:{row.course}"
            mine.append(CourseRecord(name, f"course:{row.id}", row.held_on, row.until, row.title))
    return {person: tuple(records) for person, records in found.items()}


def authorised_of(standings: Sequence[StandingFacts], on: date) -> dict[PersonId, tuple[Authorisation, ...]]:
    """Return who was authorised to skip a level and still is on a day; one statement.

    It counts for the chapter's months and at the level it was asked from; another level ends it.
    """
    levels = {one.id: str(one.level) if one.level else None for one in standings}
    rows = session().scalars(
        sa.select(MoveEvent)
        .where(MoveEvent.kind == "authorise", MoveEvent.agreed.is_(True), MoveEvent.about_id.in_(levels))
        .order_by(MoveEvent.id)
    )
    found: dict[PersonId, list[Authorisation]] = {}
    for event in rows:
        given, person = local_date(event.at), PersonId(event.about_id)
        office, level = event.detail["office"], event.detail["level"]
        months = store.chapter(given).authorised_months  # of the day it was given
        if given <= on < add_months(given, months) and levels[person] == level:
            found.setdefault(person, []).append(
                Authorisation("skip_level", office, f"{event.case_id}", ROLE_WORDS[office], given)
            )
    return {person: tuple(given) for person, given in found.items()}


def seats(on: date) -> list[SeatFacts]:
    """Return the places that count on a day with how many are filled, by department and level.

    Levels are counted in the department itself; a level that is no level of the staff is an office, counted
    by who holds it for the department. Four statements, and one for each such office.
    """
    rows = session().scalars(
        sa.select(SeatCount)
        .where(SeatCount.effective_from <= on)
        .order_by(SeatCount.effective_from, SeatCount.id)
    )
    newest = {(DepartmentId(row.department_id), row.level): row for row in rows}
    if not newest:
        return []
    filled = _filled({level for _place, level in newest}, on)
    names = {one.id: one.name for one in people.departments()}
    return [
        SeatFacts(place, names[place], level, row.seats, filled[place, level], row.effective_from, row.note)
        for (place, level), row in sorted(newest.items())
    ]


def _filled(levels: Collection[str], on: date) -> Counter[tuple[DepartmentId, str]]:
    filled: Counter[tuple[DepartmentId, str]] = Counter()
    for one in people.everybody(on):
        if one.level is not None:
            filled[one.department_id, str(one.level)] += 1
    for office in sorted(set(levels) - {str(each) for each in Level}):
        for role in people.role_holders(office, on):
            if role.department_id is not None:
                filled[role.department_id, office] += 1
    return filled


def vacancies(on: date) -> Mapping[DepartmentId, Mapping[str, int]]:
    """Return the vacant places of each department by level, where HR has set a number."""
    found: dict[DepartmentId, dict[str, int]] = {}
    for one in seats(on):
        found.setdefault(one.department, {})[one.level] = one.vacant
    return found
