"""A month's numbers beside the plan's targets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cstrain.kernel.ids import PersonId
from cstrain.performance import queries as performance
from cstrain.performance import rules as performance_rules
from cstrain.performance.assessment import rules
from cstrain.performance.assessment.facts import Plan, Sheet, TargetState
from cstrain.performance.facts import MonthFacts


@dataclass(frozen=True, slots=True)
class MonthNumbers:
    """What is known of a person's month, and the plan's targets beside it.

    ``met`` and ``unknown``: weights in per cent of targets met, and of those nobody can tell from numbers.
    """

    record: MonthFacts | None
    values: Mapping[str, Decimal]
    targets: tuple[TargetState, ...]
    met: int
    unknown: int


def numbers_of(sheets: Collection[Sheet], plans: Mapping[int, Plan]) -> dict[int, MonthNumbers]:
    """Return each sheet's numbers by its id, in a fixed number of statements; ``plans`` by id."""
    records = {
        (one.person_id, one.month): one
        for one in performance.records({each.person_id for each in sheets}, {each.month for each in sheets})
    }
    return {one.id: _numbers(one, records, plans) for one in sheets}


def _numbers(
    one: Sheet, records: Mapping[tuple[PersonId, date], MonthFacts], plans: Mapping[int, Plan]
) -> MonthNumbers:
    record = records.get((one.person_id, one.month))
    values: dict[str, Decimal] = {}
    if record is not None:
        known = performance_rules.with_sales_share(record.values)
        values = {name: value for name, value in known.items() if name != "score"}
        if record.deductions is not None:
            values["deductions"] = Decimal(record.deductions)
    plan = plans.get(one.plan_id) if one.plan_id is not None else None
    states = rules.target_states(plan.targets if plan is not None else (), values)
    return MonthNumbers(record, values, states, *rules.attained(states))
