"""Judgements and simulations as plain data: what the commands print and what an export holds."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from cstrain.kernel.finding import Finding
from cstrain.promotion.facts import Change, Explanation, Group, Judged, Simulation


def finding(one: Finding) -> dict[str, Any]:
    """Return a finding: kind, state, says, clause and the records behind it."""
    return {
        "kind": one.kind,
        "state": str(one.state),
        "says": one.says,
        "clause": one.clause,
        "records": [{"kind": each.kind, "ref": each.ref, "label": each.label} for each in one.records],
    }


def explanation(one: Explanation) -> dict[str, Any]:
    """Return the object of ``promotion explain``."""
    judged = one.judged
    return {
        "person": judged.person.staff_no,
        "ladder": judged.ladder.ref,
        "edition": judged.ladder.edition,
        "from_level": _level(judged),
        "to_level": judged.step.goal if judged.step is not None else None,
        "on": one.on.isoformat(),
        "eligible": judged.eligible,
        "earliest": one.earliest.isoformat() if one.earliest is not None else None,
        "findings": [finding(each) for each in judged.findings],
    }


def _level(judged: Judged) -> str | None:
    return str(judged.person.level) if judged.person.level else None


def judgement(one: Judged) -> dict[str, Any]:
    """Return one line of ``promotion evaluate``: who, where to, how near, and what is lacking."""
    return {
        "person": one.person.staff_no,
        "ladder": one.ladder.ref,
        "edition": one.ladder.edition,
        "from_level": _level(one),
        "to_level": one.step.goal if one.step is not None else None,
        "eligible": one.eligible,
        "group": str(one.group),
        "lacking": [
            {"kind": each.kind, "state": str(each.state), "says": each.says, "clause": each.clause}
            for each in one.lacking()
        ],
        "endorsements_awaited": len(one.awaited()),
    }


def counts(every: Iterable[Judged]) -> dict[str, int]:
    """Return how many there are of each group."""
    found = {str(group): 0 for group in Group}
    for one in every:
        found[str(one.group)] += 1
    return found


def change(one: Change) -> dict[str, Any]:
    """Return one person whom a changed ladder concerns; the effect in yuan a month, null when unknown."""
    return {
        "person": one.person.staff_no,
        "from_level": str(one.person.level) if one.person.level else None,
        "to_level": _goal(one),
        "before": str(one.before.group),
        "after": str(one.after.group),
        "pay_effect": _yuan(one.effect),
        "findings": [finding(each) for each in one.findings],
    }


def _goal(one: Change) -> str | None:
    step = one.after.step or one.before.step
    return step.goal if step is not None else None


def _yuan(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def simulation(one: Simulation) -> dict[str, Any]:
    """Return the object of ``promotion simulate``."""
    return {
        "ladder": one.ladder.ref,
        "edition": one.ladder.edition,
        "on": one.on.isoformat(),
        "people": one.people,
        "gains": [change(each) for each in one.gains],
        "loses": [change(each) for each in one.loses],
        "unchanged": one.unchanged,
        "pay_effect": {
            "currency": "CNY",
            "per": "month",
            "known": _yuan(one.effect),
            "unknown_people": one.unknown_effects,
        },
    }
