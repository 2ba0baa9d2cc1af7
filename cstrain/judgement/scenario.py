"""Scenario cases that HR can write: facts of an invented person, a step, the state each clause must have.

Pure. Months are written by columns that all end with the latest closed month; ``null`` is what nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cstrain.judgement.criterion import Criterion
from cstrain.judgement.facts import (
    Authorisation,
    Comparison,
    CourseRecord,
    Dossier,
    Endorsement,
    MonthRecord,
    PaperMark,
    PeerMonth,
    RegisterRecord,
    Standing,
    Violation,
)
from cstrain.judgement.ladder import Step
from cstrain.judgement.windows import back
from cstrain.kernel.finding import State

_SELF = 1


def _first_day(value: object) -> object:
    """Read a month as its first day; anything else is left to be refused."""
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        return value


Month = Annotated[date, BeforeValidator(_first_day)]
Column = tuple[Decimal | None, ...]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class MonthColumns(_Part):
    """Closed months of one person in columns, oldest first; ``missing``: months without any record."""

    brand_points: Column = ()
    values: dict[str, Column] = Field(default_factory=dict)
    away: tuple[Month, ...] = ()
    probation: tuple[Month, ...] = ()
    missing: tuple[Month, ...] = ()


class OwnMonths(MonthColumns):
    """The person's months; ``last`` is the latest closed one."""

    last: Month
    grade: tuple[str | None, ...] = ()
    deductions: tuple[int | None, ...] = ()
    points: tuple[int | None, ...] = ()


class PeerColumns(MonthColumns):
    """A colleague's months; they end with the same month."""

    level: str | None = None
    post: str | None = None


class Entry(_Part):
    """An entry of a register, a violation (``of`` left out), or a course's certificate."""

    of: str = ""
    on: date | None = None
    label: str = "登记"
    major: bool = False
    until: date | None = None


class Mark(_Part):
    """A released mark."""

    paper: str
    raw: Decimal
    on: date
    pass_mark: Decimal = Decimal(80)


class ScenarioFacts(_Part):
    """What is known of the person; what is left out is unknown.

    ``rated``: the rating of every topic of the step that ``ratings`` does not name.
    """

    hired_on: date | None = None
    department_since: date | None = None
    service_since: date | None = None
    level_since: date | None = None
    reached: dict[str, date] = Field(default_factory=dict)
    post: str = "客服"
    converted: bool = True
    months: OwnMonths | None = None
    peers: tuple[PeerColumns, ...] | None = None
    violations: tuple[Entry, ...] | None = None
    registers: tuple[Entry, ...] | None = None
    courses: tuple[Entry, ...] | None = None
    papers: tuple[Mark, ...] | None = None
    exempt: tuple[str, ...] = ()
    rated: int | None = Field(default=None, ge=1, le=5)
    ratings: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    seats: int | None = None
    authorised: tuple[str, ...] | None = None


class Scenario(_Part):
    """One case: ``clauses`` must be in the named state, all others in ``others``, the whole in ``state``."""

    name: str = Field(min_length=1)
    on: date
    start: str | None = Field(alias="from", default=None)
    goal: str = Field(alias="to")
    facts: ScenarioFacts
    state: State
    others: State
    clauses: dict[str, State] = Field(default_factory=dict)


class ScenarioFile(_Part):
    """The cases of one ladder; ``edition`` is the one they were written for."""

    ladder: str
    edition: int = Field(ge=1)
    scenarios: tuple[Scenario, ...] = Field(min_length=1)


def dossier_of(scenario: Scenario, step: Step) -> Dossier:
    """Build the dossier that a scenario describes."""
    facts, on = scenario.facts, scenario.on
    own = facts.months
    width = _width((own, *(facts.peers or ()))) if own else 0
    months = back(own.last, width) if own else ()
    return Dossier(
        papers=_papers(facts.papers),
        violations=_violations(facts.violations),
        endorsements=tuple(_endorsements(facts, step.criteria)),
        on=on,
        person=_SELF,
        standing=_standing(facts, scenario.start),
        months=None if own is None else _own_months(own, months, scenario.start),
        closed=None if own is None else months,
        registers=_registers(facts.registers),
        courses=_courses(facts.courses, on),
        comparison=_comparison(facts, months, scenario.start),
        exempt=frozenset(facts.exempt),
        seats=facts.seats,
        authorised=_authorised(facts.authorised, on),
    )


def _standing(facts: ScenarioFacts, level: str | None) -> Standing:
    return Standing(
        facts.hired_on,
        facts.department_since,
        level,
        facts.level_since,
        facts.post,
        facts.converted,
        history="1",
        reached=facts.reached,
        service_since=facts.service_since,
    )


