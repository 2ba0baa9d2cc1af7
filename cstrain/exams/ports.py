"""What exams must ask of packages above: passes, exemptions, re-sits. ``grading`` fills these slots.

A slot nobody fills knows nothing: nobody has passed, nobody is exempt, nobody is barred.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cstrain.kernel.ids import PersonId
from cstrain.kernel.slots import Slot

PaperAt = tuple[str, datetime]
"""A paper (its ref) and when it is sat."""


class Passes(Protocol):
    """Knows who has passed a paper: a released pass, or a credential that has not lapsed."""

    def passed(
        self, papers: Collection[str], people: Collection[PersonId], at: datetime
    ) -> Mapping[str, frozenset[PersonId]]:
        """Return by paper (its ref, in any edition) who of ``people`` has passed it, as of ``at``."""


class Exemptions(Protocol):
    """Knows who need not sit a paper."""

    def exempt(
        self, papers: Collection[str], people: Collection[PersonId], at: datetime
    ) -> Mapping[str, frozenset[PersonId]]:
        """Return by paper (its ref) who of ``people`` is exempt from it, as of ``at``."""

    def exempt_at(self, person: PersonId, sat: Collection[PaperAt], at: datetime) -> frozenset[PaperAt]:
        """Return from which of these papers, each sat at its own time, somebody is exempt, as known at
        ``at``: as many statements for one as for many."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Why somebody may not sit a paper at a time: a phrase for the refusal, with its values by name."""

    phrase: str
    values: Mapping[str, object] = field(default_factory=dict)


class Resits(Protocol):
    """Knows who may not sit a paper again yet, by the paper's rules on repeating."""

    def barred(self, paper: str, people: Collection[PersonId], opens_at: datetime) -> Mapping[PersonId, Bar]:
        """Return who of ``people`` may not sit the paper (its ref) at that time, and why; only those."""


class OnPaper(Protocol):
    """Knows the forms that are answered on paper."""

    def met(self, person: PersonId, paper: str) -> frozenset[int]:
        """Return the ids of the questions of all forms printed for a person at a paper (its ref)."""

    def out(self, sitting_id: int) -> frozenset[PersonId]:
        """Return who of a sitting has a form on paper that is neither settled nor withdrawn."""


passes: Slot[Passes] = Slot("passes")
exemptions: Slot[Exemptions] = Slot("exemptions")
resits: Slot[Resits] = Slot("re-sits")
on_paper: Slot[OnPaper] = Slot("forms on paper")


def passed(
    papers: Collection[str], people: Collection[PersonId], at: datetime
) -> Mapping[str, frozenset[PersonId]]:
    """Return by paper who has passed it; asks nobody where there is no paper."""
    if passes.filling is None or not papers or not people:
        return {}
    return passes.filling.passed(papers, people, at)


def exempt(
    papers: Collection[str], people: Collection[PersonId], at: datetime
) -> Mapping[str, frozenset[PersonId]]:
    """Return by paper who is exempt from it; asks nobody where there is no paper."""
    if exemptions.filling is None or not papers or not people:
        return {}
    return exemptions.filling.exempt(papers, people, at)


def exempt_at(person: PersonId, sat: Collection[PaperAt], at: datetime) -> frozenset[PaperAt]:
    """Return from which papers, each sat at its own time, somebody is exempt."""
    if exemptions.filling is None or not sat:
        return frozenset()
    return exemptions.filling.exempt_at(person, sat, at)


def barred(paper: str, people: Collection[PersonId], opens_at: datetime) -> Mapping[PersonId, Bar]:
    """Return who may not sit a paper again at a time."""
    if resits.filling is None or not people:
        return {}
    return resits.filling.barred(paper, people, opens_at)


def met_on_paper(person: PersonId, paper: str) -> frozenset[int]:
    """Return the questions somebody has been given on paper at a paper (its ref)."""
    return on_paper.filling.met(person, paper) if on_paper.filling is not None else frozenset()


def sits_on_paper(sitting_id: int) -> frozenset[PersonId]:
    """Return who of a sitting answers on paper at the moment: they cannot start online."""
    return on_paper.filling.out(sitting_id) if on_paper.filling is not None else frozenset()
