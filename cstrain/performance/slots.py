"""Places that rooms of performance fill: how often somebody had points deducted in a month."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from cstrain.kernel.ids import PersonId
from cstrain.kernel.slots import Slot

Counts = Mapping[tuple[PersonId, date], tuple[int, int]]
"""By person and first day of a month: number of deductions that were not reversed, and their points."""


class Deductions(Protocol):
    """Knows the deductions of a month."""

    def counts(self, people: Collection[PersonId], months: Collection[date]) -> Counts:
        """Return the counts by person and month, in a fixed number of statements.

        A month of which nothing is known is left out; none booked in a month that was kept is (0, 0).
        """


deductions: Slot[Deductions] = Slot("deductions of a month")


def deductions_of(people: Collection[PersonId], months: Collection[date]) -> Counts:
    """Return number and points of the deductions by person and month; empty while nobody fills the place."""
    return deductions.filling.counts(people, months) if deductions.filling is not None else {}
