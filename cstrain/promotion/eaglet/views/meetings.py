"""The page on which the study leader corrects a meeting."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.kernel.errors import ConflictError, NotFoundError
from cstrain.promotion.eaglet import service, store
from cstrain.promotion.eaglet.facts import Phase, Plan, Session
from cstrain.promotion.eaglet.forms import SessionForm
from cstrain.promotion.eaglet.service import NewSession
from cstrain.promotion.eaglet.views.common import back, blueprint, done, shown_study, today


def _to_correct(plan_id: int, session_id: int) -> tuple[Plan, Session]:
    """Return a meeting for who leads the study; 404 for the others as for none, 409 once it is over."""
    plan, found = shown_study(plan_id)
    one = next((each for each in found.sessions if each.id == session_id), None)
    if one is None or not found.leads(actor()):
        raise NotFoundError(store.MISSING)
    if plan.phase is not Phase.STUDYING or not one.open_on(today()):
        raise ConflictError("这次学习已经取消、过了日期，或者这期计划已经结束，不能再更正。")
    return plan, one


def _page(plan: Plan, one: Session, form: SessionForm) -> str:
    return render_template("eaglet/session.html", plan=plan, one=one, form=form)


def _form(plan: Plan, one: Session) -> SessionForm:
    things = list(one.request.things) if one.request is not None else []
    form = SessionForm(
        data={
            "day": one.on,
            "hours": one.hours,
            "place": one.place,
            "content": one.content,
            "things": things,
        }
    )
    form.offer((each.id, gettext(each.title)) for each in plan.rules.things)
    return form


@blueprint.get("/<int:plan_id>/sessions/<int:session_id>/correct")
@requires("eaglet.study")
def correct_session(plan_id: int, session_id: int) -> str:
    """Show a meeting as it was reported, to be corrected."""
    plan, one = _to_correct(plan_id, session_id)
    return _page(plan, one, _form(plan, one))


@blueprint.post("/<int:plan_id>/sessions/<int:session_id>/correct")
@requires("eaglet.study")
def correct(plan_id: int, session_id: int) -> Any:
    """Correct a meeting; what was reported before stays on record."""
    plan, one = _to_correct(plan_id, session_id)
    form = _form(plan, one)

    def act() -> None:
        things = [str(each) for each in form.things.data or ()]
        given = NewSession(
            form.day.data, form.hours.data or "", form.place.data or "", form.content.data or "", things
        )
        service.report_session(actor(), now(), plan_id, given, replaces=session_id)

    if done(form, act, gettext("学习安排已更正，人力资源部和组员会收到通知。")):
        return back(plan_id, "study")
    return _page(plan, one, form), 422
