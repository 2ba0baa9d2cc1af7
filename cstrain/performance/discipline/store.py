"""The rule sets in force, and rows of this room by key, locked where an act needs it."""

from __future__ import annotations

from datetime import date
from functools import cache

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.dated import in_force
from cstrain.kernel.errors import NotFoundError
from cstrain.performance.discipline.models import Deduction, RegisterEntry
from cstrain.performance.discipline.policy import RuleSet
from cstrain.policies.loader import load_folder
from cstrain.unit_of_work import locked

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


@cache
def editions() -> tuple[RuleSet, ...]:
    """Return every edition of every rule set, read once; raises ``SourceError`` with file and line."""
    return load_folder(RuleSet, "discipline")


def kept_from() -> date:
    """Return the first day from which deductions are booked here: no rule set is older.

    Of an earlier month nothing is known unless its sums were brought in.
    """
    return min(one.effective_from for one in editions())


def rule_sets(on: date) -> list[RuleSet]:
    """Return the edition of each rule set in force on a day, by ref; empty before the first."""
    refs = sorted({one.ref for one in editions() if one.effective_from <= on})
    return [in_force([one for one in editions() if one.ref == ref], on) for ref in refs]


def rule_set(ref: str, on: date) -> RuleSet | None:
    """Return the edition of a rule set in force on a day, if there is one."""
    return next((one for one in rule_sets(on) if one.ref == ref), None)


def edition(ref: str, number: int) -> RuleSet | None:
    """Return one edition of a rule set, if it is still shipped."""
    return next((one for one in editions() if (one.ref, one.edition) == (ref, number)), None)


def locked_deduction(deduction_id: int) -> Deduction:
    """Return a booked deduction (not a reversal), locked; raises ``NotFoundError``."""
    wanted = sa.select(Deduction).where(Deduction.id == deduction_id, Deduction.reverses_id.is_(None))
    row = session().scalar(locked(wanted))
    if row is None:
        raise NotFoundError(MISSING)
    return row


def locked_entry(entry_id: int) -> RegisterEntry:
    """Return a register entry (not a withdrawal), locked; raises ``NotFoundError``."""
    wanted = sa.select(RegisterEntry).where(
        RegisterEntry.id == entry_id, RegisterEntry.withdraws_id.is_(None)
    )
    row = session().scalar(locked(wanted))
    if row is None:
        raise NotFoundError(MISSING)
    return row
