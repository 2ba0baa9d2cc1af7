"""Reads of deductions and registers; never writes."""

from cstrain.performance.discipline.queries.deductions import (
    DeductionPage,
    WaitingContest,
    Wanted,
    contested,
    contested_until,
    deduction,
    deduction_page,
    deductions_about,
)
from cstrain.performance.discipline.queries.evidence import counts, registers_of, violations_of
from cstrain.performance.discipline.queries.opening import OpeningFacts, opening_batch
from cstrain.performance.discipline.queries.registers import (
    RegisterPage,
    entries_about,
    register_entry,
    register_page,
)
from cstrain.performance.discipline.queries.spans import (
    deductions_between,
    entries_between,
    withdrawn_among,
)

__all__ = [
    "DeductionPage",
    "OpeningFacts",
    "RegisterPage",
    "WaitingContest",
    "Wanted",
    "contested",
    "contested_until",
    "counts",
    "deduction",
    "deduction_page",
    "deductions_about",
    "deductions_between",
    "entries_about",
    "entries_between",
    "opening_batch",
    "register_entry",
    "register_page",
    "registers_of",
    "violations_of",
    "withdrawn_among",
]
