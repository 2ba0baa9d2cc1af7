"""Working out a monthly review, drawing peers, and keeping a result so that it can be worked out again. Pure.

Numbers are exact fractions; what is shown is rounded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from cstrain.kernel.ids import PersonId
from cstrain.performance.reviews.facts import (
    Counts,
    CustomersSaid,
    FactorMean,
    Inputs,
    Outcome,
    State,
    ViewLine,
)
from cstrain.performance.reviews.policy import (
    CUSTOMERS,
    PEERS,
    SELF,
    Customers,
    ReviewRules,
    ViewId,
)

_CENT = Decimal("0.01")
_ZERO = Fraction(0)


def shown(value: Fraction) -> Decimal:
    """Return a value as pages show it: two decimals, half up."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(_CENT, rounding=ROUND_HALF_UP)


# the views


def named_view(answers: Mapping[str, str], rules: ReviewRules) -> tuple[FactorMean, ...]:
    """Return a named form's factors, out of 100 each; every factor is answered."""
    worth = rules.worth()
    return tuple(FactorMean(each.id, Fraction(worth[answers[each.id]])) for each in rules.factors)


def peers_view(counts: Counts, rules: ReviewRules) -> tuple[FactorMean, ...]:
    """Return the peers' factors: the mean of who could tell; ``None`` where fewer than the least could."""
    return tuple(FactorMean(each.id, _peers_mean(counts.get(each.id, {}), rules)) for each in rules.factors)


def _peers_mean(chosen: Mapping[str, int], rules: ReviewRules) -> Fraction | None:
    worth = rules.worth()
    telling = {answer: n for answer, n in chosen.items() if answer in worth}
    n = sum(telling.values())
    if n < rules.peers.least:
        return None
    return sum((Fraction(worth[answer]) * times for answer, times in telling.items()), _ZERO) / n


def view_mean(factors: Sequence[FactorMean], rules: ReviewRules) -> Fraction | None:
    """Return the weighted mean of the factors that are known, out of 100; ``None`` when none is."""
    known = [(each.mean, Fraction(rules.factor(each.factor).weight)) for each in factors]
    told = [(mean, weight) for mean, weight in known if mean is not None]
    if not told:
        return None
    return sum((mean * weight for mean, weight in told), _ZERO) / sum(weight for _mean, weight in told)


def customers_mean(said: CustomersSaid, chapter: Customers) -> Fraction | None:
    """Return customers' view out of 100: satisfaction less what complaints take, never below 0.

    Unknown without a satisfaction, however many complaints there are.
    """
    if said.csat is None:
        return None
    ordinary = said.complaints - said.major
    taken = Fraction(chapter.complaint) * ordinary + Fraction(chapter.major) * said.major
    return max(_ZERO, said.csat - taken)


# the whole


def outcome(inputs: Inputs, rules: ReviewRules) -> Outcome:
    """Return the result of a month: every view with its weight, and the total where no view is missing.

    The weight of a view that is withheld or unused is spread over the others in proportion; that of a missing
    view is not: then there is no total, only its bounds.
    """
    drafts = [_draft(view.id, inputs, rules) for view in rules.views]
    weights = {view.id: Fraction(view.weight) for view in rules.views}
    counting = sum(
        (weights[view] for view, state, *_ in drafts if state in {State.KNOWN, State.MISSING}), _ZERO
    )
    lines = tuple(_line(draft, weights[draft[0]], counting) for draft in drafts)
    low = sum((line.points for line in lines if line.points is not None), _ZERO)
    open_weight = sum((line.counted for line in lines if line.state is State.MISSING), _ZERO)
    return Outcome(lines, low if not open_weight else None, low, low + open_weight)


_Draft = tuple[ViewId, State, int | None, int | None, Fraction | None, tuple[FactorMean, ...]]


