"""Judging a quarter for everybody of a ladder; writes nothing. A department at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from cstrain.judgement.facts import Comparison, Dossier
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.people.facts import StandingFacts, Status
from cstrain.performance import queries as performance
from cstrain.promotion import ladders, queries
from cstrain.promotion.queries.dossier import BATCH, Shared, dossiers
from cstrain.promotion.rating import rules
from cstrain.promotion.rating.facts import Quarter, Rated, Why


@dataclass(frozen=True, slots=True)
class Judgement:
    """Somebody's quarter judged: where they stood on its last day, the facts, the result."""

    person: StandingFacts
    dossier: Dossier
    rated: Rated


@dataclass(frozen=True, slots=True)
class Judged:
    """The people of a department, judged with its months of the quarter."""

    department: DepartmentId
    comparison: Comparison
    people: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A quarter of a ladder that may be rated, or why not yet: departments that have not closed it."""

    ladder: Ladder
    quarter: Quarter
    departments: tuple[str, ...]
    open: tuple[str, ...]


def rated_ladder(ref: str, quarter: Quarter) -> Ladder:
    """Return the edition of a ladder in force on a quarter's last day; ``DomainError`` if it is not rated."""
    found = ladders.ladder(ref, quarter.end)
    if not rules.is_rated(found):
        raise DomainError("“%(title)s”不按季度评级。请选按季度评级的通道。", title=found.title)
    return found


def departments_of(ref: str, quarter: Quarter) -> dict[DepartmentId, list[PersonId]]:
    """Return the departments that followed a ladder on a quarter's last day, with who was there."""
    following = queries.ladders_by_department(quarter.end)
    return {
        place: ids
        for place, ids in sorted(people.staff_by_department(quarter.end).items())
        if place in following and following[place].ref == ref
    }


def judge(
    ladder: Ladder, quarter: Quarter, today: date, only: Collection[PersonId] | None = None
) -> Iterator[Judged]:
    """Judge the quarter of everybody who was in a department of the ladder on its last day.

    Records count as known on ``today``. Who has left by then is left out. ``only``: these people.
    """
    back = (today.year - quarter.first.year) * 12 + today.month - quarter.first.month + 1
    for department, ids in departments_of(ladder.ref, quarter).items():
        wanted = [one for one in ids if only is None or one in only]
        if not wanted:
            continue
        compared = rules.cut_comparison(performance.comparison(department, today, max(back, 1)), quarter)
        shared = Shared(today)
        shared.closed[department] = tuple(
            month for month in performance.closed_months(department, today) if month <= quarter.end
        )
        shared.compared[department] = compared
        found: list[Judgement] = []
        for start in range(0, len(wanted), BATCH):
            found += _judged(ladder, quarter, today, wanted[start : start + BATCH], shared)
        yield Judged(department, compared, tuple(found))


def _judged(
    ladder: Ladder, quarter: Quarter, today: date, ids: list[PersonId], shared: Shared
) -> Iterator[Judgement]:
    still = {one.id for one in people.standings(ids, today).values() if one.status is not Status.LEFT}
    standings = [one for one in people.standings(ids, quarter.end).values() if one.id in still]
    held = dossiers(standings, today, shared)
    for one in standings:
        dossier = rules.cut(held[one.id], quarter)
        rated = rules.rate(ladder, dossier, quarter)
        if rated.why is not Why.UNPLACED or _served(dossier, quarter):
            yield Judgement(one, dossier, rated)


def _served(dossier: Dossier, quarter: Quarter) -> bool:
    """Tell whether somebody without a level has a month of the quarter: heads of departments have none."""
    return any(record.month in quarter.months for record in dossier.months or ())


def open_departments(ref: str, quarter: Quarter) -> tuple[str, ...]:
    """Return the names of the departments of a ladder that have not closed a quarter's last month."""
    return _open(departments_of(ref, quarter), quarter)


def _open(places: Collection[DepartmentId], quarter: Quarter) -> tuple[str, ...]:
    closed = performance.closed_pairs(places, [quarter.months[-1]])
    return _names(place for place in places if (place, quarter.months[-1]) not in closed)


def _names(places: Iterable[DepartmentId]) -> tuple[str, ...]:
    names = {one.id: one.name for one in people.departments()}
    return tuple(names[place] for place in places)


def check_may_run(ref: str, quarter: Quarter, today: date, back: int) -> Ladder:
    """Return the ladder a quarter may be rated by; refuses one that is not over, too old, or not closed."""
    if quarter not in rules.past_quarters(today, back):
        raise DomainError("没有运行：只能评最近%(n)s个已经结束的季度。", n=back)
    ladder = rated_ladder(ref, quarter)
    if not departments_of(ref, quarter):
        raise DomainError("没有运行：这个季度没有部门采用这条通道。")
    waiting = open_departments(ref, quarter)
    if waiting:
        raise ConflictError(
            "没有运行：%(names)s还没有关账这个季度的最后一个月。请先关账。", names="、".join(waiting)
        )
    return ladder


def candidates(today: date, back: int, done: Collection[tuple[str, Quarter]]) -> list[Candidate]:
    """Return the quarters of the rated ladders that are over and not rated yet, newest first.

    Of those not closed only the latest one: earlier ones were never kept here.
    """
    found = []
    past = rules.past_quarters(today, back)
    for quarter in past:
        for ladder in ladders.ladders(quarter.end):
            before = [rated for ref, rated in done if ref == ladder.ref]
            if not rules.is_rated(ladder) or not rules.still_open(quarter, before):
                continue
            places = departments_of(ladder.ref, quarter)
            waiting = _open(places, quarter)
            if places and (not waiting or quarter == past[0]):
                found.append(Candidate(ladder, quarter, _names(places), waiting))
    return found
