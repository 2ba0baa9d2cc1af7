"""Pages of markers: the queues, a sheet, and for who watches over marking how far markers agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.grading.statistics.figure import ITEM_LEAST
from cstrain.grading.written import presenting, queries, service
from cstrain.grading.written.facts import QueueKey, SheetFacts
from cstrain.grading.written.forms import BackForm, QueueForm
from cstrain.kernel.errors import NotFoundError
from cstrain.people import queries as people
from cstrain.ui.forms import LiveForm, live_form, whole
from cstrain.ui.refusal import attempt as attempted
from cstrain.ui.sheets import keep_sheet
from cstrain.unit_of_work import own_transaction

blueprint = Blueprint("marking", __name__, url_prefix="/marking")
blueprints = [blueprint]

SPANS = (7, 30, 90, 365)
_USUAL_SPAN = 90
_MOST_LINES = 60


@blueprint.get("")
@requires("answer.mark")
def index() -> str:
    """Show the queues that hold something for a marker, and what they finished last."""
    at, me = now(), actor()
    found = queries.queues(me, at)
    return render_template(
        "grading/marking.html",
        queues=found[:_MOST_LINES],
        waiting=sum(queue.waiting + (queue.draft is not None) for queue in found),
        finished=queries.finished_by(me),
        may_compare=may(me, "agreement.view"),
        hours=queries.marking_rules().hold_hours,
    )


@blueprint.post("/take")
@requires("answer.mark")
def take() -> Any:
    """Take an answer of a queue at random, or go on with the one begun there."""
    form = QueueForm()
    key = form.key() if form.validate_on_submit() else None
    if key is None:
        raise NotFoundError(queries.MISSING)
    return _next(key, gettext("这个队列里没有等你阅的答卷了。"))


def _next(key: QueueKey, none_left: str) -> Any:
    """Open the next sheet of a queue by itself; where there is none, say so on the list."""
    sheet_id = service.take(actor(), now(), key)
    if sheet_id is None:
        flash(none_left, "ok")
        return redirect(url_for("marking.index"))
    return redirect(url_for("marking.sheet", mark_id=sheet_id))


@blueprint.get("/sheets/<int:mark_id>")
@requires("answer.mark")
def sheet(mark_id: int) -> str:
    """Show a sheet of one's own: question, rubric, model answer and the answer; not who wrote it."""
    found = queries.sheet(mark_id, actor(), now())
    return _sheet_page(found, live_form(found.rubric, found.points, found.note))


def _sheet_page(found: SheetFacts, form: LiveForm, back: BackForm | None = None) -> str:
    return render_template(
        "grading/marking_sheet.html",
        sheet=found,
        shown=found.shown,
        form=form,
        back=back or BackForm(formdata=None),
        hours=queries.marking_rules().hold_hours,
    )


@blueprint.post("/sheets/<int:mark_id>/points")
@requires("answer.mark")
@own_transaction
def keep(mark_id: int) -> Any:
    """Keep the points so far; the page sends them by itself. 200: when they were kept; else why not."""
    found = queries.sheet(mark_id, actor(), now())
    form = live_form(found.rubric)
    at = now()
    return keep_sheet(form, lambda: service.keep(actor(), at, mark_id, form.points(), form.said()), at)


@blueprint.post("/sheets/<int:mark_id>/finish")
@requires("answer.mark")
def finish(mark_id: int) -> Any:
    """Finish a sheet; the next one of its queue opens by itself."""
    found = queries.sheet(mark_id, actor(), now())
    form = live_form(found.rubric)
    if form.validate_on_submit() and attempted(
        form, lambda: service.finish(actor(), now(), mark_id, form.points(), form.said())
    ):
        flash(gettext("打分已完成。"), "ok")
        return _next(found.key, gettext("这个队列阅完了。"))
    return _sheet_page(queries.sheet(mark_id, actor(), now()), form), 422


@blueprint.post("/sheets/<int:mark_id>/back")
@requires("answer.mark")
def give_back(mark_id: int) -> Any:
    """Give a sheet back, with why; the next one opens by itself."""
    found = queries.sheet(mark_id, actor(), now())
    back = BackForm()
    if back.validate_on_submit() and attempted(
        back, lambda: service.give_back(actor(), now(), mark_id, back.why.data)
    ):
        flash(gettext("答卷已交回，会由别人来阅。"), "ok")
        return _next(found.key, gettext("这个队列阅完了。"))
    found = queries.sheet(mark_id, actor(), now())
    return _sheet_page(found, live_form(found.rubric, found.points, found.note), back), 422


@blueprint.post("/sheets/<int:mark_id>/reopen")
@requires("answer.mark")
def reopen(mark_id: int) -> Any:
    """Open one's own finished sheet again, while nobody else has finished one for this answer."""
    service.reopen(actor(), now(), mark_id)
    flash(gettext("打分表已重新打开。"), "warn")
    return redirect(url_for("marking.sheet", mark_id=mark_id))


@blueprint.get("/agreement")
@requires("agreement.view")
def agreement() -> str:
    """Show how far markers agree, pair by pair and criterion by criterion."""
    at = now()
    asked = request.args.get("days", _USUAL_SPAN, whole)
    days = asked if asked in SPANS else _USUAL_SPAN
    rows = queries.marked_twice(at - timedelta(days=days))
    found = presenting.pair_lines(rows)
    return render_template(
        "grading/marking_agreement.html",
        pairs=found[:_MOST_LINES],
        criteria=presenting.criterion_lines(rows, queries.rubrics_of(rows))[:_MOST_LINES],
        names=people.people({each for line in found for each in line.markers}, local_date(at)),
        days=days,
        spans=SPANS,
        least=ITEM_LEAST,
        total=len(rows),
    )
