"""Refusals: what the domain says no to, in words for the user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Each:
    """A value of a refusal that lists: one phrase said of several things, in the reader's language.

    ``phrase`` is a message key with ``%(name)s`` places, filled by each of ``rows``.
    """

    def __init__(self, phrase: str, rows: Iterable[Mapping[str, object]]) -> None:
        self.phrase = phrase
        self.rows = tuple(rows)

    def __str__(self) -> str:
        return "、".join(self.phrase % row for row in self.rows)


class DomainError(Exception):
    """A refusal with a message key for translation and its values.

    ``message`` is a Chinese sentence with ``%(name)s`` places (what happened, why, what to do);
    the catalogue holds its English twin. The page that refuses keeps what was typed.
    """

    status = 422

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class NotFoundError(DomainError):
    """What was asked for does not exist, or is not for this person: both answer the same."""

    status = 404


class ForbiddenError(DomainError):
    """The person may not do this."""

    status = 403


class ConflictError(DomainError):
    """The state has moved on since the page was loaded."""

    status = 409
