"""Who may sit, who is out, what is drawn, when sheets open, and the mean. Pure; docs/rules.md 7."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cstrain.kernel.errors import DomainError
from cstrain.promotion.applications.facts import Seat
from cstrain.promotion.applications.policy import Panel

_HUNDRED = 100


def check_panel(panel: Panel, offices: Mapping[int, frozenset[str]]) -> dict[int, str]:
    """Return by which office each juror sits; refuses a panel that the policy does not allow.

    ``offices``: the roles each wanted juror holds. Of several the first in the policy's order counts.
    """
    if not panel.least <= len(offices) <= panel.most:
        raise DomainError(
            "没有保存：评委要%(least)s至%(most)s位，现在是%(n)s位。",
            least=panel.least,
            most=panel.most,
            n=len(offices),
        )
    seats = {}
    for person, held in offices.items():
        office = next((one for one in panel.offices if one in held), None)
        if office is None:
            raise DomainError("没有保存：有人没有担任评委的资格。请只选名单里的人。")
        seats[person] = office
    missing = [one for one in panel.required if not any(one in held for held in offices.values())]
    if missing:
        raise DomainError("没有保存：评审规定还要有%(n)s个职务的人参加。请补选。", n=len(missing))
    return seats


def ties(juror: int, *, mentors: Collection[int], superiors: Collection[int]) -> tuple[str, ...]:
    """Return a juror's ties to an applicant: ``mentor`` (at any time), ``superior`` (directly, today)."""
    found = [("mentor", juror in mentors), ("superior", juror in superiors)]
    return tuple(name for name, holds in found if holds)


def stays(panel: Panel, held: frozenset[str]) -> bool:
    """Tell whether somebody tied to the applicant stays in because the policy names their office."""
    return not held.isdisjoint(panel.tied_may_sit)


def seat_of(answers: Sequence[str]) -> Seat:
    """Return how a juror stands to an applicant by what is on record, oldest first.

    Whoever stepped back or was excluded stays out, whatever was said before or after.
    """
    if not {"recuse", "excluded"}.isdisjoint(answers):
        return Seat.OUT
    said = [one for one in answers if one != "tied"]
    if not said:
        return Seat.SILENT
    return Seat.UNSURE if said[-1] == "unsure" else Seat.IN


def opens(seats: Mapping[int, Seat], sealed: Collection[int], least: int) -> bool:
    """Tell whether the sheets open: nobody is undecided, enough sit, and all who sit have sealed."""
    sitting = {person for person, seat in seats.items() if seat is Seat.IN}
    undecided = any(seat in {Seat.SILENT, Seat.UNSURE} for seat in seats.values())
    return not undecided and len(sitting) >= least and sitting <= set(sealed)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A place in a round and the questions drawn for it."""

    application: int
    position: int
    questions: tuple[str, ...]


def draw(panel: Panel, applications: Iterable[int], seed: int) -> tuple[Drawn, ...]:
    """Draw order and questions from ``seed``: the same seed and applicants give the same draw."""
    rng = random.Random(seed)  # noqa: S311  # recorded, so that everybody can draw again
    order = sorted(applications)
    rng.shuffle(order)
    return tuple(
        Drawn(one, place, tuple(rng.sample(panel.pool, panel.questions)))
        for place, one in enumerate(order, start=1)
    )


def check_points(panel: Panel, points: Mapping[str, Decimal], *, whole: bool) -> None:
    """Refuse points outside 0–100 or between the steps; with ``whole`` also a sheet with gaps."""
    for name, value in points.items():
        element = panel.element(name)
        if element is None:
            raise DomainError("没有保存：评分表里没有这一项。请刷新后再打分。")
        if not value.is_finite() or not 0 <= value <= _HUNDRED or value % panel.step:
            raise DomainError(
                "没有保存：“%(title)s”要在0到100之间，最小单位%(step)s分。",
                title=element.title,
                step=f"{panel.step:f}",
            )
    lacking = [one.title for one in panel.elements if one.id not in points]
    if whole and lacking:
        raise DomainError("没有密封：“%(title)s”还没有打分。请填完再密封。", title=lacking[0])


def total(panel: Panel, points: Mapping[str, Decimal]) -> Fraction:
    """Return a sheet's weighted total out of 100."""
    return sum((Fraction(points[one.id]) * one.weight for one in panel.elements), Fraction(0)) / _HUNDRED


def mean(totals: Sequence[Fraction], trim_from: int) -> Fraction:
    """Return the mean; from ``trim_from`` totals on without one highest and one lowest.

    Raises ``ValueError`` for no totals: a missing score is missing, never zero.
    """
    if not totals:
        raise ValueError("no totals")
    kept = sorted(totals)[1:-1] if len(totals) >= trim_from else list(totals)
    return sum(kept, Fraction(0)) / len(kept)


def shown(value: Fraction) -> Decimal:
    """Return a mean with two decimals, rounded down: what is below a mark is never shown as reaching it."""
    return Decimal(int(value * _HUNDRED)) / _HUNDRED
