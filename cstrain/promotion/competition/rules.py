"""Working out a competition: factors, totals, ranks, and which acts may follow. Pure.

Numbers are exact fractions up to the rank; what is shown is rounded, what is compared is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from cstrain.promotion.competition.facts import (
    COLLEAGUES,
    Check,
    Counts,
    Event,
    FactorLine,
    Have,
    Inputs,
    Missing,
    MonthScore,
    Phase,
    Place,
    Scored,
)
from cstrain.promotion.competition.policy import SHEETS, Colleagues, CompetitionRules, Months

_CENT = Decimal("0.01")


def shown(value: Fraction) -> Decimal:
    """Return a value as pages show it: two decimals, half up."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(_CENT, rounding=ROUND_HALF_UP)


def mean(values: Sequence[Fraction]) -> Fraction:
    """Return the exact mean; there must be values."""
    return sum(values, Fraction(0)) / len(values)


def band_points(average: Fraction, months: Months) -> Fraction:
    """Return what the mean of monthly scores earns, out of 100: each band begins with its start."""
    return Fraction(next(band.points for band in reversed(months.bands) if average >= Fraction(band.start)))


def colleagues_mean(counts: Counts, sheet: Colleagues) -> Fraction:
    """Return the mean of all answers of all colleagues, out of 100, from counts alone.

    Everybody answers every item, so this is the mean of the colleagues' own means.
    """
    worth = {answer.id: Fraction(answer.points) for answer in sheet.answers}
    given = [(worth[answer], n) for item in counts.values() for answer, n in item.items()]
    return sum((points * n for points, n in given), Fraction(0)) / sum(n for _points, n in given)


def missing(have: Have, rules: CompetitionRules) -> tuple[Missing, ...]:
    """Return what keeps a candidate's total from being worked out, in the order of the factors.

    Every interviewer of the panel is awaited, and so is every colleague until their answering is closed.
    """
    return tuple(lack for factor in rules.factors if (lack := _lack(factor.id, have, rules)) is not None)


def _lack(factor: str, have: Have, rules: CompetitionRules) -> Missing | None:
    who = have.candidate
    if factor == "pm":
        without = tuple(each.month for each in have.months if each.score is None)
        known, need = len(have.months) - len(without), rules.months.count
        return Missing(who, factor, known, need, without) if known < need else None
    if factor == COLLEAGUES:
        there, need = have.raters, max(rules.colleagues.least, have.due)
    else:
        there, need = have.sheets.get(factor, 0), rules.sheet(factor).least
        need = max(need, have.panel) if factor == "interview" else need
    return Missing(who, factor, there, need) if there < need else None


def have_of(inputs: Inputs) -> Have:
    """Return how much of everything is there, for inputs that nobody else is awaited for."""
    sheets = {kind: len(_sheets(kind, inputs)) for kind in SHEETS}
    return Have(inputs.candidate, sheets, 0, inputs.raters, 0, inputs.months)


def _sheets(factor: str, inputs: Inputs) -> tuple[Fraction, ...]:
    return {"ability": inputs.ability, "interview": inputs.interview, "manager": inputs.manager}[factor]


def scored(inputs: Inputs, rules: CompetitionRules) -> Scored:
    """Return a candidate's total; raises ``ValueError`` where a factor is missing (ask ``missing`` first)."""
    if missing(have_of(inputs), rules):
        raise ValueError("a factor is missing")
    lines = tuple(_line(factor.id, Fraction(factor.weight) / 100, inputs, rules) for factor in rules.factors)
    total = sum((line.points for line in lines), Fraction(0))
    return Scored(inputs.candidate, inputs.hired_on, lines, total)


def _line(factor: str, weight: Fraction, inputs: Inputs, rules: CompetitionRules) -> FactorLine:
    if factor == "pm":
        given = tuple(Fraction(each.score) for each in inputs.months if each.score is not None)
        raw = band_points(mean(given), rules.months)
    elif factor == COLLEAGUES:
        given = ()
        raw = colleagues_mean(inputs.counts or {}, rules.colleagues)
    else:
        given = _sheets(factor, inputs)
        raw = mean(given)
    return FactorLine(factor, given, raw, raw * weight)


