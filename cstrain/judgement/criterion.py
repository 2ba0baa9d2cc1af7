"""The contract of a criterion, and the registry of its kinds.

One kind is one file in ``criteria/``: a frozen class under its YAML name, typed parameters, one method.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field

from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.kernel.registry import Registry
from cstrain.wording.said import say


class Criterion(BaseModel):
    """A published condition. ``text`` is its wording, ``clause`` where it is published."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    text: str = Field(min_length=1)
    clause: str = ""

    @abstractmethod
    def check(self, facts: Dossier) -> Finding:
        """Return the explained answer; a missing fact is unknown."""
        raise NotImplementedError

    def turns(self, facts: Dossier) -> tuple[date, ...]:
        """Return the days on which time alone may bring a better answer (a day too many does no harm)."""
        return ()

    def moves_by_month(self) -> bool:
        """Tell whether the closing of another month may bring a better answer."""
        return False

    def finding(
        self, state: State, says: str, *, value: str = "", needs: str = "", records: tuple[Evidence, ...] = ()
    ) -> Finding:
        """Return a finding of this criterion."""
        return Finding(self.kind, state, says, self.clause, records, self.text, value, needs)


def one_by_one(findings: Sequence[Finding]) -> str:
    """Return what one finding or more say, one sentence after another."""
    says = findings[0].says
    for finding in findings[1:]:
        says = say("%(says)s%(also)s", says=says, also=finding.says)
    return says


criteria: Registry[type[Criterion]] = Registry("criterion")
C = TypeVar("C", bound=Criterion)


def criterion(kind: type[C]) -> type[C]:
    """Register a class under the one name its field ``kind`` allows."""
    names = get_args(kind.model_fields["kind"].annotation)
    if len(names) != 1:
        raise TypeError(f"{kind.__name__}.kind must be one Literal")
    criteria.add(names[0], kind)
    return kind
