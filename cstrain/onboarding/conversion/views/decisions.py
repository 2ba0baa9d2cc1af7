"""Proposing how a case is decided, confirming it as the second person, or sending it back."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.onboarding.conversion import service, store
from cstrain.onboarding.conversion.facts import Outcome
from cstrain.onboarding.conversion.forms import DecisionForm, NoteForm
from cstrain.onboarding.conversion.policy import OUTCOME_WORDS
from cstrain.onboarding.conversion.rules.decision import CHOICES
from cstrain.onboarding.conversion.views.common import (
    allowed_case,
    allowed_view,
    blueprint,
    form_page,
    to_case,
)
from cstrain.ui.refusal import attempt


@blueprint.route("/conversions/<int:case_id>/decision", methods=["GET", "POST"])
@requires("conversion.manage")
def decide(case_id: int) -> Any:
    """Propose how the case is decided, with reasons; the offices are asked for their opinions."""
    view = allowed_view(case_id, "conversion.manage")
    offered = view.proposal.outcome if view.proposal.outcome in CHOICES else None
    until = view.consent.until if view.consent is not None else None
    form = DecisionForm(data={"outcome": offered, "until": until})
    form.offer(CHOICES)
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.propose_decision(
            actor(),
            now(),
            view.case.id,
            Outcome(form.outcome.data),
            form.reason.data,
            form.until.data if form.outcome.data == Outcome.EXTEND else None,
        ),
    ):
        flash(gettext("结论已提出，正在征求各方意见。"), "ok")
        return to_case(case_id)
    return form_page("decision", form, view=view, case=view.case, words=OUTCOME_WORDS, law=store.labour_law())


@blueprint.post("/conversions/<int:case_id>/confirm")
@requires("conversion.manage")
def confirm(case_id: int) -> Any:
    """Confirm the proposed decision as the second person."""
    found = allowed_case(case_id, "conversion.manage")
    service.confirm_decision(actor(), now(), found.id, NoteForm().note.data or "")
    flash(gettext("结论已生效，审批表已归档。"), "ok")
    return to_case(case_id)


@blueprint.post("/conversions/<int:case_id>/refuse")
@requires("conversion.manage")
def refuse(case_id: int) -> Any:
    """Send the proposed decision back."""
    found = allowed_case(case_id, "conversion.manage")
    service.refuse_decision(actor(), now(), found.id, NoteForm().note.data or "")
    flash(gettext("结论已退回。"), "ok")
    return to_case(case_id)
