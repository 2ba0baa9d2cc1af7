"""The screening sheet, the interview sheets, the result."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion.eaglet import queries, service, store
from cstrain.promotion.eaglet.facts import Application, Notice, Phase, Plan
from cstrain.promotion.eaglet.forms import group_form, unfilled_of
from cstrain.promotion.eaglet.views.common import (
    back,
    blueprint,
    done,
    persons,
    pressed,
    the_plan,
    today,
    who_sees_all,
)
from cstrain.promotion.eaglet.wording import (
    ABOUT_WORDS,
    BY_WORDS,
    ITEM_WORDS,
    OFFICE_WORDS,
    TIE_WORDS,
)
from cstrain.ui.forms import CleanForm, LiveForm, live_form
from cstrain.ui.sheets import keep_sheet
from cstrain.unit_of_work import own_transaction


def _round(plan: Plan, number: int | None = None) -> tuple[Notice, list[Application]]:
    """Return a round (the latest) with its standing applications; 404 for none."""
    found = [one for one in plan.notices if number is None or one.number == number]
    if not found:
        raise NotFoundError(store.MISSING)
    these = [one for one in queries.applications_of(plan.id, found[-1].id) if not one.withdrawn]
    return found[-1], these


def _screening_page(plan: Plan, number: int | None = None, error: str = "") -> str:
    who_sees_all(plan)
    notice, these = _round(plan, number)
    latest = notice is plan.notice
    return render_template(
        "eaglet/screening.html",
        plan=plan,
        notice=notice,
        sheet=queries.screening(plan, notice, these, today()),
        names=persons(one.person for one in these),
        people={one.id: one.person for one in these},
        closes=latest and plan.phase is Phase.SCREENING and may(actor(), "eaglet.manage"),
        error=error,
        items=ITEM_WORDS,
        abouts=ABOUT_WORDS,
        shown=queries.shown,
    )


@blueprint.get("/<int:plan_id>/screening/<int:number>")
@requires("eaglet.view_all")
def screening(plan_id: int, number: int) -> str:
    """Show the screening sheet of a round: every condition, every point, every rank with its reason."""
    return _screening_page(the_plan(plan_id), number)


@blueprint.post("/<int:plan_id>/screening")
@requires("eaglet.manage")
def screen(plan_id: int) -> Any:
    """Close the screening sheet."""
    plan = the_plan(plan_id)
    return pressed(
        lambda: service.screen(actor(), now(), plan_id),
        gettext("筛选已完成并密封，入围的人会收到通知。"),
        lambda error: _screening_page(plan, None, error),
        back(plan_id),
    )


def _to_interview(application_id: int) -> tuple[Plan, Application]:
    """Return about whom the signed-in person may hand a sheet in now; 404 otherwise."""
    found = queries.application(application_id)
    plan = the_plan(found.plan)
    rival = any(one.person == actor() and not one.withdrawn for one in queries.applications_of(plan.id))
    waits = plan.phase is Phase.INTERVIEWS and found in queries.to_interview(actor(), plan, today())
    if rival or not waits:
        raise NotFoundError(store.MISSING)
    return plan, found


def _interview_page(plan: Plan, found: Application, form: LiveForm) -> str:
    state = queries.progress(plan, queries.standing_of(plan), today())
    return render_template(
        "eaglet/interview.html",
        plan=plan,
        found=found,
        form=form,
        office=service.office_of(actor(), plan, state.in_, found.id, now()),
        ties=service.ties_of(actor(), found.person, now()),
        names=persons([found.person]),
        offices=OFFICE_WORDS,
        tie_words=TIE_WORDS,
        kept=queries.own_draft(found.id, actor()),
        too_early=plan.notice is not None and today() < plan.notice.interview_from,
    )


@blueprint.get("/applications/<int:application_id>/interview")
@requires("eaglet.interview")
def interview(application_id: int) -> str:
    """Show the interview sheet to be filled."""
    plan, found = _to_interview(application_id)
    kept = queries.own_draft(application_id, actor())
    points, note = (kept.points, kept.note) if kept is not None else ({}, "")
    return _interview_page(plan, found, live_form(plan.rules.interview.rubric, points, note))


@blueprint.post("/applications/<int:application_id>/interview/points")
@requires("eaglet.interview")
@own_transaction
def keep_sheet_so_far(application_id: int) -> Any:
    """Keep the own sheet as it is filled in; the page sends it. 200: when it was kept; else why not."""
    plan, _found = _to_interview(application_id)
    form, me, at = live_form(plan.rules.interview.rubric), actor(), now()
    return keep_sheet(
        form, lambda: service.keep_draft(me, at, application_id, form.points(), form.said()), at
    )


@blueprint.post("/applications/<int:application_id>/interview")
@requires("eaglet.interview")
def hand_in(application_id: int) -> Any:
    """Hand in and seal an interview sheet."""
    plan, found = _to_interview(application_id)
    form = live_form(plan.rules.interview.rubric)
    if done(
        form,
        lambda: service.hand_in(actor(), now(), application_id, form.points(), form.said()),
        gettext("已交并密封。全部交齐、打开以后才能看。"),
    ):
        return back(plan.id)
    return _interview_page(plan, found, form), 422


def _result_page(
    plan: Plan, number: int | None = None, error: str = "", form: CleanForm | None = None
) -> str:
    who_sees_all(plan)
    notice, these = _round(plan, number)
    result = queries.find_result(plan, notice, these, today())
    state = queries.progress(plan, these, today()) if notice is plan.notice else None
    decides = result is not None and notice is plan.notice and plan.phase is Phase.DECIDING
    left = {place: plan.rules.place(place).title for place in result.left} if result is not None else {}
    me = actor()
    return render_template(
        "eaglet/result.html",
        plan=plan,
        notice=notice,
        result=result,
        state=state,
        names=persons([*(one.person for one in these), *(one.rater for one in result.sheets if result)])
        if result is not None
        else persons(one.person for one in these),
        people={one.id: one.person for one in these},
        opens=plan.phase is Phase.INTERVIEWS and may(me, "eaglet.manage"),
        form=(form or group_form(left))
        if decides and may(me, "eaglet.direct") and result is not None and result.by != me
        else None,
        error=error,
        offices=OFFICE_WORDS,
        bys=BY_WORDS,
        tie_words=TIE_WORDS,
        shown=queries.shown,
        to_do={one.id for one in queries.to_interview(me, plan, today())} if state is not None else set(),
    )


@blueprint.get("/<int:plan_id>/result/<int:number>")
@requires("eaglet.view_all")
def result(plan_id: int, number: int) -> str:
    """Show how far the interviews are; what they came to only once they are opened."""
    return _result_page(the_plan(plan_id), number)


@blueprint.post("/<int:plan_id>/open")
@requires("eaglet.manage")
def open_interviews(plan_id: int) -> Any:
    """Open the seals and rank."""
    plan = the_plan(plan_id)
    return pressed(
        lambda: service.open_interviews(actor(), now(), plan_id),
        gettext("面试评分已打开并排好名次，等客服总监公布。"),
        lambda error: _result_page(plan, None, error),
        back(plan_id),
    )


@blueprint.post("/<int:plan_id>/group")
@requires("eaglet.direct")
def form_group(plan_id: int) -> Any:
    """Publish who is accepted."""
    plan = the_plan(plan_id)
    notice, these = _round(plan)
    found = queries.find_result(plan, notice, these, today())
    left = {place: plan.rules.place(place).title for place in found.left} if found is not None else {}
    form = group_form(left)
    if done(
        form,
        lambda: service.form_group(actor(), now(), plan_id, unfilled_of(form), form["text"].data or ""),
        gettext("结果已公布。"),
    ):
        return back(plan_id)
    return _result_page(plan, None, "", form), 422
