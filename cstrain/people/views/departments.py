"""Departments and groups."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.calendar import Week
from cstrain.people import queries, service
from cstrain.people.forms import DepartmentForm, number
from cstrain.people.views.blueprint import blueprint
from cstrain.ui.refusal import attempt


@blueprint.route("/departments", methods=["GET", "POST"])
@requires("department.edit")
def departments() -> Any:
    """Show departments with their heads and head counts, and add one."""
    every = queries.departments()
    form = DepartmentForm().offer([one for one in every if one.is_active])

    def act() -> None:
        week, parent = Week(form.week.data), number(form.parent)
        service.add_department(actor(), form.code.data or "", form.name.data, parent_id=parent, week=week)

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("部门已新增。"), "ok")
        return redirect(url_for("people.departments"))
    today = local_date(now())
    heads = {one.id: queries.persons_with_role("supervisor", today, one.id) for one in every}
    page = {
        "form": form,
        "every": every,
        "counts": {one.id: len(queries.people_of_department(one.id, today)) for one in every},
        "heads": heads,
        "names": queries.people([one for found in heads.values() for one in found], today),
        "by_id": {one.id: one for one in every},
    }
    return render_template("people/departments.html", **page), 422 if form.is_submitted() else 200


@blueprint.route("/departments/<int:department_id>", methods=["GET", "POST"])
@requires("department.edit")
def department(department_id: int) -> Any:
    """Change a department."""
    facts = queries.department(department_id)
    others = [one for one in queries.departments(active_only=True) if one.id != facts.id]
    form = DepartmentForm(
        code=facts.code,
        name=facts.name,
        parent=str(facts.parent_id or ""),
        week=str(facts.week),
        is_active=facts.is_active,
    ).offer(others)

    def act() -> None:
        service.edit_department(
            actor(),
            local_date(now()),
            facts.id,
            name=form.name.data,
            parent_id=number(form.parent),
            week=Week(form.week.data),
            is_active=bool(form.is_active.data),
        )

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("部门已保存。"), "ok")
        return redirect(url_for("people.departments"))
    return render_template(
        "people/department.html", form=form, facts=facts
    ), 422 if form.is_submitted() else 200
