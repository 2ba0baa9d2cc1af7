"""Pages of who rates: the queues, a sheet."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import local_date, now
from cstrain.people import queries as people
from cstrain.performance.quality import queries, rules, service
from cstrain.performance.quality.facts import SheetFacts, Side
from cstrain.performance.quality.forms import BackForm, QueueForm
from cstrain.performance.quality.views.base import blueprint, booking_url, monday
from cstrain.ui.forms import LiveForm, live_form
from cstrain.ui.refusal import attempt as attempted
from cstrain.ui.sheets import keep_sheet
from cstrain.unit_of_work import own_transaction

_MOST_LINES = 60


@blueprint.get("/queue")
@requires("quality.rate")
def queue() -> str:
    """Show the drawn chats that wait for a rater, by week and side, and what they finished last."""
    at, me = now(), actor()
    found = queries.queues(me, at)
    return render_template(
        "quality/queue.html",
        queues=found[:_MOST_LINES],
        waiting=sum(one.waiting + (one.draft is not None) for one in found),
        finished=queries.finished_by(me),
        hours=queries.quality_rules().hold_hours,
        ends=rules.week_ends,
    )


@blueprint.post("/queue/take")
@requires("quality.rate")
def take() -> Any:
    """Take a drawn chat at random, or go on with the one begun there."""
    form = QueueForm()
    if not form.validate_on_submit():
        return redirect(url_for("quality.queue"))
    return _next(monday(form.week.data), Side(form.side.data), gettext("这个队列里没有等你打分的会话了。"))


def _next(week: date, side: Side, none_left: str) -> Any:
    """Open the next sheet of a queue by itself; where there is none, say so on the list."""
    sheet_id = service.take(actor(), now(), week, side)
    if sheet_id is None:
        flash(none_left, "ok")
        return redirect(url_for("quality.queue"))
    return redirect(url_for("quality.sheet", rating_id=sheet_id))


@blueprint.get("/sheets/<int:rating_id>")
@requires("quality.rate")
def sheet(rating_id: int) -> str:
    """Show a sheet of one's own: the chat and the rubric; whose chat it is only once it is finished."""
    found = queries.sheet(rating_id, actor(), now())
    return _sheet_page(found, live_form(found.rubric, found.points, found.note))


def _sheet_page(found: SheetFacts, form: LiveForm, back: BackForm | None = None) -> str:
    agent, book = None, ""
    if found.state in {"finished", "published"}:
        agent = people.get_person(found.chat.agent_id, local_date(now()))
        evidence = gettext("会话%(code)s", code=found.chat.code)
        book = booking_url(agent, found.chat.day, evidence)
    return render_template(
        "quality/sheet.html",
        sheet=found,
        form=form,
        back=back or BackForm(formdata=None),
        agent=agent,
        book=book,
        hours=queries.quality_rules().hold_hours,
    )


@blueprint.post("/sheets/<int:rating_id>/points")
@requires("quality.rate")
@own_transaction
def keep(rating_id: int) -> Any:
    """Keep the points so far; the page sends them by itself. 200: when they were kept; else why not."""
    found = queries.sheet(rating_id, actor(), now())
    form = live_form(found.rubric)
    at = now()
    return keep_sheet(form, lambda: service.keep(actor(), at, rating_id, form.points(), form.said()), at)


@blueprint.post("/sheets/<int:rating_id>/finish")
@requires("quality.rate")
def finish(rating_id: int) -> Any:
    """Finish a sheet; the next one of its queue opens by itself."""
    found = queries.sheet(rating_id, actor(), now())
    form = live_form(found.rubric)
    if form.validate_on_submit() and attempted(
        form, lambda: service.finish(actor(), now(), rating_id, form.points(), form.said())
    ):
        flash(gettext("打分已完成。"), "ok")
        return _next(found.week, found.side, gettext("这个队列打完了。"))
    return _sheet_page(queries.sheet(rating_id, actor(), now()), form), 422


@blueprint.post("/sheets/<int:rating_id>/back")
@requires("quality.rate")
def give_back(rating_id: int) -> Any:
    """Give a sheet back, with why; the next one opens by itself."""
    found = queries.sheet(rating_id, actor(), now())
    back = BackForm()
    if back.validate_on_submit() and attempted(
        back, lambda: service.give_back(actor(), now(), rating_id, back.why.data)
    ):
        flash(gettext("会话已交回，会由别人来打分。"), "ok")
        return _next(found.week, found.side, gettext("这个队列打完了。"))
    found = queries.sheet(rating_id, actor(), now())
    return _sheet_page(found, live_form(found.rubric, found.points, found.note), back), 422


@blueprint.post("/sheets/<int:rating_id>/revise")
@requires("quality.rate")
def revise(rating_id: int) -> Any:
    """Rate one's own finished sheet again, before the publication."""
    new = service.revise(actor(), now(), rating_id)
    flash(gettext("已重新打开。打完以前，原来的打分仍然算数。"), "warn")
    return redirect(url_for("quality.sheet", rating_id=new))
