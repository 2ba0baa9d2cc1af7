"""What all pages of conversion share: the blueprint, refusals kept on their form, names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_wtf import FlaskForm

from cstrain.access import demand
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.conversion.facts import CaseFacts
from cstrain.onboarding.conversion.queries import CaseView, case, case_view
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts

blueprint = Blueprint("conversion", __name__)


def allowed_case(case_id: int, permission: str) -> CaseFacts:
    """Return a case that the reader may see or handle; else not found."""
    found = case(case_id)
    demand(permission, found.person_id)
    return found


def allowed_view(case_id: int, permission: str) -> CaseView:
    """Return a case with everything, if the reader may see or handle it; else not found."""
    allowed_case(case_id, permission)
    return case_view(case_id, now())


def names_of(ids: Iterable[PersonId | None], at: datetime) -> dict[PersonId, PersonFacts]:
    """Return people by id for a page."""
    return people.people([one for one in ids if one is not None], local_date(at))


def form_page(template: str, form: FlaskForm, **values: Any) -> Any:
    """Return a page with a form: 422 when it was sent and kept."""
    page = render_template(f"conversion/{template}.html", form=form, **values)
    return page, 422 if form.is_submitted() else 200


def to_case(case_id: int) -> Any:
    """Return to the case's page."""
    return redirect(url_for("conversion.show", case_id=case_id))
