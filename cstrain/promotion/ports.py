"""What the core of promotion asks of rooms that stand on it: endorsements given in applications."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from cstrain.judgement.facts import Endorsement
from cstrain.kernel.ids import PersonId
from cstrain.questions.slots import Slot


class Endorsements(Protocol):
    """Knows who has endorsed whom."""

    def of(self, people: Collection[PersonId], on: date) -> Mapping[PersonId, tuple[Endorsement, ...]]:
        """Return the endorsements in force on a day, in a fixed number of statements."""


endorsements: Slot[Endorsements] = Slot("endorsements of people")


def endorsements_of(people: Collection[PersonId], on: date) -> Mapping[PersonId, tuple[Endorsement, ...]]:
    """Return the endorsements of people on a day; empty (unknown) while nobody fills the place."""
    return endorsements.filling.of(people, on) if endorsements.filling is not None else {}
