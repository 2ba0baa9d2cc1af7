"""Fills what the core of promotion asks for: own editions, and their acknowledgement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import has_app_context

from cstrain.judgement.ladder import Ladder
from cstrain.kernel.ids import PersonId
from cstrain.promotion.editions import queries
from cstrain.promotion.ports import own_editions


class _Own:
    """The company's own editions, while there is a database to ask."""

    def approved(self) -> Sequence[Ladder]:
        """Return all of them; none outside of an application."""
        return queries.approved_ladders() if has_app_context() else ()

    def unacknowledged(self, person: PersonId, on: date) -> int:
        """Return how many editions bind somebody that they have not acknowledged."""
        return sum(one.at is None for one in queries.due_for(person, on))


own_editions.fill(_Own())
