"""What people announces: packages above listen, people does not know them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from cstrain.kernel.ids import PersonId
from cstrain.people.facts import ContractFacts, Level, Status, Track

E = TypeVar("E")


class Announcement(Generic[E]):
    """A list of listeners, called in the order of registration inside the announcing unit of work."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[E], None]] = []

    def listen(self, listener: Callable[[E], None]) -> Callable[[E], None]:
        """Add a listener once; usable as a decorator in a package's ``listeners.py``."""
        if listener not in self._listeners:
            self._listeners.append(listener)
        return listener

    def send(self, event: E) -> None:
        """Call every listener; an error of one ends the unit of work."""
        for listener in list(self._listeners):
            listener(event)


@dataclass(frozen=True, slots=True)
class LevelChanged:
    """Level, track or status of a person changes on ``effective_from``."""

    person: PersonId
    effective_from: date
    before: tuple[Status, Level | None, Track | None]
    after: tuple[Status, Level | None, Track | None]
    actor: PersonId | None
    now: datetime


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """A person leaves after ``last_day``; trainees and open cases go to ``successor`` where one is named."""

    person: PersonId
    last_day: date
    reason: str
    successor: PersonId | None
    actor: PersonId
    now: datetime


@dataclass(frozen=True, slots=True)
class ContractRecorded:
    """A labour contract is being recorded; a listener that knows the law may refuse it.

    ``earlier`` are the person's other contracts, latest start first.
    """

    person: PersonId
    contract: ContractFacts
    earlier: tuple[ContractFacts, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class DepartmentChanged:
    """A person moves to another department on ``effective_from``."""

    person: PersonId
    effective_from: date
    before: int
    after: int
    actor: PersonId | None
    now: datetime


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """Roster or leave of a person changed for days from ``first_day`` to ``last_day``."""

    person: PersonId
    first_day: date
    last_day: date
    why: str
    actor: PersonId | None
    now: datetime


level_changed: Announcement[LevelChanged] = Announcement()
person_left: Announcement[PersonLeft] = Announcement()
contract_recorded: Announcement[ContractRecorded] = Announcement()
department_changed: Announcement[DepartmentChanged] = Announcement()
plan_changed: Announcement[PlanChanged] = Announcement()
