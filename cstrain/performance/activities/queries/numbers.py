"""What the records of the house say of a department's days: the numbers of a report."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import WorkPlan
from cstrain.performance.activities.facts import Number, Span
from cstrain.performance.discipline import queries as discipline
from cstrain.performance.discipline.facts import Kind as Register
from cstrain.performance.quality import queries as quality

_TENTH = Decimal("0.1")


def numbers_of(
    department_id: int, leader: PersonId, span: Span, wanted: Collection[Number]
) -> dict[Number, Decimal | None]:
    """Return the numbers of the leader's people on the days of a span; ``None`` where no record tells.

    The people of the department and of those below it, as they stood on the last day; the leader is not
    counted. A fixed number of statements beside the departments below.
    """
    members = _members(department_id, leader, span.last_day)
    every: dict[Number, Decimal | None] = {}
    every |= _attendance(members, span)
    every |= _chats(members, span)
    every |= _records(members, span)
    return {one: every[one] for one in wanted}


def _members(department_id: int, leader: PersonId, on: date) -> list[PersonId]:
    staff = people.staff_by_department(on)
    below = people.subtree(department_id)
    return [one for place in below for one in staff.get(place, []) if one != leader]


def _attendance(members: Collection[PersonId], span: Span) -> Mapping[Number, Decimal]:
    plans = people.work_plans(members)
    due = [plan.is_rostered(day) for plan in plans.values() for day in _days(span)]
    away = [_is_away(plan, day) for plan in plans.values() for day in _days(span)]
    counts = {Number.PEOPLE: len(members), Number.DUE: sum(due), Number.LEAVE: sum(away)}
    return {name: Decimal(count) for name, count in counts.items()}


def _days(span: Span) -> Iterator[date]:
    for ahead in range((span.last_day - span.first_day).days + 1):
        yield span.first_day + timedelta(days=ahead)


def _is_away(plan: WorkPlan, day: date) -> bool:
    return day in plan.leave_days and not plan.is_rostered(day)


def _chats(members: Collection[PersonId], span: Span) -> Mapping[Number, Decimal | None]:
    found = quality.load(members, span.first_day, span.last_day)
    if found is None:
        return {Number.CHATS: None, Number.FIRST_RESPONSE: None, Number.UNANSWERED: None}
    return {
        Number.CHATS: Decimal(found.chats),
        Number.FIRST_RESPONSE: _tenths(found.first_response),
        Number.UNANSWERED: Decimal(found.unanswered),
    }


def _tenths(value: Fraction | None) -> Decimal | None:
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(_TENTH, rounding=ROUND_HALF_UP)


def _records(members: Collection[PersonId], span: Span) -> Mapping[Number, Decimal]:
    number, points = discipline.deductions_between(members, span.first_day, span.last_day)
    entries = discipline.entries_between(members, span.first_day, span.last_day)
    return {
        Number.DEDUCTIONS: Decimal(number),
        Number.DEDUCTION_POINTS: Decimal(points),
        Number.COMPLAINTS: Decimal(entries[Register.COMPLAINT]),
        Number.AWARDS: Decimal(entries[Register.AWARD]),
    }
