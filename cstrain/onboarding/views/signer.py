"""Pages of mentors, substitutes and guides: who waits for a signature; several signed in one go."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from cstrain.access import actor, requires
from cstrain.extensions import now, session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import EnrolmentId
from cstrain.onboarding import presenting, queries, service
from cstrain.onboarding.errors import SignRefusedError
from cstrain.onboarding.forms import ActForm, SignForm
from cstrain.onboarding.presenting.words import _
from cstrain.onboarding.queries import SignerDesk, WaitingDay
from cstrain.onboarding.rules.signing import (
    RemarkMissingError,
    SignRequest,
    StateMissingError,
)
from cstrain.onboarding.views.base import blueprint
from cstrain.ui.refusal import told

Forms = dict[str, SignForm]


@blueprint.get("/trainees")
@requires("day.sign")
def my_trainees() -> str:
    """Show the days that wait for one's signature or look, and one's trainees."""
    desk = queries.signer_desk(actor(), now())
    forms = {waiting.key: SignForm(prefix=f"d{waiting.key}-").offer() for waiting in desk.to_sign}
    return _page(desk, forms, ActForm())


def _page(desk: SignerDesk, forms: Forms, page_form: ActForm) -> str:
    return render_template(
        "onboarding/trainees.html",
        desk=desk,
        forms=forms,
        page_form=page_form,
        sheet_says=presenting.sheet_says,
        exam_says=presenting.exam_says,
        state_words=presenting.state_words,
        ticks=presenting.tick_days,
        remark_at=queries.onboarding_rules().remark_required_at,
    )


@blueprint.post("/trainees")
@requires("day.sign")
def sign() -> Any:
    """Sign the chosen days, all or none; what was typed stays with the reason next to it."""
    desk = queries.signer_desk(actor(), now())
    forms = {
        waiting.key: SignForm(request.form, prefix=f"d{waiting.key}-").offer() for waiting in desk.to_sign
    }
    page_form = ActForm()
    chosen = [waiting for waiting in desk.to_sign if forms[waiting.key].pick.data]
    if page_form.validate_on_submit() and _valid(forms, chosen):
        try:
            service.sign_days(actor(), now(), [_request(one, forms[one.key]) for one in chosen])
        except SignRefusedError as error:
            session().rollback()
            _explain(error, forms)
            page_form.form_errors = [told(error)]
        except DomainError as error:
            session().rollback()
            page_form.form_errors = [told(error)]
        else:
            flash(_("已签核%(n)s天。", n=len(chosen)), "ok")
            return redirect(url_for("onboarding.my_trainees"))
    return _page(desk, forms, page_form), 422


def _valid(forms: Forms, chosen: list[WaitingDay]) -> bool:
    valid = [forms[one.key].validate() for one in chosen]  # each one, so that every error is shown
    return all(valid)


def _request(waiting: WaitingDay, form: SignForm) -> SignRequest:
    return SignRequest(
        waiting.timeline.enrolment.id, waiting.day.number, form.state.data, form.remark.data or ""
    )


def _explain(error: SignRefusedError, forms: Forms) -> None:
    """Put each reason next to what it is about."""
    for (enrolment_id, number), why in error.refusals.items():
        form = forms.get(f"{enrolment_id}-{number}")
        if form is None:
            continue
        field = form.pick
        if isinstance(why, RemarkMissingError):
            field = form.remark
        elif isinstance(why, StateMissingError):
            field = form.state
        field.errors = [told(why)]


@blueprint.post("/enrolments/<int:enrolment_id>/days/<int:number>/see")
@requires("day.see")
def see_day(enrolment_id: int, number: int) -> Any:
    """Note that the mentor has seen what a guide signed."""
    if ActForm().validate_on_submit():
        service.see_day(actor(), now(), EnrolmentId(enrolment_id), number)
        flash(_("已记录：你看过了第%(number)s天。", number=number), "ok")
    return redirect(url_for("onboarding.my_trainees"))