def ranking(every: Iterable[Scored], rules: CompetitionRules) -> tuple[Place, ...]:
    """Return the order: by total, then as the rules break ties; who is equal to the last shares the rank.

    ``by`` names the comparison that separated equal totals.
    """

    def key(one: Scored) -> tuple[Fraction, ...]:
        return (-one.total, *(_tie(one, tie) for tie in rules.tie_order))

    ordered = sorted(every, key=lambda one: (key(one), one.candidate))
    places: list[Place] = []
    for _key, group in groupby(ordered, key=key):
        equal, rank = list(group), len(places) + 1
        places += [Place(rank, one, len(equal) > 1, _separated(one, ordered, rules)) for one in equal]
    return tuple(places)


def _tie(one: Scored, tie: str) -> Fraction:
    return Fraction(one.hired_on.toordinal()) if tie == "tenure" else -one.raw(tie)


def _separated(one: Scored, every: Sequence[Scored], rules: CompetitionRules) -> str:
    """Return the first comparison that tells somebody from those with the same total; empty without any."""
    rivals = [other for other in every if other.total == one.total and other is not one]
    ties = (tie for tie in rules.tie_order if any(_tie(one, tie) != _tie(other, tie) for other in rivals))
    return next(ties, "")


# keeping a calculation, and working it out again


def inputs_record(inputs: Inputs) -> dict[str, Any]:
    """Return a candidate's inputs as plain data; ``inputs_of`` reads them back."""
    return {
        "candidate": inputs.candidate,
        "hired_on": inputs.hired_on.isoformat(),
        "months": [
            [each.month.isoformat(), None if each.score is None else f"{each.score:f}"]
            for each in inputs.months
        ],
        "counts": {item: dict(answers) for item, answers in (inputs.counts or {}).items()},
        "raters": inputs.raters,
        **{kind: [str(value) for value in _sheets(kind, inputs)] for kind in SHEETS},
    }


def inputs_of(record: Mapping[str, Any]) -> Inputs:
    """Return the inputs kept by ``inputs_record``."""
    sheets = {kind: tuple(Fraction(value) for value in record[kind]) for kind in SHEETS}
    months = tuple(
        MonthScore(date.fromisoformat(month), None if score is None else Decimal(score))
        for month, score in record["months"]
    )
    return Inputs(
        record["candidate"],
        date.fromisoformat(record["hired_on"]),
        months=months,
        counts=record["counts"],
        raters=record["raters"],
        **sheets,
    )


def result_record(places: Sequence[Place]) -> list[list[Any]]:
    """Return ranks and exact totals as plain data, in order."""
    return [[place.scored.candidate, place.rank, str(place.scored.total)] for place in places]


# where an application and a competition stand


def check_of(events: Sequence[Event]) -> Check:
    """Return where an application stands from its events in order; the newest word of HR counts."""
    kinds = [event.kind for event in events]
    if "withdrawn" in kinds:
        return Check.WITHDRAWN
    words = [kind for kind in kinds if kind in {"passed", "returned"}]
    if words:
        return Check(words[-1])
    return Check.WAITS_CHECK if "opinion" in kinds else Check.WAITS_OPINION


def phase_of(kinds: frozenset[str], opens_on: date, closes_on: date, today: date) -> Phase:
    """Return how far a competition is: by what happened, else by the day."""
    for kind, phase in (
        ("ended", Phase.ENDED),
        ("decided", Phase.DECIDED),
        ("calculated", Phase.CALCULATED),
        ("started", Phase.RATING),
    ):
        if kind in kinds:
            return phase
    if today < opens_on:
        return Phase.ANNOUNCED
    return Phase.OPEN if today <= closes_on else Phase.CHECKING


def winners_fit(chosen: Sequence[int], places: Sequence[Place], seats: int) -> bool:
    """Tell whether the chosen are the first of the ranking, as many as there are seats or fewer (or none).

    Those who share the last rank that has a seat may be chosen among.
    """
    ranks = {place.scored.candidate: place.rank for place in places}
    if not set(chosen) <= set(ranks) or len(set(chosen)) != len(chosen) or len(chosen) > seats:
        return False
    worst = max((ranks[one] for one in chosen), default=0)
    return all(one in chosen for one, rank in ranks.items() if rank < worst)
