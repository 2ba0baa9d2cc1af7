"""The calculation as pages, tables and paper show it: every number it rests on, beside every result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext

from cstrain.documents.tables import Cell
from cstrain.people.facts import PersonFacts
from cstrain.performance.discipline.policy import bare_label
from cstrain.promotion.competition.facts import Inputs, MonthScore, Place
from cstrain.promotion.competition.policy import CompetitionRules
from cstrain.promotion.competition.queries import Calculation
from cstrain.promotion.competition.rules import mean, shown
from cstrain.promotion.competition.wording import TIE_WORDS


@dataclass(frozen=True, slots=True)
class FactorCell:
    """A factor of one candidate: out of 100, its weight in per cent, what it adds to the total."""

    id: str
    title: str
    raw: Decimal
    weight: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate on the calculation sheet, with everything the total is worked out from."""

    candidate: int
    person: PersonFacts
    rank: int
    shared: bool
    by: str
    total: Decimal
    exact: str
    cells: tuple[FactorCell, ...]
    months: tuple[MonthScore, ...]
    months_mean: Decimal
    ability: tuple[Decimal, ...]
    interview: tuple[Decimal, ...]
    manager: tuple[Decimal, ...]
    counts: tuple[tuple[str, tuple[int, ...]], ...]
    raters: int
    hired_on: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The calculation sheet. ``answers``: title and worth of each answer of the colleagues' sheet."""

    at: datetime
    digest: str
    intact: bool
    rules: CompetitionRules
    answers: tuple[tuple[str, Decimal], ...]
    lines: tuple[Line, ...]


def calculation_sheet(found: Calculation, persons: Mapping[int, PersonFacts]) -> Sheet:
    """Return the sheet of a calculation; ``persons`` by candidate."""
    answers = tuple((gettext(each.title), each.points) for each in found.rules.colleagues.answers)
    lines = tuple(
        _line(place, found.inputs_of(place.scored.candidate), found.rules, persons) for place in found.places
    )
    return Sheet(found.at, found.digest, found.intact, found.rules, answers, lines)


def _line(place: Place, inputs: Inputs, rules: CompetitionRules, persons: Mapping[int, PersonFacts]) -> Line:
    scored = place.scored
    cells = tuple(
        FactorCell(
            each.factor,
            gettext(rules.factor(each.factor).title),
            shown(each.raw),
            rules.factor(each.factor).weight,
            shown(each.points),
        )
        for each in scored.lines
    )
    scores = [Fraction(each.score) for each in inputs.months if each.score is not None]
    return Line(
        scored.candidate,
        persons[scored.candidate],
        place.rank,
        place.shared,
        gettext(TIE_WORDS[place.by]) if place.by else "",
        shown(scored.total),
        _exact(scored.total),
        cells,
        inputs.months,
        shown(mean(scores)),
        _all(inputs.ability),
        _all(inputs.interview),
        _all(inputs.manager),
        _counts(inputs, rules),
        inputs.raters,
        inputs.hired_on.isoformat(),
    )


def _all(values: tuple[Fraction, ...]) -> tuple[Decimal, ...]:
    return tuple(shown(value) for value in values)


def _counts(inputs: Inputs, rules: CompetitionRules) -> tuple[tuple[str, tuple[int, ...]], ...]:
    sheet, counts = rules.colleagues, inputs.counts or {}
    return tuple(
        (gettext(item.title), tuple(counts[item.id].get(answer.id, 0) for answer in sheet.answers))
        for item in sheet.items
    )


def _exact(value: Fraction) -> str:
    """Return the exact total: as a decimal where it ends, else as a fraction."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"


def with_days(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the system knew of an applicant with its days as days, for pages."""
    day = date.fromisoformat
    return {
        **known,
        "hired_on": day(known["hired_on"]),
        "post_since": day(known["post_since"]),
        "months": [{**each, "month": day(each["month"])} for each in known["months"]],
        "registers": [
            [kind, day(on), *bare_label(kind, label)] for kind, on, label, _ref in known["registers"]
        ],
    }


def table(sheet: Sheet) -> list[list[Cell]]:
    """Return the sheet as the rows of a workbook: what was given, each factor, the total."""
    most = max((len(line.interview) for line in sheet.lines), default=0)
    months = [each.month for each in sheet.lines[0].months] if sheet.lines else []
    head: list[Cell] = [
        gettext("名次"),
        gettext("姓名"),
        gettext("工号"),
        gettext("部门"),
        gettext("入职日期"),
    ]
    head += [gettext("月度分%(n)s", n=number + 1) for number in range(len(months))]
    head += [gettext("面试%(n)s", n=number + 1) for number in range(most)]
    head += [gettext("同事人数")]
    for factor in sheet.rules.factors:
        title = gettext(factor.title)
        head += [
            gettext("%(factor)s（百分制）", factor=title),
            gettext("%(factor)s（×%(w)s%%）", factor=title, w=f"{factor.weight:f}"),
        ]
    return [[*head, gettext("总分"), gettext("总分（精确）")], *(_row(line, most) for line in sheet.lines)]


def _row(line: Line, most: int) -> list[Cell]:
    interview = [*line.interview, *[None] * (most - len(line.interview))]
    factors = [value for cell in line.cells for value in (cell.raw, cell.points)]
    return [
        line.rank,
        line.person.name,
        line.person.staff_no,
        line.person.department_name,
        line.hired_on,
        *(each.score for each in line.months),
        *interview,
        line.raters,
        *factors,
        line.total,
        line.exact,
    ]
