"""Sealed decisions, verified as one looks: the seal, and the findings judged again."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import lazy_gettext

from cstrain.access import requires
from cstrain.kernel.ids import PersonId
from cstrain.promotion.applications.policy import EVENT_WORDS
from cstrain.promotion.editions import queries
from cstrain.promotion.editions.queries.decisions import PAGE
from cstrain.promotion.editions.views.base import Pages, blueprint, persons
from cstrain.ui.forms import whole

STAGES = {
    "submit": lazy_gettext("提交时"),
    "check": lazy_gettext("资格审核时"),
    "decide": lazy_gettext("决定时"),
    "appeal": lazy_gettext("申诉答复时"),
}


@blueprint.get("/decisions")
@requires("decision.verify")
def decisions() -> str:
    """List the sealed records of decisions, the newest first, each verified now."""
    page = max(request.args.get("page", 1, whole), 1)
    total, found = queries.verified_page(page)
    pages = max(1, -(-total // PAGE))
    return render_template(
        "editions/decisions.html",
        total=total,
        found=found,
        bad=sum(not one.same for one in found),
        pages=Pages(min(page, pages), pages, "editions.decisions", {}),
        stages=STAGES,
    )


@blueprint.get("/decisions/<int:record_id>")
@requires("decision.verify")
def decision(record_id: int) -> str:
    """Show one sealed record: its edition, its findings, who acted, the papers' hashes, what differs."""
    found, kept = queries.verified(record_id)
    acted = kept.get("people", ())
    return render_template(
        "editions/decision.html",
        one=found,
        findings=kept.get("findings", ()),
        people=acted,
        names=persons(PersonId(each["by"]) for each in acted if each["by"] is not None),
        words=EVENT_WORDS,
        files=kept.get("files", {}),
        ladder=kept.get("ladder", {}),
        stages=STAGES,
    )
