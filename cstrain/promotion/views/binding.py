"""Which department follows which ladder and which pay scheme."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import DepartmentId
from cstrain.pay import queries as pay
from cstrain.pay import service as pay_service
from cstrain.people import queries as people
from cstrain.promotion import queries, service
from cstrain.promotion.forms import BindingForm
from cstrain.promotion.views.base import blueprint, ladders_by_ref
from cstrain.ui.refusal import attempt


@blueprint.get("/promotion/bindings")
@requires("ladder.bind")
def bindings() -> Any:
    """Show every department with its ladder and pay scheme."""
    return _page(_form("ladder"), _form("pay"))


@blueprint.post("/promotion/bindings")
@requires("ladder.bind")
def bind_ladder() -> Any:
    """Let a department follow a ladder from a day on."""
    form = _form("ladder")
    if form.validate_on_submit() and attempt(form, lambda: service.bind(actor(), now(), *_typed(form))):
        flash(gettext("已保存，从所填的日期起按这条通道判断。"), "ok")
        return redirect(url_for("promotion.bindings"))
    return _page(form, _form("pay", fresh=True)), 422


@blueprint.post("/promotion/bindings/pay")
@requires("pay.bind")
def bind_pay() -> Any:
    """Let a department follow a pay scheme from a day on."""
    form = _form("pay")
    if form.validate_on_submit() and attempt(form, lambda: pay_service.bind(actor(), now(), *_typed(form))):
        flash(gettext("已保存，从所填的日期起按这个薪酬方案计算。"), "ok")
        return redirect(url_for("promotion.bindings"))
    return _page(_form("ladder", fresh=True), form), 422


def _typed(form: BindingForm) -> tuple[DepartmentId, str | None, Any, str]:
    return (
        DepartmentId(form.department.data),
        form.ref.data or None,
        form.effective_from.data,
        form.note.data or "",
    )


def _form(kind: str, *, fresh: bool = False) -> BindingForm:
    """Return the form of one of the two kinds; only the one that was sent reads what was typed."""
    today = local_date(now())
    sent = request.method == "POST" and not fresh
    values = {} if sent else {"formdata": None, "data": {"effective_from": today}}
    form = BindingForm(prefix=f"{kind}-", **values)
    if kind == "ladder":
        refs = [(one.ref, one.title) for one in ladders_by_ref().values() if one.kind == "level"]
    else:
        refs = [(one.ref, one.title) for one in pay.schemes(today)]
    form.offer([(one.id, one.name) for one in people.departments(active_only=True)], refs)
    return form


def _page(ladder_form: BindingForm, pay_form: BindingForm) -> str:
    today = local_date(now())
    return render_template(
        "promotion/bindings.html",
        ladder_form=ladder_form,
        pay_form=pay_form,
        departments=people.departments(active_only=True),
        ladders=queries.ladders_by_department(today),
        schemes=pay.schemes_by_department(today),
        bound=queries.bindings(today),
        paid=pay.bindings(today),
        may_pay=may(actor(), "pay.bind"),
    )
