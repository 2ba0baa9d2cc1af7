"""What all pages of this room share: blueprints, who may look, simple forms, names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm

from cstrain.access import actor, demand, scopes_of
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.promotion.applications import queries
from cstrain.promotion.applications.facts import ApplicationFacts
from cstrain.ui.refusal import attempt

applications = Blueprint("applications", __name__, url_prefix="/applications")
defences = Blueprint("defences", __name__, url_prefix="/defences")
notices = Blueprint("public_notices", __name__, url_prefix="/public-notices")


def allowed(application_id: int) -> ApplicationFacts:
    """Return an application that the reader may see: by permission, or as a juror of it; else not found."""
    found = queries.application(application_id)
    if not queries.in_panel_of(actor(), application_id):
        demand("application.view", found.person_id)
    return found


def allowed_to(application_id: int, permission: str) -> ApplicationFacts:
    """Return an application that the reader may act on; else not found."""
    found = queries.application(application_id)
    demand(permission, found.person_id)
    return found


def sees_scores(found: ApplicationFacts) -> bool:
    """Tell whether the reader may see opened scores: offices of all, jurors; the applicant once decided."""
    me = actor()
    if me == found.person_id:
        return found.last("approve", "approve_without_notice", "decline") is not None
    return "all" in scopes_of(me, "application.view") or queries.in_panel_of(me, found.id)


def names_of(ids: Iterable[PersonId | None]) -> dict[PersonId, PersonFacts]:
    """Return people by id for a page."""
    return people.people([one for one in ids if one is not None], local_date(now()))


def to_application(application_id: int) -> Any:
    """Return to an application's page."""
    return redirect(url_for("applications.show", application_id=application_id))


def simple(
    form: FlaskForm, act: Callable[[], object], *, done: str, back: str, words: dict[str, str], **more: Any
) -> Any:
    """Serve a page with one form: do the act and go back, or show it again with what was typed (422).

    ``words``: ``title``, ``heading``, ``lead`` and ``button`` of the page, in the reader's language.
    """
    if form.validate_on_submit() and attempt(form, act):
        flash(done, "ok")
        return redirect(back)
    page = render_template("applications/act.html", form=form, words=words, back=back, **more)
    return page, 422 if form.is_submitted() else 200


def words(title: str, heading: str, lead: str, button: str) -> dict[str, str]:
    """Return the words of a simple page."""
    return {"title": title, "heading": heading, "lead": lead, "button": button}


def saved() -> str:
    """Return what is said after an act."""
    return str(gettext("已保存。"))
