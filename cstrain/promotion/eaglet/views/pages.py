"""The list of plans, a plan's page, proposing, approving, the notice, the places, ending one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.promotion.eaglet import queries, service, store
from cstrain.promotion.eaglet.facts import Application, Phase, Plan
from cstrain.promotion.eaglet.forms import (
    ApproveForm,
    NoticeForm,
    PlaceForm,
    ProposeForm,
    ReasonForm,
    one_of_several,
    yes,
)
from cstrain.promotion.eaglet.policy import VIP
from cstrain.promotion.eaglet.service import NewNotice
from cstrain.promotion.eaglet.views.common import back, blueprint, done, fresh, persons, the_plan, today
from cstrain.promotion.eaglet.wording import OFFICE_WORDS, PHASE_WORDS, PLATFORM_WORDS
from cstrain.ui.forms import whole

_ENDS = {Phase.PROPOSED, Phase.APPROVED, Phase.ANNOUNCED, Phase.OPEN, Phase.SCREENING, Phase.INTERVIEWS}
_ENDS |= {Phase.DECIDING, Phase.AGAIN}


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of the list is shown, and where the others are."""

    page: int
    pages: int

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return url_for("eaglet.index", page=number)


@blueprint.get("")
@requires("eaglet.view")
def index() -> str:
    """List the plans, and what waits for the reader."""
    duties = queries.duties(actor(), now())
    page = queries.plans(today(), request.args.get("page", 1, whole))
    return render_template(
        "eaglet/index.html",
        page=page,
        pages=Pages(page.page, page.pages),
        duties=duties,
        mine={one.plan: one for one in reversed(queries.applications_by(actor()))},
        names=persons(one.application.person for one in duties if one.application),
        phases=PHASE_WORDS,
        may_propose=may(actor(), "eaglet.propose"),
        manages=may(actor(), "eaglet.manage"),
    )


@blueprint.get("/new")
@requires("eaglet.propose")
def new() -> str:
    """Show the form of a new plan."""
    return render_template("eaglet/new.html", form=ProposeForm(), rules=store.chapter(), offices=OFFICE_WORDS)


@blueprint.post("/new")
@requires("eaglet.propose")
def propose() -> Any:
    """Propose a plan."""
    form, made = ProposeForm(), list[int]()
    said = gettext("计划已提出，等审批。")
    if done(
        form,
        lambda: made.append(service.propose(actor(), now(), form.title.data or "", form.reason.data or "")),
        said,
    ):
        return back(made[0])
    page = render_template("eaglet/new.html", form=form, rules=store.chapter(), offices=OFFICE_WORDS)
    return page, 422


def _place_form() -> PlaceForm:
    form = PlaceForm()
    titles = [(one.id, gettext(one.title)) for one in store.chapter().places]
    form.offer(
        [*titles, (VIP, gettext("贵宾部"))],
        [(one.id, one.name) for one in people.departments(active_only=True)],
    )
    return form


def _places_page(form: PlaceForm) -> str:
    return render_template(
        "eaglet/places.html",
        form=form,
        places=queries.places(),
        rules=store.chapter(),
        vip=VIP,
        platforms=PLATFORM_WORDS,
    )


@blueprint.get("/places")
@requires("eaglet.manage")
def places() -> str:
    """Show which department takes which place."""
    return _places_page(_place_form())


@blueprint.post("/places")
@requires("eaglet.manage")
def set_place() -> Any:
    """Say which department takes a place."""
    form = _place_form()
    if done(
        form,
        lambda: service.set_place(actor(), now(), form.place.data, form.department.data, form.platform.data),
        gettext("已保存。"),
    ):
        return redirect(url_for("eaglet.places"))
    return _places_page(form), 422


@blueprint.get("/<int:plan_id>")
@requires("eaglet.view")
def show(plan_id: int) -> str:
    """Show a plan: where it stands, what was said and published, what the reader has to do."""
    return page_of(the_plan(plan_id))


