"""What the core of promotion asks of rooms that stand on it: applications, own editions, moves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from cstrain.judgement.facts import Authorisation, CourseRecord, Endorsement
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.kernel.slots import Slot
from cstrain.people.facts import StandingFacts


class Endorsements(Protocol):
    """Knows who has endorsed whom."""

    def of(self, people: Collection[PersonId], on: date) -> Mapping[PersonId, tuple[Endorsement, ...]]:
        """Return the endorsements in force on a day, in a fixed number of statements."""

    def applying(self) -> frozenset[PersonId]:
        """Return whose application is under way."""


endorsements: Slot[Endorsements] = Slot("endorsements of people")


def endorsements_of(people: Collection[PersonId], on: date) -> Mapping[PersonId, tuple[Endorsement, ...]]:
    """Return the endorsements of people on a day; empty (unknown) while nobody fills the place."""
    return endorsements.filling.of(people, on) if endorsements.filling is not None else {}


def applying() -> frozenset[PersonId]:
    """Return whose application is under way; nobody's while nobody fills the place."""
    return endorsements.filling.applying() if endorsements.filling is not None else frozenset()


class OwnEditions(Protocol):
    """Knows the editions of ladders that the company approved itself, and who has acknowledged them."""

    def approved(self) -> Sequence[Ladder]:
        """Return all of them, in force or not; none outside of an application."""

    def unacknowledged(self, person: PersonId, on: date) -> int:
        """Return how many editions bind somebody that they have not acknowledged."""


own_editions: Slot[OwnEditions] = Slot("approved editions of ladders")


def approved_editions() -> Sequence[Ladder]:
    """Return the company's own editions of ladders; none while nobody fills the place."""
    return own_editions.filling.approved() if own_editions.filling is not None else ()


def unacknowledged(person: PersonId, on: date) -> int:
    """Return how many editions wait for somebody's acknowledgement; 0 while nobody fills the place."""
    return own_editions.filling.unacknowledged(person, on) if own_editions.filling is not None else 0


class Moves(Protocol):
    """Knows who may skip a level, who has which certificate, and where places are vacant."""

    def authorised(
        self, standings: Sequence[StandingFacts], on: date
    ) -> Mapping[PersonId, tuple[Authorisation, ...]]:
        """Return the authorisations in force on a day, in a fixed number of statements."""

    def courses(self, people: Collection[PersonId], on: date) -> Mapping[PersonId, tuple[CourseRecord, ...]]:
        """Return courses of everybody of whom records are kept, in a fixed number of statements."""

    def vacancies(self, on: date) -> Mapping[DepartmentId, Mapping[str, int]]:
        """Return vacant places by department and level, where a number is laid down."""


moves: Slot[Moves] = Slot("authorisations, courses and places")


def authorised_of(
    standings: Sequence[StandingFacts], on: date
) -> Mapping[PersonId, tuple[Authorisation, ...]]:
    """Return authorisations on a day; empty (unknown) while nobody fills the place."""
    return moves.filling.authorised(standings, on) if moves.filling is not None else {}


def courses_of(people: Collection[PersonId], on: date) -> Mapping[PersonId, tuple[CourseRecord, ...]]:
    """Return the records of courses on a day; people without any are left out: unknown."""
    return moves.filling.courses(people, on) if moves.filling is not None else {}


def vacancies(on: date) -> Mapping[DepartmentId, Mapping[str, int]]:
    """Return vacant places by department and level; departments without a number are left out: unknown."""
    return moves.filling.vacancies(on) if moves.filling is not None else {}
