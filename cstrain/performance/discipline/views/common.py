"""What the pages of discipline share: the blueprint, people by staff number, pages of lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_wtf import FlaskForm

from cstrain.access import actor, may
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.people.service import log_view
from cstrain.performance.discipline.store import MISSING
from cstrain.ui.forms import whole
from cstrain.unit_of_work import unit_of_work

_EVERYBODY = 1_000_000

blueprint = Blueprint("discipline", __name__, url_prefix="/discipline")


@dataclass(frozen=True, slots=True)
class Pager:
    """A page of a list, for the pager: where one is, and where the others are."""

    page: int
    pages: int
    endpoint: str
    kept: dict[str, str]

    def url(self, number: int) -> str:
        """Return the address of another page with the same filter."""
        kept: dict[str, Any] = dict(self.kept)
        return url_for(self.endpoint, page=number, **kept)


def kept(*names: str) -> dict[str, str]:
    """Return the filters the address names."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def wanted_page() -> int:
    """Return the page the address names, else the first."""
    return request.args.get("page", 1, whole)


def by_number(number: str, permission: str) -> PersonFacts:
    """Return the person of a staff number for whom one holds a permission.

    A foreign person and a number that nobody has answer the same (``DomainError``).
    """
    found = people.find_person_by_staff_no(number, local_date(now()))
    if found is None or not may(actor(), permission, found.id):
        raise DomainError("没有找到工号%(number)s，或者不能由你登记。请核对工号。", number=number)
    return found


def names_of(ids: Iterable[PersonId | None]) -> dict[PersonId, PersonFacts]:
    """Return people by id for a page."""
    return people.people([one for one in ids if one is not None], local_date(now()))


def readers(permission: str, text: str, department: int | None) -> frozenset[PersonId] | None:
    """Return whose records a list shows: whom one may see, narrowed by a search (``None``: everybody).

    Those who have left stay in the lists; a search by name or department looks among the employed.
    """
    today = local_date(now())
    seen = people.visible_people(actor(), permission, today)
    if not text.strip() and department is None:
        return seen
    places = people.subtree(department) if department is not None else None
    page = people.search_people(text, None, today, within=seen, department_ids=places, size=_EVERYBODY)
    return frozenset(one.id for one in page.people)


def note_view(subject: PersonId, what: str) -> None:
    """Note that somebody looked at another's record."""
    if subject != actor():
        with unit_of_work():
            log_view(actor(), subject, what, now())


def missing() -> NotFoundError:
    """Return the one answer to what does not exist and to what is not for the reader."""
    return NotFoundError(MISSING)


def form_page(template: str, form: FlaskForm, **values: Any) -> Any:
    """Return a page with a form: 422 when it was sent and kept."""
    page = render_template(f"discipline/{template}.html", form=form, **values)
    return page, 422 if form.is_submitted() else 200
