"""Closing a department's month, and opening it again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import DomainError
from cstrain.people import queries as people
from cstrain.performance import queries, rules, service
from cstrain.performance.forms import CloseForm, ReasonForm
from cstrain.performance.store import month_rules
from cstrain.performance.views.blueprint import blueprint, check_department, month_in
from cstrain.ui.refusal import attempt, told


@blueprint.route("/departments/<int:department_id>/<string:month>/close", methods=["GET", "POST"])
@requires("performance.close")
def close(department_id: int, month: str) -> Any:
    """Show what a close needs, and close."""
    check_department(department_id, "performance.close")
    on, form = month_in(month), CloseForm()
    if form.validate_on_submit():
        accept = bool(form.accept_gaps.data)
        if attempt(form, lambda: service.close_month(actor(), now(), department_id, on, accept_gaps=accept)):
            flash(gettext("已关账。之后的变动要由两个人更正。"), "ok")
            return redirect(url_for("performance.close", department_id=department_id, month=month))
    status = 422 if form.is_submitted() else 200
    return _page(department_id, month, form, ReasonForm(formdata=None)), status


def _page(department_id: int, month: str, form: CloseForm, reason: ReasonForm) -> str:
    on = month_in(month)
    closes = queries.closes(department_id, [on])
    from_day = rules.closes_from(on, month_rules(on))
    held = [one for one in closes if one.reopened_on is None]
    members = queries.members(department_id, on)
    missing = queries.gaps(department_id, on)
    named = {*missing, *(one.closed_by for one in closes)}
    named |= {one.asks.asked_by for one in closes if one.asks} | set(held[0].gaps if held else ())
    return render_template(
        "performance/close.html",
        department=people.department(department_id),
        month=on,
        form=form,
        reason=reason,
        closes=closes,
        held=held[0] if held else None,
        members=members,
        nobody=not members and not queries.department_month(department_id, [on]),
        missing=missing,
        from_day=from_day,
        due=from_day <= local_date(now()),
        names=people.people(named, local_date(now())),
        reader=actor(),
    )


@blueprint.post("/closes/<int:close_id>/reopen")
@requires("performance.close")
def ask_reopening(close_id: int) -> Any:
    """Ask for a closed month to be opened again."""
    found = queries.close(close_id)
    check_department(found.department_id, "performance.close")
    month, form = f"{found.month:%Y-%m}", ReasonForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.ask_reopening(actor(), now(), close_id, form.reason.data)
    ):
        flash(gettext("重开已提出，等另一人确认。"), "ok")
        return redirect(url_for("performance.close", department_id=found.department_id, month=month))
    return _page(found.department_id, month, CloseForm(formdata=None), form), 422


@blueprint.post("/closes/<int:close_id>/decide")
@requires("performance.close")
def decide_reopening(close_id: int) -> Any:
    """Agree to opening a month again, or do not."""
    found = queries.close(close_id)
    check_department(found.department_id, "performance.close")
    month, form = f"{found.month:%Y-%m}", CloseForm(formdata=None)
    agreed = request.form.get("agreed") == "1"
    try:
        service.decide_reopening(actor(), now(), close_id, agreed=agreed)
    except DomainError as error:
        form.form_errors = [told(error)]
        return _page(found.department_id, month, form, ReasonForm(formdata=None)), 422
    flash(gettext("这个月已重开。") if agreed else gettext("没有重开，已告诉提出的人。"), "ok")
    return redirect(url_for("performance.close", department_id=found.department_id, month=month))
