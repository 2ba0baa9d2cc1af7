"""The examiner's pages: who waits to be marked live, and the sheet that is filled in while they speak."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, requires
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, now
from cstrain.grading import live_queries, service
from cstrain.grading.facts import LiveSheet
from cstrain.kernel.ids import AttemptId
from cstrain.people import queries as people
from cstrain.ui.forms import LiveForm, live_form
from cstrain.ui.refusal import attempt as attempted
from cstrain.ui.sheets import keep_sheet
from cstrain.unit_of_work import own_transaction

blueprint = Blueprint("live", __name__, url_prefix="/oral")


@blueprint.get("")
@requires("oral.mark")
def tasks() -> str:
    """Show the tasks that wait for an examiner; never one's own."""
    at, me = now(), actor()
    found = [one for one in live_queries.live_tasks(at) if one.attempt.person_id != me]
    ids = {one.attempt.person_id for one in found} | {one.examiner for one in found if one.examiner}
    return render_template(
        "grading/live_tasks.html",
        waiting=[one for one in found if one.finished_at is None],
        finished=[one for one in found if one.finished_at is not None],
        names=people.people(ids, local_date(at)),
        me_id=me,
        at=at,
    )


@blueprint.get("/<int:attempt_id>/<int:slot>")
@requires("oral.mark")
def sheet(attempt_id: int, slot: int) -> str:
    """Show a task to its examiner: what to play, the rubric, the points so far."""
    found = _others_sheet(attempt_id, slot)
    return _sheet_page(found, live_form(found.rubric, found.points, found.note))


def _others_sheet(attempt_id: int, slot: int) -> LiveSheet:
    demand("oral.mark", exams.attempt(attempt_id, now()).person_id)
    return live_queries.live_sheet(attempt_id, slot, now())


def _sheet_page(found: LiveSheet, form: LiveForm) -> str:
    at, task = now(), found.task
    ids = {task.attempt.person_id} | ({task.examiner} if task.examiner else set())
    return render_template(
        "grading/live_sheet.html",
        sheet=found,
        task=task,
        form=form,
        mine=task.examiner == actor(),
        names=people.people(ids, local_date(at)),
        elapsed_ms=int((at - task.started_at).total_seconds() * 1000) if task.started_at else 0,
    )


@blueprint.post("/<int:attempt_id>/<int:slot>/begin")
@requires("oral.mark")
def begin(attempt_id: int, slot: int) -> Any:
    """Begin the sheet of a task, or take over another examiner's."""
    found = _others_sheet(attempt_id, slot)
    taken = found.task.examiner is not None
    service.begin_live(actor(), now(), AttemptId(attempt_id), slot, take_over=taken)
    return redirect(url_for("live.sheet", attempt_id=attempt_id, slot=slot))


@blueprint.post("/<int:attempt_id>/<int:slot>/points")
@requires("oral.mark")
@own_transaction
def keep(attempt_id: int, slot: int) -> Any:
    """Keep the points so far; the page sends them by itself. 200: when they were kept; else why not."""
    found = _others_sheet(attempt_id, slot)
    form = live_form(found.rubric)
    at = now()
    return keep_sheet(
        form,
        lambda: service.keep_live(actor(), at, AttemptId(attempt_id), slot, form.points(), form.said()),
        at,
    )


@blueprint.post("/<int:attempt_id>/<int:slot>/finish")
@requires("oral.mark")
def finish(attempt_id: int, slot: int) -> Any:
    """Finish the sheet: every criterion has its points."""
    found = _others_sheet(attempt_id, slot)
    form = live_form(found.rubric)
    if form.validate_on_submit() and attempted(
        form,
        lambda: service.finish_live(actor(), now(), AttemptId(attempt_id), slot, form.points(), form.said()),
    ):
        flash(gettext("打分已完成。"), "ok")
        return redirect(url_for("live.tasks"))
    return _sheet_page(_others_sheet(attempt_id, slot), form), 422


@blueprint.post("/<int:attempt_id>/<int:slot>/reopen")
@requires("oral.mark")
def reopen(attempt_id: int, slot: int) -> Any:
    """Open one's own finished sheet again, while there is no result."""
    _others_sheet(attempt_id, slot)
    service.reopen_live(actor(), now(), AttemptId(attempt_id), slot)
    flash(gettext("打分表已重新打开。"), "warn")
    return redirect(url_for("live.sheet", attempt_id=attempt_id, slot=slot))
