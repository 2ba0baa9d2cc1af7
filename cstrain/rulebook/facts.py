"""What other packages may know of acknowledgements. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.rulebook.policy import Document


@dataclass(frozen=True, slots=True)
class AcknowledgementFacts:
    """Somebody acknowledged an edition of a document, by its digest, at an instant."""

    person_id: PersonId
    document: str
    edition: int
    digest: str
    acknowledged_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A document for one reader: the edition in force, whether it concerns them, when they acknowledged
    it."""

    document: Document
    concerns: bool
    acknowledged_at: datetime | None

    @property
    def is_due(self) -> bool:
        """Whether the reader still has to acknowledge it."""
        return self.concerns and self.acknowledged_at is None


@dataclass(frozen=True, slots=True)
class Tracking:
    """Where a document stands: who has acknowledged it and who has not."""

    document: Document
    done: tuple[tuple[PersonFacts, datetime], ...]
    waiting: tuple[PersonFacts, ...]
