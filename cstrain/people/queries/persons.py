"""Persons as they stand on a day, their history and contracts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people.facts import ContractFacts, ContractKind, Level, PersonFacts, StateFacts, Status, Track
from cstrain.people.models import Contract, Department, EmploymentState, Person
from cstrain.people.policy import PAGE_SIZE
from cstrain.people.rules import DatedState, State, staff_no_meant, term_months


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One page of a search: the people on it, how many there are in all, which page of how many."""

    people: tuple[PersonFacts, ...]
    total: int
    page: int
    pages: int


def state_of(row: EmploymentState) -> State:
    """Return the state of a history row."""
    level = Level(row.level) if row.level else None
    track = Track(row.track) if row.track else None
    return State(Status(row.status), level, track, row.department_id, row.post)


def _names_of_departments() -> dict[int, str]:
    return {row.id: row.name for row in session().execute(sa.select(Department.id, Department.name))}


def _standing(ids: Collection[int], on: date) -> dict[int, EmploymentState]:
    """Return each person's state row on ``on``; before the first row the first one stands."""
    statement = (
        sa.select(EmploymentState)
        .where(EmploymentState.person_id.in_(ids))
        .order_by(EmploymentState.effective_from, EmploymentState.id)
    )
    found: dict[int, EmploymentState] = {}
    for row in session().scalars(statement):
        if row.effective_from <= on or row.person_id not in found:
            found[row.person_id] = row
    return found


def _facts(person: Person, row: EmploymentState, names: dict[int, str]) -> PersonFacts:
    state = state_of(row)
    return PersonFacts(
        id=PersonId(person.id),
        staff_no=person.staff_no,
        name=person.name,
        department_id=DepartmentId(state.department_id),
        department_name=names[state.department_id],
        post=state.post,
        level=state.level,
        track=state.track,
        status=state.status,
        hire_date=person.hire_date,
        email=person.email,
        phone=person.phone,
        extension=person.extension,
    )


def people(ids: Iterable[PersonId], on: date) -> dict[PersonId, PersonFacts]:
    """Return the facts of several people on a day, by id; unknown ids are left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    names = _names_of_departments()
    states = _standing(wanted, on)
    rows = session().scalars(sa.select(Person).where(Person.id.in_(wanted)).order_by(Person.staff_no))
    return {PersonId(row.id): _facts(row, states[row.id], names) for row in rows if row.id in states}


def status_on(person: sa.ColumnElement[int], on: sa.ColumnElement[date]) -> sa.ColumnElement[str | None]:
    """Return the employment status of a person on a day as a column: the latest entry not after the day,
    before the first entry that one's."""
    states = sa.select(EmploymentState.status).where(EmploymentState.person_id == person)
    held = states.where(EmploymentState.effective_from <= on)
    held = held.order_by(EmploymentState.effective_from.desc(), EmploymentState.id.desc())
    first = states.order_by(EmploymentState.effective_from, EmploymentState.id)
    return sa.func.coalesce(held.limit(1).scalar_subquery(), first.limit(1).scalar_subquery())


_STATUS = sa.select(
    status_on(sa.bindparam("person", type_=sa.Integer()), sa.bindparam("on", type_=sa.Date()))
)


def status_of(person: PersonId, on: date) -> Status | None:
    """Return a person's employment status on a day; ``None`` for nobody."""
    found = session().scalar(_STATUS, {"person": person, "on": on})
    return Status(found) if found is not None else None


def get_person(person: PersonId, on: date) -> PersonFacts:
    """Return a person's facts on a day; raises ``NotFoundError``."""
    found = people([person], on)
    if person not in found:
        raise NotFoundError("没有找到这个人。")
    return found[person]


def find_person_by_staff_no(staff_no: str, on: date) -> PersonFacts | None:
    """Return the person with this staff number in whatever spelling, or ``None``."""
    found = session().scalar(sa.select(Person.id).where(Person.staff_no == staff_no_meant(staff_no)))
    return get_person(PersonId(found), on) if found is not None else None


def everybody(on: date, *, with_left: bool = False) -> list[PersonFacts]:
    """Return everybody who is employed on a day, by staff number."""
    ids = [PersonId(one) for one in session().scalars(sa.select(Person.id))]
    return [facts for facts in people(ids, on).values() if with_left or facts.status is not Status.LEFT]


