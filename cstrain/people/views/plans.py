"""Rosters by month and department, leave, and the company's own days."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import PersonId
from cstrain.people import queries, rules, service
from cstrain.people.facts import LeaveKind
from cstrain.people.forms import CompanyDayForm, EmptyForm, LeaveForm, month_of, number
from cstrain.people.views.blueprint import blueprint
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt


def _department(asked: int | None) -> int:
    """Return the department that is asked for, else the reader's own."""
    if asked is not None:
        return queries.department(asked).id
    return queries.get_person(actor(), local_date(now())).department_id


@blueprint.get("/rosters")
@requires("roster.edit")
def rosters() -> str:
    """Show a department's month: who works on which day, as a grid of check boxes."""
    today = local_date(now())
    month = month_of(request.args.get("month"), today)
    department = queries.department(_department(request.args.get("department", type=whole)))
    people = queries.people_of_department(department.id, max(month, today.replace(day=1)))
    days = rules.month_days(month)
    return render_template(
        "people/rosters.html",
        form=EmptyForm(formdata=None),
        month=month,
        before=add_months(month, -1),
        after=add_months(month, 1),
        days=days,
        department=department,
        departments=queries.departments(active_only=True),
        people=people,
        plans=queries.work_plans([one.id for one in people]),
        me_id=actor(),
        today=today,
        published=_published(people, days),
    )


def _published(people: list[Any], days: list[date]) -> bool:
    plans = queries.work_plans([one.id for one in people])
    return all(plan.calendar.is_published(days[-1]) for plan in plans.values())


@blueprint.post("/rosters")
@requires("roster.edit")
def save_rosters() -> Any:
    """Save a department's month; a day goes to the roster only where it differs from the plan shown.

    Past days are history and stay as they are; one's own row is somebody else's to change.
    """
    today = local_date(now())
    month = month_of(request.form.get("month"), today)
    department = queries.department(_department(request.form.get("department", type=whole)))
    days = [day for day in rules.month_days(month) if day >= today]
    people = queries.people_of_department(department.id, max(month, today.replace(day=1)))
    plans = queries.work_plans([one.id for one in people])
    changed = 0
    for one in people:
        if one.id == actor():
            continue
        ticked = set(request.form.getlist(f"p{one.id}"))
        wanted = {day: day.isoformat() in ticked for day in days}
        moved = {day: works for day, works in wanted.items() if plans[one.id].is_rostered(day) != works}
        service.set_roster(actor(), now(), one.id, moved)
        changed += len(moved)
    service.note_roster_saved(actor(), department.id, month, changed)
    flash(gettext("排班已保存，改了%(n)s处。", n=changed), "ok")
    back = url_for("people.rosters", department=department.id, month=month.strftime("%Y-%m"))
    return redirect(back)


@blueprint.route("/people/<int:person_id>/leave", methods=["GET", "POST"])
@requires("roster.edit")
def leave(person_id: int) -> Any:
    """Show a person's absences and record one."""
    person = PersonId(person_id)
    demand("roster.edit", person)
    today = local_date(now())
    form = LeaveForm(first_day=today, last_day=today).offer()

    def act() -> None:
        kind = LeaveKind(form.kind.data)
        first, last, why = form.first_day.data, form.last_day.data, form.reason.data or ""
        service.record_leave(actor(), now(), person, first, last, kind, why)

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("请假已登记，培训日程会按它重排。"), "ok")
        return redirect(url_for("people.leave", person_id=person))
    page = {"form": form, "facts": queries.get_person(person, today), "absences": queries.leave_of(person)}
    return render_template("people/leave.html", **page), 422 if form.is_submitted() else 200


@blueprint.post("/leave/<int:leave_id>/cancel")
@requires("roster.edit")
def cancel_leave(leave_id: int) -> Any:
    """Cancel an absence; it stays on record."""
    person = service.cancel_leave(actor(), now(), leave_id)
    flash(gettext("请假已撤销，培训日程会按它重排。"), "ok")
    return redirect(url_for("people.leave", person_id=person))


@blueprint.route("/company-days", methods=["GET", "POST"])
@requires("roster.edit")
def company_days() -> Any:
    """Show the company's own working days and days off, and set one."""
    today = local_date(now())
    form = CompanyDayForm(working="no").offer(queries.departments(active_only=True))

    def act() -> None:
        works = form.working.data == "yes"
        service.set_company_day(actor(), form.day.data, works, form.note.data or "", number(form.department))

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("已保存，工作日历从现在起按它计算。"), "ok")
        return redirect(url_for("people.company_days"))
    rows = queries.company_days(add_months(today, -3), add_months(today, 24))
    names = {one.id: one.name for one in queries.departments()}
    page = {"form": form, "rows": rows, "names": names}
    return render_template("people/company_days.html", **page), 422 if form.is_submitted() else 200


@blueprint.post("/company-days/<int:day_id>/remove")
@requires("roster.edit")
def remove_company_day(day_id: int) -> Any:
    """Take the company's word about a day back."""
    service.remove_company_day(actor(), day_id)
    flash(gettext("已撤销，这一天按日历计算。"), "ok")
    return redirect(url_for("people.company_days"))
