"""What the pages of Eaglet plans share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, url_for

from cstrain.access import actor, may
from cstrain.extensions import local_date, now, session
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.promotion.eaglet import queries, store
from cstrain.promotion.eaglet.facts import Application, Plan
from cstrain.promotion.eaglet.forms import F, one_of_several
from cstrain.ui.forms import CleanForm
from cstrain.ui.refusal import told

blueprint = Blueprint("eaglet", __name__, url_prefix="/eaglet")


def today() -> date:
    """Return the company's day."""
    return local_date(now())


def persons(ids: Iterable[PersonId | None]) -> dict[PersonId, PersonFacts]:
    """Return facts of people as they stand today."""
    return people.people({one for one in ids if one is not None}, today())


def the_plan(plan_id: int) -> Plan:
    """Return a plan as it stands; 404 for none."""
    return queries.plan(plan_id, today())


def shown_application(application_id: int) -> tuple[Plan, Application]:
    """Return an application that the signed-in person may read; 404 for others as for none.

    The applicant, their superiors, the interviewers and the offices that look on; never a rival.
    """
    found = queries.application(application_id)
    plan = the_plan(found.plan)
    me = actor()
    rival = any(one.person == me and not one.withdrawn for one in queries.applications_of(plan.id))
    office = may(me, "eaglet.view_all") or may(me, "eaglet.comment", found.person)
    if found.person != me and (rival or not office):
        raise NotFoundError(store.MISSING)
    return plan, found


def who_sees_all(plan: Plan) -> None:
    """404 unless the signed-in person may read the sheets of a plan."""
    if not queries.sees_all(actor(), plan):
        raise NotFoundError(store.MISSING)


def shown_study(plan_id: int) -> tuple[Plan, queries.Study]:
    """Return the study for who is or was in the group and the offices that look on; 404 for others."""
    plan = the_plan(plan_id)
    found = queries.study(plan_id, today())
    mine = any(one.person == actor() for one in found.members)
    if not found.members or not (mine or queries.sees_all(actor(), plan)):
        raise NotFoundError(store.MISSING)
    return plan, found


def fresh(form: type[F], prefix: str, refused: dict[str, Any]) -> F:
    """Return a refused form in its place on the page, else an empty one."""
    found: F = refused.get(prefix) or one_of_several(form(formdata=None), prefix)
    return found


def done(form: CleanForm, act: Callable[[], object], message: str) -> bool:
    """Do the act of a valid form and say so; False when anything was refused.

    What is not there, or not for this person, stays a page that is not found.
    """
    if not form.validate_on_submit():
        return False
    try:
        act()
    except DomainError as error:
        session().rollback()
        if isinstance(error, NotFoundError):
            raise
        form.form_errors = [*form.form_errors, told(error)]
        return False
    flash(message, "ok")
    return True


def back(plan_id: int, page: str = "show") -> Any:
    """Lead back to one of a plan's pages."""
    return redirect(url_for(f"eaglet.{page}", plan_id=plan_id))


def pressed(act: Callable[[], object], message: str, page: Callable[[str], Any], leads: Any) -> Any:
    """Do an act of one button; a refusal is said on the page."""
    try:
        act()
    except DomainError as error:
        if error.status == NotFoundError.status:
            raise
        return page(told(error)), error.status
    flash(message, "ok")
    return leads
