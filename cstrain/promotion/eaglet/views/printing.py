"""The papers of a plan as PDF."""

from __future__ import annotations

import json
from urllib.parse import quote

from flask import Response

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.kernel.errors import NotFoundError
from cstrain.people import service as people_service
from cstrain.promotion.eaglet import documents, queries, store
from cstrain.promotion.eaglet.facts import Outcome
from cstrain.promotion.eaglet.views.common import blueprint, persons, shown_application, the_plan, today
from cstrain.unit_of_work import unit_of_work


def _file(content: bytes, filename: str) -> Response:
    headers = {
        "Content-Disposition": f"inline; filename=\"document.pdf\"; filename*=UTF-8''{quote(filename)}"
    }
    return Response(content, mimetype="application/pdf", headers=headers)


@blueprint.get("/applications/<int:application_id>/form.pdf")
@requires("eaglet.view")
def form_paper(application_id: int) -> Response:
    """Give the application form 雏鹰计划申请书; who looked at somebody's is noted."""
    plan, found = shown_application(application_id)
    by = [found.comment.by] if found.comment is not None else []
    content = documents.pdf(documents.FORM, documents.form_data(plan, found, persons([found.person, *by])))
    with unit_of_work():
        people_service.log_view(actor(), found.person, "eaglet.form", now())
    return _file(content, f"雏鹰计划申请书-{documents.number(plan)}-{found.id}.pdf")


@blueprint.get("/<int:plan_id>/notices/<int:number>.pdf")
@requires("eaglet.view")
def notice_paper(plan_id: int, number: int) -> Response:
    """Give the notice of a round."""
    plan = the_plan(plan_id)
    notice = next((one for one in plan.notices if one.number == number), None)
    if notice is None:
        raise NotFoundError(store.MISSING)
    names = {place: one.department_name for place, one in queries.places().items()}
    content = documents.pdf(documents.NOTICE, documents.notice_data(plan, notice, names))
    return _file(content, f"通知-{documents.number(plan)}-{number}.pdf")


@blueprint.get("/<int:plan_id>/results/<int:number>.pdf")
@requires("eaglet.view")
def result_paper(plan_id: int, number: int) -> Response:
    """Give the notice of who is accepted."""
    plan = the_plan(plan_id)
    notice = next((one for one in plan.notices if one.number == number), None)
    events = queries.events_of(plan.id, "grouped")
    event = next((one for one in events if notice and one.detail["notice"] == notice.id), None)
    if notice is None or event is None:
        raise NotFoundError(store.MISSING)
    of_round = {one.id for one in queries.applications_of(plan.id, notice.id)}
    members = [one for one in queries.study(plan.id, today()).members if one.application in of_round]
    names = persons(one.person for one in members)
    content = documents.pdf(documents.NOTICE, documents.result_data(plan, event, members, names))
    return _file(content, f"入选名单-{documents.number(plan)}-{number}.pdf")


@blueprint.get("/<int:plan_id>/closing.pdf")
@requires("eaglet.view")
def closing_paper(plan_id: int) -> Response:
    """Give the closing notice, as it was sealed."""
    plan = the_plan(plan_id)
    closing = next((one for one in queries.closings_of(plan.id) if one.agreed), None)
    if closing is None:
        raise NotFoundError(store.MISSING)
    kept = json.loads(closing.sealed)["outcomes"]
    found = [Outcome(one["person"], (), one["passes"]) for one in kept]
    names = persons(one.person for one in found)
    content = documents.pdf(documents.NOTICE, documents.closing_data(plan, closing, found, names))
    return _file(content, f"结束公告-{documents.number(plan)}.pdf")