def page_of(plan: Plan, error: str = "", **refused: Any) -> str:
    """Return a plan's page; ``refused``: forms that were, in place of fresh ones."""
    me = actor()
    every = queries.applications_of(plan.id)
    mine = next((one for one in reversed(every) if one.person == me), None)
    sees_all = queries.sees_all(me, plan)
    shown = [one for one in every if sees_all or may(me, "eaglet.comment", one.person)]
    offices = queries.offices_to_sign(me, plan, today())
    approve = fresh(ApproveForm, "approve", refused)
    approve.offer((one, gettext(OFFICE_WORDS[one])) for one in offices)
    results = queries.events_of(plan.id, "grouped", "ended")
    study = queries.study(plan.id, today())
    duties = queries.duties_in(me, plan, now())
    apart = mine is not None and not mine.withdrawn
    return render_template(
        "eaglet/show.html",
        plan=plan,
        error=error,
        mine=mine,
        applications=[] if apart else shown,
        sees_all=sees_all,
        sees_study=bool(study.members) and (sees_all or any(one.person == me for one in study.members)),
        members=study.members,
        results=results,
        duties=duties,
        offices=offices,
        approve=approve,
        end=fresh(ReasonForm, "end", refused),
        may_end=may(me, "eaglet.direct") and plan.phase in _ENDS and not apart,
        refused=next(iter(refused), ""),
        names=_names(plan, every, study),
        closing=next((one for one in queries.closings_of(plan.id) if one.agreed), None),
        phases=PHASE_WORDS,
        office_words=OFFICE_WORDS,
        platforms=PLATFORM_WORDS,
        places=queries.places(),
    )


def _names(plan: Plan, every: list[Application], study: queries.Study) -> dict[PersonId, PersonFacts]:
    said = [plan.proposed_by, *(one.by for one in plan.approvals)]
    return persons([*said, *(one.person for one in every), *(one.person for one in study.members)])


@blueprint.post("/<int:plan_id>/approve")
@requires("eaglet.approve")
def approve(plan_id: int) -> Any:
    """Say yes or no for an office."""
    plan = the_plan(plan_id)
    form = one_of_several(ApproveForm(), "approve")
    form.offer((one, one) for one in plan.rules.approvals)
    if done(
        form,
        lambda: service.approve(
            actor(), now(), plan_id, form.office.data, agrees=yes(form.agrees), text=form.text.data or ""
        ),
        gettext("审批意见已保存。"),
    ):
        return back(plan_id)
    return page_of(plan, approve=form), 422


def _notice_page(plan: Plan, form: NoticeForm) -> str:
    return render_template(
        "eaglet/notice.html",
        plan=plan,
        form=form,
        places=queries.places(),
        seats=dict(plan.unfilled) or {one.id: one.seats for one in plan.rules.places},
        platforms=PLATFORM_WORDS,
    )


@blueprint.get("/<int:plan_id>/notice")
@requires("eaglet.manage")
def notice_form(plan_id: int) -> str:
    """Show the form of the notice."""
    return _notice_page(the_plan(plan_id), NoticeForm())


@blueprint.post("/<int:plan_id>/notice")
@requires("eaglet.manage")
def publish_notice(plan_id: int) -> Any:
    """Publish the notice."""
    form = NoticeForm()

    def act() -> None:
        given = NewNotice(form.text.data or "", form.opens_on.data, form.closes_on.data)
        service.publish_notice(actor(), now(), plan_id, given)

    if done(form, act, gettext("通知已发布，有名额的部门都会收到。")):
        return back(plan_id)
    return _notice_page(the_plan(plan_id), form), 422


@blueprint.post("/<int:plan_id>/end")
@requires("eaglet.direct")
def end(plan_id: int) -> Any:
    """End a plan before its group begins."""
    plan = the_plan(plan_id)
    form = one_of_several(ReasonForm(), "end")
    if done(
        form, lambda: service.end(actor(), now(), plan_id, form.reason.data or ""), gettext("计划已终止。")
    ):
        return back(plan_id)
    return page_of(plan, end=form), 422
