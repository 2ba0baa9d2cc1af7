"""What other packages hand to notifications. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from cstrain.kernel.ids import PersonId


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due: told once for each ``key``. Escalation is one more of these, to the superior,
    with its own key. ``values`` fill the message; days and instants are said in the reader's words."""

    person: PersonId
    message: str
    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    url: str = ""
    due_on: date | None = None
    kind: str = "reminder"


@dataclass(frozen=True, slots=True)
class Bundle:
    """How unread notices of one kind become a single one that counts.

    ``name`` says which of a person's notices belong together. ``message`` is the message id for two and more:
    ``%(n)s`` is their number, the other values are the newest one's. ``url`` leads to where all are seen.
    Mail goes out for the first; for every one where ``mail_each`` says that each is worth a letter.
    """

    name: str
    message: str
    url: str
    mail_each: bool = False


Reminder = Callable[[datetime], list[Due]]


@dataclass(frozen=True, slots=True)
class Address:
    """Where mail to a person goes, and in which language."""

    name: str
    email: str | None
    locale: str


class AddressBook(Protocol):
    """Knows people's addresses; wired by the package that holds them."""

    def __call__(self, person: PersonId) -> Address | None:
        """Return the address, or ``None`` for nobody."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run of the reminders did: notices sent, and the reminders that failed with their errors."""

    sent: int
    failed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MailReport:
    """What a run of the outbox did."""

    sent: int
    failed: int
