"""Pages of post plans: the list, a new edition, one with its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import ConflictError, ForbiddenError
from cstrain.people import queries as people
from cstrain.performance.assessment import queries, service
from cstrain.performance.assessment.facts import Plan
from cstrain.performance.assessment.forms import PlanForm, ReasonForm, plan_form
from cstrain.performance.assessment.policy import MOST_TARGETS, PLAN_WORDS, SENSE_WORDS, SOURCES
from cstrain.performance.assessment.views.base import (
    asked_page,
    blueprint,
    department_choices,
    first_of,
    missing,
    month_choices,
    names_of,
    pager,
    today,
)
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt, told

_STEPS = {"drafted": "plan.check", "checked": "plan.approve"}
_AHEAD = 6


@blueprint.get("/plans")
@requires("plan.view")
def plans() -> str:
    """List the editions of the departments one sees."""
    places = queries.reach(actor(), "plan.view", today())
    found, total = queries.plans_page(places, asked_page())
    return render_template(
        "assessment/plans.html",
        plans=found,
        departments={int(one.id): one.name for one in people.departments()},
        words=PLAN_WORDS,
        links=pager(total, "assessment.plans"),
        total=total,
        may_draft=may(actor(), "plan.draft"),
    )


@blueprint.route("/plans/new", methods=["GET", "POST"])
@requires("plan.draft")
def new_plan() -> Any:
    """Draft an edition; ``from`` names the one to begin with."""
    places = queries.reach(actor(), "plan.draft", today())
    before = _before(places)
    form = plan_form(before)
    form.offer(department_choices(places), queries.posts_of(places, today()), month_choices(0, _AHEAD))
    if not form.is_submitted() and before is not None:
        form.department.data, form.post.data = before.department_id, before.post
    made: list[int] = []
    if form.validate_on_submit() and attempt(form, lambda: made.append(_draft(form))):
        flash(gettext("计划已起草，等考核部门审核。"), "ok")
        return redirect(url_for("assessment.plan", plan_id=made[0]))
    page = render_template("assessment/plan_new.html", form=form, most=MOST_TARGETS)
    return page, 422 if form.is_submitted() else 200


def _before(places: frozenset[int] | None) -> Plan | None:
    number = request.args.get("from", type=whole)
    if number is None:
        return None
    found = queries.plan(number)
    if not queries.within(found.department_id, places):
        raise missing()
    return found


def _draft(form: PlanForm) -> int:
    month = first_of(form.month.data)
    return service.draft(actor(), now(), form.department.data, form.post.data or "", month, form.targets())


def _readable(plan_id: int) -> Plan:
    """Return an edition one may see: in one's reach, or in force and binding oneself."""
    found, me = queries.plan(plan_id), actor()
    if may(me, "plan.view") and queries.within(found.department_id, queries.reach(me, "plan.view", today())):
        return found
    if found.state == "approved" and me in queries.bound_people(found, today()):
        return found
    raise missing()


def _step(found: Plan) -> str | None:
    """Return the permission of the step that the signed-in person may take now."""
    wanted = _STEPS.get(found.state)
    if wanted is None or not may(actor(), wanted):
        return None
    return wanted if queries.within(found.department_id, queries.reach(actor(), wanted, today())) else None


@blueprint.get("/plans/<int:plan_id>")
@requires("assessment.view_own")
def plan(plan_id: int) -> str:
    """Show an edition with its targets and who drafted, checked and approved it."""
    return _page(_readable(plan_id), ReasonForm(formdata=None))


def _page(found: Plan, form: ReasonForm, *, asked: bool = False, refused: str = "") -> str:
    me, step = actor(), _step(found)
    return render_template(
        "assessment/plan.html",
        one=found,
        department=people.department(found.department_id).name,
        names=names_of([found.drafted_by, found.checked_by, found.approved_by, found.returned_by]),
        words=PLAN_WORDS,
        senses=SENSE_WORDS,
        sources=SOURCES,
        form=form,
        asked=asked,
        refused=refused,
        step=step if me not in {found.drafted_by, found.checked_by} else None,
        acted=step is not None and me in {found.drafted_by, found.checked_by},
        may_return=_may_return(found, step),
        may_draft=may(me, "plan.draft")
        and queries.within(found.department_id, queries.reach(me, "plan.draft", today())),
    )


def _may_return(found: Plan, step: str | None) -> bool:
    return found.state in _STEPS and (step is not None or actor() == found.drafted_by)


def _advance(plan_id: int, permission: str, act: Callable[[], None], said: str) -> Any:
    found = _readable(plan_id)
    if not queries.within(found.department_id, queries.reach(actor(), permission, today())):
        raise missing()
    try:
        act()
    except (ForbiddenError, ConflictError) as error:
        return _page(found, ReasonForm(formdata=None), refused=told(error)), 422
    flash(said, "ok")
    return redirect(url_for("assessment.plan", plan_id=plan_id))


@blueprint.post("/plans/<int:plan_id>/check")
@requires("plan.check")
def check_plan(plan_id: int) -> Any:
    """Find a draft in order, as the assessing unit."""
    said = gettext("已审核，等上级批准。")
    return _advance(plan_id, "plan.check", lambda: service.check(actor(), now(), plan_id), said)


@blueprint.post("/plans/<int:plan_id>/approve")
@requires("plan.approve")
def approve_plan(plan_id: int) -> Any:
    """Put a checked draft into force."""
    said = gettext("已批准，适用的员工会收到通知。")
    return _advance(plan_id, "plan.approve", lambda: service.approve(actor(), now(), plan_id), said)


@blueprint.post("/plans/<int:plan_id>/return")
@requires("plan.view")
def return_plan(plan_id: int) -> Any:
    """Return a draft with the reason."""
    found = _readable(plan_id)
    if not _may_return(found, _step(found)):
        raise missing()
    form = ReasonForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.send_back(actor(), now(), plan_id, form.reason.data or "")
    ):
        flash(gettext("已退回，起草人会看到原因。"), "ok")
        return redirect(url_for("assessment.plan", plan_id=plan_id))
    return _page(queries.plan(plan_id), form, asked=True), 422
