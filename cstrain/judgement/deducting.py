"""How many deductions the latest closed months hold. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cstrain.judgement.facts import Dossier
from cstrain.judgement.windows import latest, named
from cstrain.kernel.finding import Evidence
from cstrain.wording.said import Said, said_row, say


@dataclass(frozen=True, slots=True)
class Counted:
    """Known entries of the window; ``missing``: months without a number; ``before``: not yet employed."""

    total: int
    listed: Said
    missing: tuple[date, ...]
    before: tuple[date, ...]
    records: tuple[Evidence, ...]


def counted(facts: Dossier, months: int) -> Counted | None:
    """Count the entries of the latest ``months`` closed months; ``None`` while no month is closed."""
    window = latest(facts, months)
    if window is None:
        return None
    numbers = [(one, one.deductions) for one in window.known if one.deductions is not None]
    unknown = (one.month for one in window.known if one.deductions is None)
    some = [say("%(month)s%(n)s次", month=named((one.month,)), n=number) for one, number in numbers if number]
    return Counted(
        sum(number for _, number in numbers),
        said_row("、", some),
        tuple(sorted((*window.missing, *unknown))),
        window.before,
        tuple(
            Evidence("deductions", one.ref, say("%(month)s扣分%(n)s次", month=named((one.month,)), n=number))
            for one, number in numbers
        ),
    )