def _width(parts: Iterable[MonthColumns]) -> int:
    columns: list[tuple[object, ...]] = []
    for part in parts:
        columns += [part.brand_points, *part.values.values()]
        if isinstance(part, OwnMonths):
            columns += [part.grade, part.deductions, part.points]
    return max((len(column) for column in columns), default=0)


def _at(column: tuple[object, ...], months: tuple[date, ...], month: date) -> object:
    place = months.index(month) - len(months)
    return column[place] if -place <= len(column) else None


def _values(part: MonthColumns, months: tuple[date, ...], month: date) -> dict[str, Decimal]:
    found = {name: _at(column, months, month) for name, column in part.values.items()}
    return {name: value for name, value in found.items() if isinstance(value, Decimal)}


def _decimal(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _own_months(own: OwnMonths, months: tuple[date, ...], level: str | None) -> tuple[MonthRecord, ...]:
    found = []
    for month in months:
        if month in own.missing:
            continue
        grade = _at(own.grade, months, month)
        found.append(
            MonthRecord(
                month,
                f"{month:%Y-%m}",
                level,
                grade if isinstance(grade, str) else None,
                _decimal(_at(own.brand_points, months, month)),
                _whole(_at(own.deductions, months, month)),
                _whole(_at(own.points, months, month)),
                _values(own, months, month),
                month in own.away,
                month in own.probation,
            )
        )
    return tuple(found)


def _comparison(facts: ScenarioFacts, months: tuple[date, ...], level: str | None) -> Comparison | None:
    if facts.months is None or facts.peers is None:
        return None
    rows = list(_rows(facts.months, months, _SELF, level, facts.post))
    for number, peer in enumerate(facts.peers, start=_SELF + 1):
        rows += _rows(peer, months, number, peer.level, peer.post or facts.post)
    return Comparison(1, months, tuple(rows))


def _rows(
    part: MonthColumns, months: tuple[date, ...], person: int, level: str | None, post: str
) -> Iterable[PeerMonth]:
    for month in months:
        if month not in part.missing:
            points = _decimal(_at(part.brand_points, months, month))
            values = _values(part, months, month)
            away, probation = month in part.away, month in part.probation
            yield PeerMonth(person, month, level, post, points, values, away, probation)


def _endorsements(facts: ScenarioFacts, criteria: Iterable[Criterion]) -> Iterable[Endorsement]:
    for topic, roles, count in _topics(criteria):
        ratings = facts.ratings.get(topic, () if facts.rated is None else (facts.rated,) * count)
        for number, rating in enumerate(ratings, start=1):
            yield Endorsement(topic, f"{topic}-{number}", "评价人", rating, role=roles[0] if roles else "")


def _topics(criteria: Iterable[Criterion]) -> Iterable[tuple[str, tuple[str, ...], int]]:
    for one in criteria:
        if one.kind == "endorsement":
            yield one.topic, one.roles, one.count  # type: ignore[attr-defined]
        yield from _topics(getattr(one, "of", ()) if one.kind in ("all_of", "any_of") else ())


def _papers(marks: tuple[Mark, ...] | None) -> tuple[PaperMark, ...] | None:
    if marks is None:
        return None
    return tuple(
        PaperMark(one.paper, str(number), one.paper, one.raw, one.pass_mark, one.on)
        for number, one in enumerate(marks, start=1)
    )


def _violations(entries: tuple[Entry, ...] | None) -> tuple[Violation, ...] | None:
    if entries is None:
        return None
    return tuple(Violation(str(number), one.label, one.on) for number, one in enumerate(entries, start=1))


def _registers(entries: tuple[Entry, ...] | None) -> tuple[RegisterRecord, ...] | None:
    if entries is None:
        return None
    return tuple(
        RegisterRecord(one.of, str(number), one.on or date.min, one.label, one.major)
        for number, one in enumerate(entries, start=1)
    )


def _courses(entries: tuple[Entry, ...] | None, on: date) -> tuple[CourseRecord, ...] | None:
    if entries is None:
        return None
    return tuple(
        CourseRecord(one.of, str(number), one.on or on, one.until, one.label)
        for number, one in enumerate(entries, start=1)
    )


def _authorised(offices: tuple[str, ...] | None, on: date) -> tuple[Authorisation, ...] | None:
    if offices is None:
        return None
    return tuple(Authorisation("skip_level", office, office, office, on) for office in offices)


def differences(
    scenario: Scenario, found: Mapping[str, State], state: State
) -> dict[str, tuple[State, State]]:
    """Return what differs from what was expected, by clause (``state``: the whole): wanted and found."""
    wanted = {clause: scenario.clauses.get(clause, scenario.others) for clause in found}
    wrong = {clause: (want, found[clause]) for clause, want in wanted.items() if want is not found[clause]}
    return wrong if state is scenario.state else {**wrong, "state": (scenario.state, state)}
