"""Pages of evidence: an attempt's, to read and to take along; a month's sittings that must add up."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from cstrain.access import actor, may, requires
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, now
from cstrain.grading.evidence import queries
from cstrain.grading.evidence.facts import Evidence
from cstrain.grading.evidence.rules import as_file
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import NotFoundError
from cstrain.people import queries as people
from cstrain.ui.forms import typed_day

blueprint = Blueprint("evidence", __name__)
blueprints = [blueprint]

_MOST = 100
"""So many sittings of a month are listed, those with faults first; all of them are counted."""
_DECIDERS = ("appeal.decide", "score.release", "score.change")


def _found(attempt_id: int) -> tuple[Evidence, bool]:
    """Return the evidence of one's own attempt, or all of somebody else's for who decides about it."""
    person = exams.attempt(attempt_id, now()).person_id
    own = person == actor()
    if not own and not any(may(actor(), each, person) for each in _DECIDERS):
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    return queries.evidence(attempt_id, now(), everything=not own), own


@blueprint.get("/results/<int:attempt_id>/evidence")
@requires("score.view_own")
def show(attempt_id: int) -> str:
    """Show all that is known of an attempt: what was sent, its timeline, its markings and appeals."""
    return _page(attempt_id, "grading/evidence.html")


def _page(attempt_id: int, template: str) -> str:
    found, own = _found(attempt_id)
    ids = {found.attempt.person_id, *found.released_by, *(one.marker for one in found.given)}
    ids |= {one for marking in found.markings for one in marking.people}
    ids |= set() if own else {one.decided_by for one in found.appeals if one.decided_by}
    return render_template(
        template, found=found, attempt=found.attempt, own=own, names=people.people(ids, local_date(now()))
    )


@blueprint.get("/results/<int:attempt_id>/evidence.html")
@requires("score.view_own")
def page_file(attempt_id: int) -> Response:
    """Hand out the evidence as a page that can be read without this system."""
    text = _page(attempt_id, "grading/evidence_file.html")
    return _file(text, "text/html; charset=utf-8", f"evidence-{attempt_id}.html")


@blueprint.get("/results/<int:attempt_id>/evidence.json")
@requires("score.view_own")
def data_file(attempt_id: int) -> Response:
    """Hand out the evidence as data; the receipt can be verified from it without this system."""
    found, _own = _found(attempt_id)
    body = as_file(found, queries.final_answers(attempt_id))
    text = json.dumps(body, ensure_ascii=False, indent=2)
    return _file(text, "application/json", f"evidence-{attempt_id}.json")


def _file(text: str, kind: str, name: str) -> Response:
    return Response(
        text, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@blueprint.get("/reconciliation")
@requires("sitting.reconcile")
def reconciliation() -> Any:
    """Show whether a month's sittings add up: what was sent, handed in, marked and released."""
    month = _month()
    found = queries.month_reconciled(month, now())
    return render_template(
        "grading/reconciliation.html",
        found=found,
        shown=sorted(found.sittings, key=lambda each: not each.faults)[:_MOST],
        before=url_for("evidence.reconciliation", month=f"{add_months(month, -1):%Y-%m}"),
        after=url_for("evidence.reconciliation", month=f"{add_months(month, 1):%Y-%m}"),
        last=month >= local_date(now()).replace(day=1),
    )


def _month() -> date:
    """Return the first day of the month asked for; the present one without a readable wish."""
    asked = typed_day(f"{request.args.get('month', '')}-01")
    return asked or local_date(now()).replace(day=1)
