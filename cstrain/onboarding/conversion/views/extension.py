"""Extending probation: HR asks, the employee consents here or on paper."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask_babel import gettext

from cstrain.access import actor, demand, requires
from cstrain.extensions import local_date, now
from cstrain.onboarding.conversion import service, store
from cstrain.onboarding.conversion.forms import ConsentForm, OfferForm
from cstrain.onboarding.conversion.queries import CaseView, case
from cstrain.onboarding.conversion.rules import labour
from cstrain.onboarding.conversion.views.common import allowed_view, blueprint, form_page, to_case
from cstrain.ui.refusal import attempt


def _law(view: CaseView) -> dict[str, Any]:
    law = store.labour_law()
    latest = labour.latest_end(law, view.contract) if view.contract is not None else None
    return {"view": view, "case": view.case, "law": law, "latest": latest}


@blueprint.route("/conversions/<int:case_id>/extension", methods=["GET", "POST"])
@requires("conversion.manage")
def offer(case_id: int) -> Any:
    """Ask the employee whether they consent to a longer probation."""
    view = allowed_view(case_id, "conversion.manage")
    form = OfferForm(data={"until": view.case.offered_until or view.proposal.until})
    if form.validate_on_submit() and attempt(
        form, lambda: service.offer_extension(actor(), now(), view.case.id, form.until.data)
    ):
        flash(gettext("已请员工答复。也可以打印同意书签字后登记。"), "ok")
        return to_case(case_id)
    return form_page("offer", form, **_law(view))


@blueprint.route("/conversions/<int:case_id>/consent", methods=["GET", "POST"])
@requires("conversion.manage")
def consent(case_id: int) -> Any:
    """Record the employee's consent on paper."""
    view = allowed_view(case_id, "conversion.manage")
    form = ConsentForm(data={"until": view.case.offered_until, "consented_on": local_date(now())})
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.record_consent(
            actor(), now(), view.case.id, form.until.data, form.consented_on.data, form.evidence.data
        ),
    ):
        flash(gettext("同意书已登记。"), "ok")
        return to_case(case_id)
    return form_page("consent", form, **_law(view))


@blueprint.post("/conversions/<int:case_id>/my-consent")
@requires("extension.consent")
def own_consent(case_id: int) -> Any:
    """Consent, as the employee, to what the company asked for."""
    found = case(case_id)
    demand("extension.consent", found.person_id)
    if found.offered_until is not None:
        service.record_consent(
            actor(), now(), found.id, found.offered_until, local_date(now()), gettext("本人在系统内确认同意")
        )
        flash(gettext("你的同意已记录。"), "ok")
    return to_case(case_id)
