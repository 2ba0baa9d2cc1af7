"""Hiring, correcting, changing state, contracts and leaving."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries, service
from cstrain.people.facts import ContractKind, Level, PersonFacts, Status, Track
from cstrain.people.forms import ContractForm, HireForm, LeavingForm, PersonForm, StateForm, number
from cstrain.people.service import NewContract, NewPerson
from cstrain.people.views.blueprint import blueprint
from cstrain.ui.refusal import attempt


def _subject(person_id: int, permission: str) -> PersonFacts:
    """Return the person an act is about, if the reader holds the permission for them."""
    person = PersonId(person_id)
    demand(permission, person)
    return queries.get_person(person, local_date(now()))


def _back(person: PersonId, says: str) -> Any:
    flash(says, "ok")
    return redirect(url_for("people.person", person_id=person))


@blueprint.route("/people/new", methods=["GET", "POST"])
@requires("person.edit")
def hire() -> Any:
    """Enter a new person."""
    form = HireForm(hire_date=local_date(now())).offer(queries.departments(active_only=True))
    made: list[PersonId] = []
    if form.validate_on_submit() and attempt(form, lambda: made.append(_hire(form))):
        return _back(made[0], gettext("已录入。下一步：发放首次登录链接。"))
    twins = queries.similar_people(form.name.data) if form.is_submitted() and form.name.data else []
    return render_template("people/hire.html", form=form, twins=twins), 422 if form.is_submitted() else 200


def _hire(form: HireForm) -> PersonId:
    contract = None
    if form.contract.data:
        contract = NewContract(
            ContractKind(form.contract.data),
            form.contract_start.data or form.hire_date.data,
            form.contract_end.data,
            form.probation_end.data,
            form.signed_on.data,
        )
    new = NewPerson(
        staff_no=form.staff_no.data,
        name=form.name.data,
        department_id=int(form.department.data),
        hire_date=form.hire_date.data,
        post=form.post.data or "",
        status=Status(form.status.data),
        level=Level(form.level.data) if form.level.data else None,
        track=Track(form.track.data) if form.track.data else None,
        phone=form.phone.data,
        email=form.email.data,
        extension=form.extension.data,
        contract=contract,
    )
    return service.hire(actor(), now(), new)


@blueprint.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@requires("person.edit")
def edit(person_id: int) -> Any:
    """Correct name and contact data."""
    facts = _subject(person_id, "person.edit")
    form = PersonForm(name=facts.name, phone=facts.phone, email=facts.email, extension=facts.extension)

    def act() -> None:
        service.correct_person(
            actor(),
            facts.id,
            name=form.name.data,
            phone=form.phone.data,
            email=form.email.data,
            extension=form.extension.data,
        )

    if form.validate_on_submit() and attempt(form, act):
        return _back(facts.id, gettext("已保存。"))
    return render_template("people/edit.html", form=form, facts=facts), 422 if form.is_submitted() else 200


@blueprint.route("/people/<int:person_id>/state", methods=["GET", "POST"])
@requires("person.edit")
def change_state(person_id: int) -> Any:
    """Record a change of status, level, track, department or post from a day on."""
    facts = _subject(person_id, "person.edit")
    form = StateForm(
        effective_from=local_date(now()),
        status=str(facts.status),
        level=facts.level or "",
        track=facts.track or "",
        department=str(facts.department_id),
        post=facts.post,
    ).offer(queries.departments(active_only=True), facts.status)
    if form.validate_on_submit() and attempt(form, lambda: _change(form, facts)):
        return _back(facts.id, gettext("变动已登记，从生效日起有效。"))
    history = queries.history_of(facts.id)
    status = 422 if form.is_submitted() else 200
    return render_template("people/state.html", form=form, facts=facts, history=history), status


def _change(form: StateForm, facts: PersonFacts) -> None:
    """Hand on what the form changes against the state of today; what it leaves alone is not named."""
    wanted: dict[str, Any] = {
        "status": Status(form.status.data),
        "level": Level(form.level.data) if form.level.data else None,
        "track": Track(form.track.data) if form.track.data else None,
        "department_id": number(form.department),
        "post": (form.post.data or "").strip(),
    }
    change = {key: value for key, value in wanted.items() if value != getattr(facts, key)}
    on, why = form.effective_from.data, form.reason.data
    service.change_state(actor(), now(), facts.id, on, reason=why, source="form", **change)


@blueprint.route("/people/<int:person_id>/contract", methods=["GET", "POST"])
@requires("person.edit")
def contract(person_id: int) -> Any:
    """Record a labour contract."""
    facts = _subject(person_id, "person.edit")
    form = ContractForm(starts_on=facts.hire_date).offer()

    def act() -> None:
        kind = ContractKind(form.kind.data)
        new = NewContract(
            kind, form.starts_on.data, form.ends_on.data, form.probation_end.data, form.signed_on.data
        )
        service.record_contract(actor(), now(), facts.id, new)

    if form.validate_on_submit() and attempt(form, act):
        return _back(facts.id, gettext("合同已登记。"))
    return render_template(
        "people/contract.html", form=form, facts=facts
    ), 422 if form.is_submitted() else 200


@blueprint.route("/people/<int:person_id>/leaving", methods=["GET", "POST"])
@requires("person.leave")
def leaving(person_id: int) -> Any:
    """Record that somebody leaves: account, roles, hand-over."""
    facts = _subject(person_id, "person.leave")
    today = local_date(now())
    others = [one for one in queries.everybody(today) if one.id != facts.id]
    form = LeavingForm(last_day=today).offer(others)

    def act() -> None:
        chosen = number(form.successor)
        service.leave_company(
            actor(),
            now(),
            facts.id,
            form.last_day.data,
            form.reason.data,
            PersonId(chosen) if chosen else None,
            close_now=bool(form.close_now.data),
        )

    if form.validate_on_submit() and attempt(form, act):
        return _back(facts.id, gettext("离职已登记，角色和代理到最后工作日为止。"))
    roles = queries.assignments_of(facts.id, today)
    status = 422 if form.is_submitted() else 200
    return render_template("people/leaving.html", form=form, facts=facts, roles=roles), status
