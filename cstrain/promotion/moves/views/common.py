"""What the pages of moves share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from cstrain.access import actor
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.promotion.moves import queries
from cstrain.ui.forms import CleanForm

blueprint = Blueprint("moves", __name__, url_prefix="/moves")
successions = Blueprint("successions", __name__, url_prefix="/successions")


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a list is shown, and where the others are."""

    page: int
    pages: int
    endpoint: str

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return url_for(self.endpoint, page=number)


def today() -> date:
    """Return the company's day."""
    return local_date(now())


def persons(ids: Iterable[PersonId | None]) -> dict[PersonId, PersonFacts]:
    """Return facts of people as they stand today."""
    return people.people({one for one in ids if one is not None}, today())


def staff(permission: str, fits: Callable[[PersonFacts], bool] = lambda _one: True) -> list[tuple[int, str]]:
    """Return whom somebody may choose for an act: within their reach, never themself, by staff number."""
    reach = queries.reach(actor(), permission, today())
    return [
        (one.id, f"{one.name} {one.staff_no} {one.department_name}")
        for one in people.everybody(today())
        if one.id != actor() and reach.covers(one.department_id) and fits(one)
    ]


def places() -> list[tuple[int, str]]:
    """Return the departments there are."""
    return [(one.id, one.name) for one in people.departments(active_only=True)]


def form_page(
    form: CleanForm,
    heading: str,
    lead: str,
    button: str,
    *,
    hints: dict[str, str] | None = None,
    crumb: tuple[str, str],
    notes: Sequence[str] = (),
) -> str:
    """Return a page that is one form; ``crumb``: address and word of the page above."""
    return render_template(
        "moves/form.html",
        form=form,
        heading=heading,
        lead=lead,
        button=button,
        hints=hints or {},
        crumb=crumb,
        notes=notes,
        fields=[field for field in form if field.name != "csrf_token"],
    )


def to_case(case_id: int) -> Any:
    """Lead to a case's page."""
    return redirect(url_for("moves.show", case_id=case_id))


def to_succession(succession_id: int) -> Any:
    """Lead to a succession's page."""
    return redirect(url_for("successions.show", succession_id=succession_id))
