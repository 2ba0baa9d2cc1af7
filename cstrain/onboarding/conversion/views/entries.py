"""What people write into a case: violations, the trainee's summary, special training."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.onboarding.conversion import service
from cstrain.onboarding.conversion.facts import Violations
from cstrain.onboarding.conversion.forms import SummaryForm, TrainingForm, ViolationsForm
from cstrain.onboarding.conversion.views.common import allowed_view, blueprint, form_page, to_case
from cstrain.ui.refusal import attempt


@blueprint.route("/conversions/<int:case_id>/violations", methods=["GET", "POST"])
@requires("conversion.manage")
def violations(case_id: int) -> Any:
    """State whether there were violations."""
    view = allowed_view(case_id, "conversion.manage")
    known = view.case.violations if view.case.violations is not Violations.UNKNOWN else None
    form = ViolationsForm(data={"violations": known, "text": view.case.violations_text})
    form.offer()
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.state_violations(
            actor(), now(), view.case.id, Violations(form.violations.data), form.text.data or ""
        ),
    ):
        flash(gettext("违纪情况已保存。"), "ok")
        return to_case(case_id)
    return form_page("violations", form, view=view, case=view.case)


@blueprint.route("/conversions/<int:case_id>/summary", methods=["GET", "POST"])
@requires("conversion.write_summary")
def summary(case_id: int) -> Any:
    """Write one's own summary of the probation."""
    view = allowed_view(case_id, "conversion.write_summary")
    form = SummaryForm(data={"text": view.case.self_summary})
    if form.validate_on_submit() and attempt(
        form, lambda: service.write_summary(actor(), now(), view.case.id, form.text.data)
    ):
        flash(gettext("小结已保存，会印在转正审批表上。"), "ok")
        return to_case(case_id)
    return form_page("summary", form, view=view, case=view.case)


@blueprint.route("/conversions/<int:case_id>/training", methods=["GET", "POST"])
@requires("conversion.manage")
def training(case_id: int) -> Any:
    """Set special training."""
    view = allowed_view(case_id, "conversion.manage")
    form = TrainingForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.set_training(actor(), now(), view.case.id, form.text.data)
    ):
        flash(gettext("专项培训已保存，学员已收到通知。"), "ok")
        return to_case(case_id)
    return form_page("training", form, view=view, case=view.case)