def search_people(
    text: str,
    department_id: int | None,
    on: date,
    page: int = 1,
    *,
    status: Status | None = None,
    within: Collection[PersonId] | None = None,
    department_ids: Collection[int] | None = None,
    size: int = PAGE_SIZE,
) -> PersonPage:
    """Search by name, pinyin, initials or staff number; those who left only when ``status`` asks for them.

    ``within`` limits the search to these people (what the reader may see).
    """
    wanted = set(department_ids or ()) | ({department_id} if department_id is not None else set())
    found = [
        facts
        for facts in people(_matching(text, within), on).values()
        if (not wanted or facts.department_id in wanted)
        and (facts.status is status if status is not None else facts.status is not Status.LEFT)
    ]
    pages = max(1, -(-len(found) // size))
    page = min(max(page, 1), pages)
    return PersonPage(tuple(found[(page - 1) * size : page * size]), len(found), page, pages)


def _matching(text: str, within: Collection[PersonId] | None) -> list[PersonId]:
    statement = sa.select(Person.id)
    wanted = text.strip()
    if wanted:
        lowered = wanted.lower()
        statement = statement.where(
            Person.name.contains(wanted, autoescape=True)
            | Person.staff_no.startswith(wanted.upper(), autoescape=True)
            | Person.name_pinyin.startswith(lowered, autoescape=True)
            | Person.name_initials.startswith(lowered, autoescape=True)
        )
    if within is not None:
        statement = statement.where(Person.id.in_(within))
    return [PersonId(one) for one in session().scalars(statement)]


def similar_people(name: str) -> list[tuple[PersonId, str]]:
    """Return (id, staff number) of people with exactly this name, so that nobody is entered twice."""
    rows = session().execute(sa.select(Person.id, Person.staff_no).where(Person.name == name.strip()))
    return [(PersonId(row.id), row.staff_no) for row in rows]


def state_days(person: PersonId) -> list[DatedState]:
    """Return the standing state of each day of change, oldest first."""
    statement = (
        sa.select(EmploymentState)
        .where(EmploymentState.person_id == person)
        .order_by(EmploymentState.effective_from, EmploymentState.id)
    )
    by_day = {row.effective_from: state_of(row) for row in session().scalars(statement)}
    return [DatedState(day, by_day[day]) for day in sorted(by_day)]


def history_of(person: PersonId) -> list[StateFacts]:
    """Return every entry of the employment history, newest day first, as it was recorded."""
    names = _names_of_departments()
    statement = (
        sa.select(EmploymentState)
        .where(EmploymentState.person_id == person)
        .order_by(EmploymentState.effective_from.desc(), EmploymentState.id.desc())
    )
    return [_state_facts(row, names) for row in session().scalars(statement)]


def _state_facts(row: EmploymentState, names: dict[int, str]) -> StateFacts:
    state = state_of(row)
    return StateFacts(
        id=row.id,
        effective_from=row.effective_from,
        status=state.status,
        level=state.level,
        track=state.track,
        department_id=DepartmentId(state.department_id),
        department_name=names[state.department_id],
        post=state.post,
        reason=row.reason,
        source=row.source,
        recorded_by=PersonId(row.recorded_by) if row.recorded_by is not None else None,
        recorded_at=row.recorded_at,
    )


def last_day_of(person: PersonId) -> date | None:
    """Return the last day of employment when the person left or is about to leave, else ``None``."""
    days = state_days(person)
    if not days or days[-1].state.status is not Status.LEFT:
        return None
    first = days[-1].effective_from
    for row in reversed(days):
        if row.state.status is not Status.LEFT:
            break
        first = row.effective_from
    return first - timedelta(days=1)


def contracts_of(person: PersonId) -> list[ContractFacts]:
    """Return all contracts, latest start first; of several with one start the last recorded stands first."""
    statement = (
        sa.select(Contract)
        .where(Contract.person_id == person)
        .order_by(Contract.starts_on.desc(), Contract.id.desc())
    )
    return [
        ContractFacts(
            ContractKind(row.kind),
            row.starts_on,
            row.ends_on,
            row.probation_end,
            term_months(row.starts_on, row.ends_on),
            row.signed_on,
        )
        for row in session().scalars(statement)
    ]


def contract_of(person: PersonId, on: date) -> ContractFacts | None:
    """Return the contract of a day: the latest that has started, else the first to come; ``None`` without
    any."""
    every = contracts_of(person)
    started = [one for one in every if one.starts_on <= on]
    return started[0] if started else (every[-1] if every else None)
