"""Reading documents, acknowledging them, and tracking who has."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import DomainError
from cstrain.rulebook import queries, service
from cstrain.ui.forms import whole

blueprint = Blueprint("rulebook", __name__)
blueprints = [blueprint]


@blueprint.get("/rulebook")
@requires("rulebook.read")
def documents() -> str:
    """List the documents in force; what one still has to acknowledge comes first."""
    readings = queries.readings(actor(), local_date(now()))
    due = [one for one in readings if one.is_due]
    may_track = may(actor(), "rulebook.track")
    return render_template("rulebook/documents.html", readings=readings, due=due, may_track=may_track)


@blueprint.get("/rulebook/<ref>")
@requires("rulebook.read")
def document(ref: str) -> str:
    """Show a document with its dates and source, and what the reader has to do."""
    current = queries.document(ref, local_date(now()))
    reading = next(
        one for one in queries.readings(actor(), local_date(now())) if one.document.ref == current.ref
    )
    return render_template(
        "rulebook/document.html", reading=reading, document=current, form=FlaskForm(formdata=None)
    )


@blueprint.post("/rulebook/<ref>/acknowledge")
@requires("rulebook.acknowledge")
def acknowledge(ref: str) -> Any:
    """Acknowledge the text that was shown."""
    if not request.form.get("understood"):
        raise DomainError("没有记录：请先勾选“我已读完并理解”。")
    edition, digest = request.form.get("edition", type=whole) or 0, request.form.get("digest", "")
    service.acknowledge(actor(), now(), ref, edition, digest)
    flash(gettext("已记录你的确认。"), "ok")
    return redirect(url_for("rulebook.documents"))


@blueprint.get("/rulebook/tracking")
@requires("rulebook.track")
def tracking() -> str:
    """Show for each document who has not acknowledged it."""
    found = sorted(queries.tracking(local_date(now())), key=lambda one: -len(one.waiting))
    waiting = sum(len(one.waiting) for one in found)
    return render_template(
        "rulebook/tracking.html", found=found, waiting=waiting, form=FlaskForm(formdata=None)
    )


@blueprint.post("/rulebook/<ref>/remind")
@requires("rulebook.track")
def remind(ref: str) -> Any:
    """Remind everybody who has not acknowledged a document."""
    sent = service.remind_waiting(actor(), now(), ref)
    flash(gettext("已提醒%(n)s人（同一天不重复提醒）。", n=sent), "ok")
    return redirect(url_for("rulebook.tracking"))