def _draft(view: ViewId, inputs: Inputs, rules: ReviewRules) -> _Draft:
    if view == PEERS:
        return _peers_draft(inputs, rules)
    if view == CUSTOMERS:
        said = inputs.customers
        if said is None:
            return view, State.UNUSED, None, None, None, ()
        mean = customers_mean(said, rules.customers)
        return view, State.MISSING if mean is None else State.KNOWN, None, None, mean, ()
    answers = inputs.own if view == SELF else inputs.manager
    if answers is None:
        return view, State.MISSING, 0, 1, None, ()
    factors = named_view(answers, rules)
    return view, State.KNOWN, 1, 1, view_mean(factors, rules), factors


def _peers_draft(inputs: Inputs, rules: ReviewRules) -> _Draft:
    reached = inputs.counts is not None and inputs.answered >= rules.peers.least
    factors = peers_view(inputs.counts or {}, rules) if reached else ()
    mean = view_mean(factors, rules)
    state = State.WITHHELD if mean is None else State.KNOWN
    return PEERS, state, inputs.answered, inputs.asked, mean, factors if mean is not None else ()


def _line(draft: _Draft, weight: Fraction, counting: Fraction) -> ViewLine:
    view, state, n, asked, mean, factors = draft
    counts = state in {State.KNOWN, State.MISSING}
    return ViewLine(
        view, state, n, asked, mean, weight, weight / counting * 100 if counts else _ZERO, factors
    )


# who is asked


def draw(
    subjects: Mapping[PersonId, Collection[PersonId]], seed: str, count: int
) -> dict[PersonId, tuple[PersonId, ...]]:
    """Return whom each person's peers are: ``count`` of those who may be (all, where there are fewer).

    ``subjects``: by person the colleagues who may be asked. Everybody is asked about equally often: the least
    asked so far come first, then the smallest SHA-256 of seed, person and colleague. Anybody who knows the
    seed can repeat it; the order in which people are given plays no part.
    """
    asked: dict[PersonId, int] = {}
    found: dict[PersonId, tuple[PersonId, ...]] = {}
    for person in sorted(subjects, key=lambda one: _lot(seed, one)):
        may = sorted(set(subjects[person]), key=lambda one: (asked.get(one, 0), _lot(seed, person, one)))
        for each in may[:count]:
            asked[each] = asked.get(each, 0) + 1
        found[person] = tuple(sorted(may[:count]))
    return found


def _lot(seed: str, *of: int) -> str:
    return hashlib.sha256(":".join((seed, *(str(each) for each in of))).encode()).hexdigest()


# keeping a result


def inputs_record(inputs: Inputs) -> dict[str, Any]:
    """Return what a result rests on as plain data; ``inputs_of`` reads it back."""
    said = inputs.customers
    return {
        "self": dict(inputs.own) if inputs.own is not None else None,
        "manager": dict(inputs.manager) if inputs.manager is not None else None,
        "asked": inputs.asked,
        "answered": inputs.answered,
        "counts": (
            {factor: dict(chosen) for factor, chosen in inputs.counts.items()}
            if inputs.counts is not None
            else None
        ),
        "customers": (
            None
            if said is None
            else {
                "csat": None if said.csat is None else str(said.csat),
                "complaints": said.complaints,
                "major": said.major,
                "source": said.source,
            }
        ),
    }


def inputs_of(record: Mapping[str, Any]) -> Inputs:
    """Return the inputs kept by ``inputs_record``."""
    said = record["customers"]
    customers = None
    if said is not None:
        csat = None if said["csat"] is None else Fraction(said["csat"])
        customers = CustomersSaid(csat, said["complaints"], said["major"], said["source"])
    return Inputs(
        record["self"], record["manager"], record["asked"], record["answered"], record["counts"], customers
    )


def outcome_record(found: Outcome) -> list[list[Any]]:
    """Return states, exact means and weights, and the total, as plain data."""
    lines = [
        [line.view, line.state.value, None if line.mean is None else str(line.mean), str(line.counted)]
        for line in found.lines
    ]
    return [*lines, ["total", "", None if found.total is None else str(found.total), ""]]
