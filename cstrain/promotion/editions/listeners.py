"""Fills what others ask for: own editions of ladders and their acknowledgement, own editions of chapters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import has_app_context

from cstrain.extensions import local_date, now
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.ids import PersonId
from cstrain.policies.chapters import editable_name
from cstrain.policies.loader import OwnEdition, own_chapters
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


class _Chapters:
    """The company's own editions of chapters, while there is a database to ask."""

    def editions(self, relative: str) -> Sequence[OwnEdition]:
        """Return those of a file; a file that is only shipped costs no statement."""
        name = editable_name(relative)
        return queries.own_chapter(name) if name is not None and has_app_context() else ()

    def text(self, edition_id: int) -> str:
        """Return the text of one of them."""
        return queries.text_of(edition_id)

    def today(self) -> date:
        """Return the company's day by the application's clock."""
        return local_date(now())


own_chapters.fill(_Chapters())
