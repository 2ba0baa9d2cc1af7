"""Reports: what is to be written, the list, writing with a draft that keeps itself, reading, comments."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import now
from cstrain.people import queries as people
from cstrain.performance.activities import queries, service, store
from cstrain.performance.activities.facts import Kind, ReportFacts, Span
from cstrain.performance.activities.forms import CommentForm, ReportSheet, report_sheet
from cstrain.performance.activities.policy import KIND_WORDS, NUMBER_WORDS
from cstrain.performance.activities.views.common import (
    Pager,
    blueprint,
    kept,
    missing,
    names_of,
    today,
    wanted_page,
)
from cstrain.ui.forms import typed_day, whole
from cstrain.ui.refusal import attempt
from cstrain.ui.sheets import keep_sheet
from cstrain.unit_of_work import own_transaction


@blueprint.get("/reports")
@requires("report.view")
def reports() -> str:
    """List the reports one may see, what is missing, and what one has to write oneself."""
    me, filters = actor(), kept("kind", "department", "show")
    seen = people.visible_people(me, "report.view", today())
    place = filters.get("department", "")
    kind = filters.get("kind", "")
    wanted = queries.Wanted(
        leaders=seen,
        kind=Kind(kind) if kind in set(Kind) else None,
        departments=people.subtree(whole(place)) if place.isdecimal() and len(place) < 10 else None,
        late=filters.get("show") == "late",
        unread_by=me if filters.get("show") == "unread" else None,
    )
    found = queries.report_page(wanted, wanted_page())
    gaps = queries.gaps(queries.leadings(today(), seen), now())
    return render_template(
        "activities/reports.html",
        found=found,
        own=[one for one in gaps if one.leading.leader == me],
        gaps=[one for one in gaps if one.over and one.leading.leader != me],
        names=names_of([*(one.leader for one in found.rows), *(one.leading.leader for one in gaps)]),
        places={one.id: one.name for one in people.departments()},
        kept=filters,
        links=Pager(found.page, found.pages, "activities.reports", filters),
        reader=me,
        heads=seen is None or bool(seen - {me}),
        days=store.chapter().reports.look_back_days,
        kinds={key: gettext(word) for key, word in KIND_WORDS.items()},
    )


def _span(kind: str, day: str) -> Span:
    first = typed_day(day)
    if kind not in set(Kind) or first is None:
        raise missing()
    return Span(Kind(kind), first)


def _led(department_id: int, span: Span) -> None:
    """Answer a department one did not lead then as one that does not exist."""
    mine = queries.leadings_of(actor())
    if not any(one.department_id == department_id and one.covers(span) for one in mine):
        raise missing()


@blueprint.route("/reports/<kind>/<int:department_id>/<day>", methods=["GET", "POST"])
@requires("report.write")
def write(kind: str, department_id: int, day: str) -> Any:
    """Write a report, or go on with a draft; sending the form hands it in."""
    span = _span(kind, day)
    _led(department_id, span)
    held = queries.find_report(actor(), department_id, span)
    if held is not None and held.submitted_at is not None and request.method == "GET":
        return redirect(url_for("activities.report", report_id=held.id))
    form = report_sheet(
        store.report_form(span),
        held.said if held is not None else None,
        held.entered if held is not None else None,
    )
    made: list[int] = []
    if form.validate_on_submit() and attempt(
        form, lambda: made.append(service.submit(actor(), now(), department_id, span, form.draft()))
    ):
        flash(gettext("报告已交，上级会收到通知。"), "ok")
        return redirect(url_for("activities.report", report_id=made[0]))
    return _sheet(form, span, department_id, held), 422 if form.is_submitted() else 200


def _sheet(form: ReportSheet, span: Span, department_id: int, held: ReportFacts | None) -> str:
    return render_template(
        "activities/write.html",
        form=form,
        span=span,
        chapter=store.report_form(span),
        place=people.department(department_id),
        numbers=queries.pulled(department_id, actor(), span),
        words=NUMBER_WORDS,
        saved_at=held.saved_at if held is not None else None,
    )


@blueprint.post("/reports/<kind>/<int:department_id>/<day>/draft")
@requires("report.write")
@own_transaction
def keep(kind: str, department_id: int, day: str) -> Any:
    """Keep what was written so far; the page sends it by itself. 200: when it was kept; else why not."""
    span = _span(kind, day)
    _led(department_id, span)
    form = report_sheet(store.report_form(span))
    at, me = now(), actor()
    return keep_sheet(form, lambda: service.keep(me, at, department_id, span, form.draft()), at)


def _readable(report_id: int) -> ReportFacts:
    facts = queries.report(report_id)
    demand("report.view", facts.leader)
    return facts


@blueprint.get("/reports/<int:report_id>")
@requires("report.view")
def report(report_id: int) -> str:
    """Show a report: its numbers, what was written, what was said to it."""
    return _page(_readable(report_id), CommentForm(formdata=None))


def _page(facts: ReportFacts, form: CommentForm) -> str:
    me, asked = actor(), store.report_form(facts.span, facts.edition)
    return render_template(
        "activities/report.html",
        one=facts,
        own=facts.leader == me,
        form=form,
        names=names_of([facts.leader, *(note.by for note in facts.notes)]),
        place=people.department(facts.department_id),
        titles={each.code: each.title for each in asked.sections},
        by_hand={each.code: each.title for each in asked.entered},
        units={each.code: each.unit for each in asked.entered},
        words=NUMBER_WORDS,
        may_comment=facts.leader != me and may(me, "report.comment", facts.leader),
        is_read=me in facts.readers,
    )


def _commented(report_id: int) -> ReportFacts:
    facts = queries.report(report_id)
    demand("report.comment", facts.leader)
    return facts


@blueprint.post("/reports/<int:report_id>/read")
@requires("report.comment")
def read(report_id: int) -> Any:
    """Note that one has read a report."""
    facts = _commented(report_id)
    service.mark_read(actor(), now(), facts.id)
    flash(gettext("已标为已读。"), "ok")
    return redirect(url_for("activities.report", report_id=facts.id))


@blueprint.post("/reports/<int:report_id>/comment")
@requires("report.comment")
def comment(report_id: int) -> Any:
    """Say something to a report of somebody in one's charge."""
    facts = _commented(report_id)
    form = CommentForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.comment(actor(), now(), facts.id, form.text.data or "")
    ):
        flash(gettext("批注已保存，写报告的人会收到通知。"), "ok")
        return redirect(url_for("activities.report", report_id=facts.id))
    return _page(queries.report(facts.id), form), 422


@blueprint.post("/reports/<int:report_id>/addition")
@requires("report.write")
def add(report_id: int) -> Any:
    """Add to one's own report."""
    facts = queries.report(report_id)
    if facts.leader != actor():
        raise missing()
    form = CommentForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.add(actor(), now(), facts.id, form.text.data or "")
    ):
        flash(gettext("补充说明已保存，看过的人会收到通知。"), "ok")
        return redirect(url_for("activities.report", report_id=facts.id))
    return _page(queries.report(facts.id), form), 422
