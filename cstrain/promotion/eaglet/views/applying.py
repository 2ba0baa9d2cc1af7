"""Applying, the application form, the superior's comment, what HR states."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError
from cstrain.promotion.eaglet import queries, service
from cstrain.promotion.eaglet.facts import Application, Phase, Plan
from cstrain.promotion.eaglet.forms import ApplyForm, CommentForm, StateForm, one_of_several
from cstrain.promotion.eaglet.presenting import applicant_line, with_days
from cstrain.promotion.eaglet.service import SAID
from cstrain.promotion.eaglet.views.common import (
    back,
    blueprint,
    done,
    fresh,
    persons,
    shown_application,
    the_plan,
    today,
)
from cstrain.promotion.eaglet.wording import ABOUT_WORDS, PLATFORM_WORDS, SAID_WORDS
from cstrain.ui.refusal import told

_EXAMINING = {Phase.OPEN, Phase.SCREENING}


def _apply_page(plan: Plan, form: ApplyForm) -> str:
    known = with_days(queries.known_of(actor(), plan.rules, today()))
    asked = queries.conditions(plan, today())
    return render_template("eaglet/apply.html", plan=plan, form=form, known=known, said=SAID, asked=asked)


@blueprint.get("/<int:plan_id>/apply")
@requires("eaglet.apply")
def apply_form(plan_id: int) -> str:
    """Show the application form, filled with what the system knows; to who may not apply, why."""
    plan = the_plan(plan_id)
    why = queries.barred(actor(), plan, today())
    return _barred_page(plan, why) if why is not None else _apply_page(plan, ApplyForm())


def _barred_page(plan: Plan, why: DomainError) -> str:
    url = url_for("eaglet.show", plan_id=plan.id)
    return render_template(
        "promotion/barred.html",
        heading=gettext("你现在不能报名“%(title)s”", title=plan.title),
        why=told(why),
        clause=plan.rules.group_clause,
        crumb=(url, plan.title),
        doors=[(url, gettext("看这期计划")), (url_for("eaglet.index"), gettext("全部计划"))],
    )


@blueprint.post("/<int:plan_id>/apply")
@requires("eaglet.apply")
def apply(plan_id: int) -> Any:
    """Apply for the plan."""
    plan, form = the_plan(plan_id), ApplyForm()
    said = {name: form[name].data or "" for name in SAID}
    if done(
        form,
        lambda: service.apply(actor(), now(), plan_id, form.months.data or Decimal(0), said),
        gettext("申请书已提交，等上级填写评语。"),
    ):
        return back(plan_id)
    return _apply_page(plan, form), 422


@blueprint.get("/applications/<int:application_id>")
@requires("eaglet.view")
def application(application_id: int) -> str:
    """Show an application to who may read it."""
    return _page(*shown_application(application_id))


def _page(plan: Plan, found: Application, **refused: Any) -> str:
    me = actor()
    latest = plan.notice is not None and plan.notice.id == found.notice
    open_ = plan.phase in _EXAMINING and latest and not found.withdrawn and found.person != me
    states = open_ and may(me, "eaglet.manage")
    unknown = service.unknown_of(plan, found, now()) & set(ABOUT_WORDS) - {"endorsement"} if states else set()
    state = fresh(StateForm, "state", refused)
    state.offer((one, gettext(ABOUT_WORDS[one])) for one in sorted(unknown))
    comments = open_ and found.comment is None and may(me, "eaglet.comment", found.person)
    said = [found.comment, *found.stated.values()]
    return render_template(
        "eaglet/application.html",
        plan=plan,
        found=found,
        known=with_days(found.known),
        said=[(gettext(SAID_WORDS[name]), found.said[name]) for name in SAID],
        line=applicant_line(plan, found, today()),
        comment=fresh(CommentForm, "comment", refused) if comments else None,
        state=state if unknown else None,
        may_withdraw=found.person == me
        and latest
        and not found.withdrawn
        and plan.phase in {*_EXAMINING, Phase.INTERVIEWS},
        names=persons([found.person, *(one.by for one in said if one is not None)]),
        abouts=ABOUT_WORDS,
        platforms=PLATFORM_WORDS,
        hides=found.person == me,
    )


@blueprint.post("/applications/<int:application_id>/withdraw")
@requires("eaglet.apply")
def withdraw(application_id: int) -> Any:
    """Withdraw one's own application."""
    plan, _mine = shown_application(application_id)
    service.withdraw(actor(), now(), application_id)
    flash(gettext("报名已撤回。"), "ok")
    return back(plan.id)


@blueprint.post("/applications/<int:application_id>/comment")
@requires("eaglet.comment")
def comment(application_id: int) -> Any:
    """Give the superior's comment."""
    plan, found = shown_application(application_id)
    form = one_of_several(CommentForm(), "comment")
    if done(
        form,
        lambda: service.comment(
            actor(), now(), application_id, rating=int(form.rating.data), text=form.text.data or ""
        ),
        gettext("评语已提交。"),
    ):
        return redirect(url_for("eaglet.application", application_id=application_id))
    return _page(plan, found, comment=form), 422


@blueprint.post("/applications/<int:application_id>/state")
@requires("eaglet.manage")
def state(application_id: int) -> Any:
    """State what the system does not know."""
    plan, found = shown_application(application_id)
    form = one_of_several(StateForm(), "state")
    form.offer((one, one) for one in ABOUT_WORDS)
    if done(
        form,
        lambda: service.state(
            actor(), now(), application_id, form.about.data, form.value(), form.text.data or ""
        ),
        gettext("查证结果已保存。"),
    ):
        return redirect(url_for("eaglet.application", application_id=application_id))
    return _page(plan, found, state=form), 422
