"""Roles and offices with dates; stand-ins with dates."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries, service
from cstrain.people.forms import RoleForm, StandInForm, number
from cstrain.people.views.blueprint import blueprint
from cstrain.ui.refusal import attempt


@blueprint.route("/people/<int:person_id>/roles", methods=["GET", "POST"])
@requires("role.grant")
def roles(person_id: int) -> Any:
    """Show a person's roles and grant one; never to oneself."""
    person = PersonId(person_id)
    demand("role.grant", person)
    today = local_date(now())
    facts = queries.get_person(person, today)
    form = RoleForm(valid_from=today, department=str(facts.department_id)).offer(
        queries.departments(active_only=True)
    )

    def act() -> None:
        service.grant_role(
            actor(),
            now(),
            person,
            form.role.data,
            valid_from=form.valid_from.data,
            valid_to=form.valid_to.data,
            department_id=number(form.department),
        )

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("已授予，对方下一次操作就生效。"), "ok")
        return redirect(url_for("people.roles", person_id=person))
    page = {"form": form, "facts": facts, "today": today, "assignments": queries.assignments_of(person)}
    return render_template("people/roles.html", **page), 422 if form.is_submitted() else 200


@blueprint.post("/people/<int:person_id>/roles/<int:assignment_id>/end")
@requires("role.grant")
def end_role(person_id: int, assignment_id: int) -> Any:
    """End a role at once."""
    person = PersonId(person_id)
    demand("role.grant", person)
    if assignment_id not in {one.id for one in queries.assignments_of(person)}:
        raise NotFoundError("没有找到这个角色。")
    service.revoke_role(actor(), now(), assignment_id)
    flash(gettext("已结束，对方下一次操作就不再有这个角色。"), "ok")
    return redirect(url_for("people.roles", person_id=person))


@blueprint.route("/stand-ins", methods=["GET", "POST"])
@requires("standin.appoint")
def stand_ins() -> Any:
    """Show who stands in for whom, and appoint somebody."""
    today = local_date(now())
    employed = [one for one in queries.everybody(today) if may(actor(), "standin.appoint", one.id)]
    form = StandInForm(first_day=today, last_day=today).offer(employed)

    def act() -> None:
        service.appoint_stand_in(
            actor(),
            now(),
            PersonId(int(form.principal.data)),
            PersonId(int(form.stand_in.data)),
            form.first_day.data,
            form.last_day.data,
            form.reason.data,
        )

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("代理已安排，双方会在通知里看到。"), "ok")
        return redirect(url_for("people.stand_ins"))
    every = queries.stand_in_list(today)
    ids = {one for entry in every for one in (entry.principal_id, entry.stand_in_id)}
    page = {"form": form, "entries": every, "names": queries.people(ids, today), "today": today}
    return render_template("people/stand_ins.html", **page), 422 if form.is_submitted() else 200


@blueprint.post("/stand-ins/<int:stand_in_id>/end")
@requires("standin.appoint")
def end_stand_in(stand_in_id: int) -> Any:
    """Revoke a stand-in."""
    service.end_stand_in(actor(), now(), stand_in_id)
    flash(gettext("代理已结束。"), "ok")
    return redirect(url_for("people.stand_ins"))
