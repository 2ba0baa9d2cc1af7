"""Pure rules of the Eaglet plan: days, phases, the screening sheet, ranks, complaints, removals, results."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from cstrain.kernel.calendar import WorkCalendar
from cstrain.kernel.finding import State, overall
from cstrain.kernel.ids import PersonId
from cstrain.promotion.eaglet.facts import (
    AGAIN,
    Entry,
    Heard,
    Interviewed,
    Item,
    Notice,
    Outcome,
    PaperResult,
    Phase,
    RemovalState,
    Screened,
)
from cstrain.promotion.eaglet.policy import EagletRules, Screening

_FAR = date(9999, 12, 31)
DONE = {"passed", "exempt"}


def deadline(day: date, days: int, calendar: WorkCalendar) -> date:
    """Return the day so many calendar days after ``day``; a rest day moves to the next working day."""
    return next(calendar.working_days(day + timedelta(days=days)))


def phase_of(
    offices: Collection[str],
    approvals: Mapping[str, bool],
    notice: Notice | None,
    happened: Collection[str],
    unfilled: Mapping[str, str],
    today: date,
) -> Phase:
    """Return how far a plan has come on a day.

    ``approvals``: by office; ``happened``: what was done, of the latest round where a round has it (screened,
    opened, grouped) or of the plan (closed, ended); ``unfilled``: the director's word by place.
    """
    if "ended" in happened:
        return Phase.ENDED
    if "closed" in happened:
        return Phase.CLOSED
    if not all(approvals.values()):
        return Phase.REFUSED
    if not set(offices) <= set(approvals):
        return Phase.PROPOSED
    if notice is None:
        return Phase.APPROVED
    if "grouped" in happened:
        return Phase.AGAIN if AGAIN in unfilled.values() else Phase.STUDYING
    return _round_phase(notice, happened, today)


def _round_phase(notice: Notice, happened: Collection[str], today: date) -> Phase:
    if today <= notice.closes_on:
        return Phase.OPEN if today >= notice.opens_on else Phase.ANNOUNCED
    if "screened" not in happened:
        return Phase.SCREENING
    return Phase.DECIDING if "opened" in happened else Phase.INTERVIEWS


# screening


def screened(entries: Sequence[Entry], seats: Mapping[str, int], rules: EagletRules) -> tuple[Screened, ...]:
    """Return the screening sheet: every application with its points, ranked within its place.

    Who misses a condition is not ranked. As long as anything is unknown for somebody who could be ranked, the
    sheet says what and ranks nobody of that place. Equal totals share the rank; the first ``invited`` for
    each seat are interviewed, with all who share the last rank.
    """
    lines = [_line(one, rules.screening) for one in entries]
    found: list[Screened] = []
    for place in dict.fromkeys(one.place for one in entries):
        of = [line for line in lines if line.place == place]
        ranked = [line for line in of if line.total is not None]
        waiting = any(line.unknown for line in of)
        for line in of:
            if line.total is None or waiting:
                found.append(line)
                continue
            rank = 1 + sum(other.total > line.total for other in ranked if other.total is not None)
            invited = rank <= seats.get(place, 0) * rules.screening.invited
            found.append(replace(line, rank=rank, invited=invited))
    return tuple(sorted(found, key=lambda one: (one.place, one.rank or len(found) + 1, one.application)))


def _line(one: Entry, sheet: Screening) -> Screened:
    state = overall(one.gates)
    items = (_awards(one, sheet), _conversion(one, sheet), _duration(one, sheet), _level(one, sheet))
    unknown: tuple[str, ...] = ()
    if state is not State.NOT_MET:
        gates = tuple(gate.kind for gate in one.gates if gate.state is State.UNKNOWN)
        unknown = gates + tuple(item.name for item in items if item.points is None and item.of)
    total = _total(items) if state is State.MET and not unknown else None
    return Screened(one.application, one.place, one.gates, items, total, None, False, unknown)


def _total(items: Sequence[Item]) -> Fraction:
    """Sum the points; where an item does not apply (of 0) the others are scaled up to 100."""
    most = sum(item.of for item in items)
    given = sum((item.points for item in items if item.points is not None), Fraction(0))
    return given * 100 / most if most else Fraction(0)


def _awards(one: Entry, sheet: Screening) -> Item:
    if one.awards is None:
        return Item("awards", "", None, sheet.award_most)
    points = min(one.awards * sheet.award_points, sheet.award_most)
    return Item("awards", str(one.awards), Fraction(points), sheet.award_most)


def _conversion(one: Entry, sheet: Screening) -> Item:
    if not one.held:
        return Item("conversion", "", None, 0)
    if one.conversion is None:
        return Item("conversion", "", None, sheet.conversion_points)
    points = one.conversion * sheet.conversion_points / 100
    return Item("conversion", f"{float(one.conversion):.1f}", points, sheet.conversion_points)


def _duration(one: Entry, sheet: Screening) -> Item:
    fits = sheet.months_from <= one.months <= sheet.months_to
    points = Fraction(sheet.duration_points if fits else 0)
    return Item("duration", f"{one.months.normalize():f}", points, sheet.duration_points)


def _level(one: Entry, sheet: Screening) -> Item:
    most = max(sheet.levels.values())
    if one.level is None:
        return Item("level", "", None, most)
    return Item("level", one.level, Fraction(sheet.levels.get(one.level, 0)), most)


# interviews


def heard(people: Sequence[Interviewed], seats: Mapping[str, int], rules: EagletRules) -> tuple[Heard, ...]:
    """Return the interviewed by place and rank: mean, then screening total, earlier service, arrival.

    Accepted are the first of each place, as many as it has seats, who reach the least mark.
    """
    found: list[Heard] = []
    for place in dict.fromkeys(one.place for one in people):
        order = sorted((one for one in people if one.place == place), key=_order)
        for rank, one in enumerate(order, start=1):
            mean = _mean(one)
            accepted = rank <= seats.get(place, 0) and mean >= Fraction(rules.interview.least)
            by = _parted(order[rank - 2], one) if rank > 1 else ""
            found.append(Heard(one.application, place, mean, rank, accepted, by))
    return tuple(found)


def _mean(one: Interviewed) -> Fraction:
    return sum(one.sheets, Fraction(0)) / len(one.sheets)


def _order(one: Interviewed) -> tuple[Fraction, Fraction, date, int]:
    return -_mean(one), -one.screening, one.since or _FAR, one.order


def _parted(before: Interviewed, after: Interviewed) -> str:
    pairs = zip(("", "screening", "service", "arrival"), _order(before), _order(after), strict=True)
    return next(name for name, left, right in pairs if left != right)


def left_over(seats: Mapping[str, int], accepted: Iterable[Heard]) -> dict[str, int]:
    """Return how many seats of each place nobody fills; filled places are left out."""
    taken = [one.place for one in accepted if one.accepted]
    rest = {place: number - taken.count(place) for place, number in seats.items()}
    return {place: number for place, number in rest.items() if number > 0}


# the group


def must_change(proper: Collection[int], others: int) -> bool:
    """Tell whether the leader must be changed: proper complaints of half or more of the other members."""
    return bool(proper) and 2 * len(set(proper)) >= others


def removal_state(
    removed: bool | None, appealed: bool, upheld: bool | None, appeal_by: date | None, today: date
) -> RemovalState:
    """Return where a removal stands; it takes effect once the appeal's window is over or the appeal lost."""
    if removed is None:
        return RemovalState.ASKED
    if not removed:
        return RemovalState.KEPT
    if appealed:
        if upheld is None:
            return RemovalState.APPEALED
        return RemovalState.REINSTATED if upheld else RemovalState.REMOVED
    return RemovalState.WINDOW if appeal_by is None or today <= appeal_by else RemovalState.REMOVED


def outcome(person: PersonId, papers: Sequence[PaperResult]) -> Outcome:
    """Return whether somebody passes: every paper passed or exempt; unknown while one is awaited,
    unless another is failed already."""
    states = {one.state for one in papers}
    passes = True if states and states <= DONE else None if states <= {*DONE, "waiting"} else False
    return Outcome(person, tuple(papers), passes)
