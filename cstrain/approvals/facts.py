"""What other packages may see of chains of opinions and of acts by two persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cstrain.kernel.ids import PersonId

VERDICT_WORDS = {"agree": "同意", "disagree": "不同意"}
"""Verdicts in words (message ids)."""


@dataclass(frozen=True, slots=True)
class Step:
    """A place in a chain: an office, and the person who holds it here (``None``: any holder of ``roles``).

    ``title`` names the office on pages and documents, ``mark`` in one character. ``rates``: asks for 1–5.
    """

    office: str
    person: PersonId | None
    roles: tuple[str, ...]
    title: str
    mark: str
    rates: bool = False


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """An opinion: ``state`` is given, due or ahead. ``for_person_id``: whom a stand-in spoke for."""

    id: int
    position: int
    office: str
    title: str
    mark: str
    rates: bool
    roles: tuple[str, ...]
    named_person_id: PersonId | None
    state: str
    verdict: str | None
    rating: int | None
    text: str | None
    given_by: PersonId | None
    for_person_id: PersonId | None
    given_at: datetime | None
    due_since: datetime | None


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """A chain of opinions about a person. ``title`` is a message id with ``values``; ``url`` the matter."""

    id: int
    subject: str
    ref: str
    about_id: PersonId
    title: str
    values: dict[str, Any]
    url: str
    created_at: datetime
    closed_at: datetime | None
    withdrawn: bool
    opinions: tuple[OpinionFacts, ...]

    @property
    def due(self) -> OpinionFacts | None:
        """The opinion whose turn it is."""
        return next((one for one in self.opinions if one.state == "due"), None)

    @property
    def complete(self) -> bool:
        """Every opinion is given."""
        return not self.withdrawn and all(one.verdict is not None for one in self.opinions)

    @property
    def disagreeing(self) -> tuple[OpinionFacts, ...]:
        """Opinions that disagree."""
        return tuple(one for one in self.opinions if one.verdict == "disagree")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An opinion that waits for somebody; ``for_person_id`` when they would give it as a stand-in."""

    chain: ChainFacts
    opinion: OpinionFacts
    since: datetime
    for_person_id: PersonId | None


@dataclass(frozen=True, slots=True)
class ActFacts:
    """An act by two persons: state is open, confirmed or refused."""

    id: int
    kind: str
    subject: str
    about_id: PersonId
    payload: dict[str, Any]
    reason: str
    proposed_by: PersonId
    proposed_at: datetime
    confirmed_by: PersonId | None
    confirmed_at: datetime | None
    refused_by: PersonId | None
    refused_at: datetime | None
    refused_why: str | None

    @property
    def state(self) -> str:
        """``open``, ``confirmed`` or ``refused``."""
        if self.confirmed_at is not None:
            return "confirmed"
        return "refused" if self.refused_at is not None else "open"
