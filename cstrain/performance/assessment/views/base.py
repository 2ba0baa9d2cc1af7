"""What the pages of assessment share: the blueprint, names, lists, months, who may read a sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, request, url_for

from cstrain.access import actor, may
from cstrain.extensions import local_date, now
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.people.service import log_view
from cstrain.performance.assessment import queries
from cstrain.performance.assessment.facts import Seats, Sheet
from cstrain.performance.assessment.policy import PAGE_SIZE, SOURCES
from cstrain.performance.assessment.store import MISSING
from cstrain.performance.presenting import amount, number
from cstrain.ui.filters import month as month_word
from cstrain.ui.forms import typed_day, whole
from cstrain.unit_of_work import unit_of_work

blueprint = Blueprint("assessment", __name__, url_prefix="/assessment")
blueprint.add_app_template_filter(number, "plain_number")


@blueprint.app_template_filter("figure")
def figure(value: Decimal, source: str) -> str:
    """Write a month's figure with its unit."""
    return amount(number(value), SOURCES[source][1])


@dataclass(frozen=True, slots=True)
class Pager:
    """A page of a list, for the pager."""

    page: int
    pages: int
    endpoint: str
    values: dict[str, Any]

    def url(self, number: int) -> str:
        """Return the address of another page."""
        return url_for(self.endpoint, page=number, **self.values)


def asked_page() -> int:
    """Return the page the address asks for, from 1."""
    return max(1, request.args.get("page", 1, whole))


def pager(total: int, endpoint: str, **values: Any) -> Pager:
    """Return where the asked page stands in a list of ``total``."""
    return Pager(asked_page(), max(1, -(-total // PAGE_SIZE)), endpoint, values)


def today() -> date:
    """Return the company's day."""
    return local_date(now())


def names_of(ids: Iterable[PersonId | None]) -> dict[PersonId, PersonFacts]:
    """Return facts of people as they stand today."""
    return people.people({one for one in ids if one is not None}, today())


def missing() -> NotFoundError:
    """Return the answer to what does not exist and to what is not one's to see."""
    return NotFoundError(MISSING)


def month_choices(first: int, last: int) -> list[tuple[str, str]]:
    """Return months from ``first`` to ``last`` (0: the present one, -1 the one before) as choices."""
    here = today().replace(day=1)
    step = 1 if last >= first else -1
    months = [add_months(here, offset) for offset in range(first, last + step, step)]
    return [(f"{one:%Y-%m}", month_word(one)) for one in months]


def first_of(text: str) -> date:
    """Return the first day of a month written ``2026-11``; 404 for anything else."""
    found = typed_day(f"{text}-01")
    if found is None:
        raise missing()
    return found


def department_choices(places: Collection[int] | None) -> list[tuple[int, str]]:
    """Return active departments (of these; ``None``: all) as choices."""
    every = people.departments(active_only=True)
    return [(int(one.id), one.name) for one in every if queries.within(int(one.id), places)]


def readable(sheet_id: int) -> tuple[Sheet, Seats]:
    """Return a sheet that the signed-in person may open, and who may act on it; 404 for others as for none.

    The person, who holds an office of it or had a hand in it, and who looks on.
    """
    one = queries.sheet(sheet_id)
    held = queries.seats_of([one], today())[one.id]
    me = actor()
    acts = {*held.directors, *(each for seat in held.offices.values() for each in seat)}
    acts |= one.raters | {each.by for each in one.reviews}
    if me != one.person_id and me not in acts and not may(me, "assessment.view", one.person_id):
        raise missing()
    return one, held


def note_view(subject: PersonId, what: str) -> None:
    """Note that somebody looked at another's record."""
    if subject != actor():
        with unit_of_work():
            log_view(actor(), subject, what, now())
