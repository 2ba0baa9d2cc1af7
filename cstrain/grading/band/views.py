"""Pages of the review band: one result near the pass mark with all its answers, looked at and signed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, requires
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, now
from cstrain.grading import queries as grading
from cstrain.grading.band import queries, service
from cstrain.grading.band.facts import Banded
from cstrain.grading.band.forms import LookForm
from cstrain.grading.statistics.consistency import ACCURACY_WANTED, CONSISTENCY_WANTED
from cstrain.grading.statistics.figure import TEST_LEAST
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import AttemptId
from cstrain.people import queries as people
from cstrain.ui.refusal import told

blueprint = Blueprint("band", __name__, url_prefix="/grading/band")
blueprints = [blueprint]


def _others(attempt_id: int) -> Banded:
    """Return a result in the band that is not one's own; a foreign one and a missing one answer the same."""
    demand("score.release", exams.attempt(attempt_id, now()).person_id)
    return queries.waiting_at(attempt_id, now())


@blueprint.get("/<int:attempt_id>")
@requires("score.release")
def show(attempt_id: int) -> str:
    """Show a result near the pass mark: every answer, what it earned, its timeline, who has looked."""
    return _page(_others(attempt_id), LookForm(formdata=None))


def _page(found: Banded, form: LookForm) -> str:
    facts = found.waiting.attempt
    names = {facts.person_id, *(each.person_id for each in found.looks)}
    return render_template(
        "grading/band.html",
        found=found,
        attempt=facts,
        form=form,
        slots=grading.marked_slots(facts.id),
        moments=exams.timeline(facts.id),
        names=people.people(names, local_date(now())),
        looked=any(each.person_id == actor() for each in found.looks),
        wanted=(ACCURACY_WANTED, CONSISTENCY_WANTED, TEST_LEAST),
    )


@blueprint.post("/<int:attempt_id>")
@requires("score.release")
def look(attempt_id: int) -> Any:
    """Record that one has looked, with a note."""
    found, form = _others(attempt_id), LookForm()
    if form.validate_on_submit():
        try:
            service.look(actor(), now(), AttemptId(attempt_id), form.note.data or "")
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            flash(gettext("已记下你的复核。"), "ok")
            return redirect(url_for("grading.desk"))
    return _page(found, form), 422
