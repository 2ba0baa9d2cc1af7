"""What the road of an edition asks of the thing that has editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from cstrain.policies.yaml_source import Fault
from cstrain.promotion.editions.facts import Changed, EditionFacts
from cstrain.promotion.editions.rules import Numbered


class Policy(Protocol):
    """A ladder or a chapter, with its editions."""

    unseen: str
    """The refusal (a msgid) of whoever approves without having looked."""

    @property
    def ref(self) -> str:
        """How editions name it."""

    @property
    def title(self) -> str:
        """What people call it (Chinese)."""

    def known(self) -> Sequence[Numbered]:
        """Return every edition there is, shipped and approved here."""

    def begun(self, number: int, start: date) -> tuple[str, str]:
        """Return the texts with which its next edition begins: text and scenario cases."""

    def stamped(self, text: str, cases: str, number: int, start: date) -> tuple[str, str]:
        """Return typed texts as those of an edition with this number and first day."""

    def differences(self, base: int, text: str, number: int, start: date | None = None) -> list[Changed]:
        """Return what a text changes; raises ``SourceError`` with the line of each fault in it.

        ``start``: the first day that it must say, where that is still to be checked.
        """

    def failing(self, one: EditionFacts) -> Sequence[Fault]:
        """Return the scenario cases of an edition that fail."""

    def seen(self, one: EditionFacts, today: date) -> tuple[Mapping[str, Any], Mapping[str, int]]:
        """Return what is shown to who looks at an edition, and its numbers for the audit log."""
