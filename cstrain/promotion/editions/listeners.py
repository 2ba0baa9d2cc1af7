"""Fills what the core of promotion asks for: the editions that the company approved itself."""

from __future__ import annotations

from collections.abc import Sequence

from flask import has_app_context

from cstrain.judgement.ladder import Ladder
from cstrain.promotion.editions import queries
from cstrain.promotion.ports import own_editions


class _Own:
    """The company's own editions, while there is a database to ask."""

    def approved(self) -> Sequence[Ladder]:
        """Return all of them; none outside of an application."""
        return queries.approved_ladders() if has_app_context() else ()


own_editions.fill(_Own())
