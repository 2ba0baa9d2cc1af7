"""Gates: the findings, the proposal, the decision of a person; and HR's check of drawn signatures."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.onboarding import queries, service
from cstrain.onboarding.facts import GateFacts, Timeline
from cstrain.onboarding.forms import GateForm, SampleForm
from cstrain.onboarding.policy import DECISION_WORDS
from cstrain.onboarding.presenting.words import _
from cstrain.onboarding.slots import panels
from cstrain.onboarding.store import MISSING
from cstrain.onboarding.views.base import blueprint, names_of, visible_enrolment
from cstrain.people import queries as people
from cstrain.ui.refusal import attempt

_GRADES = {"passed": "ok", "weak": "bad", "far_below": "bad", "unknown": "ask"}


@blueprint.route("/enrolments/<int:enrolment_id>/gates/<gate_id>", methods=["GET", "POST"])
@requires("enrolment.view")
def gate(enrolment_id: int, gate_id: str) -> Any:
    """Show a gate with its findings; who may decide decides there, with reasons."""
    facts = visible_enrolment(enrolment_id)
    line = queries.timeline(facts.id, now())
    found = _gate(line, gate_id)
    form = GateForm().offer(may_eliminate=found.gate.consequences and found.failed)
    decides = found.gate.decided_in == "gate" and facts.is_open and may(actor(), "gate.decide", facts.person)
    if form.is_submitted() and not decides:
        raise NotFoundError(MISSING)
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.decide_gate(
            actor(), now(), facts.id, gate_id, form.decision.data, form.reason.data or ""
        ),
    ):
        flash(_("决定已记录。"), "ok")
        return redirect(url_for("onboarding.gate", enrolment_id=facts.id, gate_id=gate_id))
    page = render_template(
        "onboarding/gate.html",
        form=form,
        line=line,
        found=found,
        decides=decides,
        person=people.get_person(facts.person, local_date(now())),
        names=names_of(one.decided_by for one in found.decisions),
        words=DECISION_WORDS,
        grades=_GRADES,
        panels=panels(facts.id, now()),
    )
    return (page, 422) if form.is_submitted() else page


def _gate(line: Timeline, gate_id: str) -> GateFacts:
    for found in line.gates:
        if found.gate.id == gate_id:
            return found
    raise NotFoundError(MISSING)


@blueprint.get("/samples")
@requires("sample.confirm")
def samples() -> str:
    """Show the signatures drawn for HR's check."""
    return _samples_page(None, None)


def _samples_page(refused: int | None, form: SampleForm | None) -> str:
    waiting = [one for one in queries.samples(waiting=True) if one.person != actor()]
    done = queries.samples(waiting=False)[:30]
    every = [*waiting, *done]
    return render_template(
        "onboarding/samples.html",
        waiting=waiting,
        mine=sum(1 for one in waiting if one.may_be_checked_by(actor())),
        done=done,
        forms={
            one.id: form if form is not None and one.id == refused else SampleForm(formdata=None).offer()
            for one in waiting
        },
        names=names_of(
            [
                *(one.person for one in every),
                *(one.sign.signed_by for one in every),
                *(one.confirmed_by for one in done),
            ]
        ),
        share=queries.onboarding_rules().sample_share,
        reader=actor(),
    )


@blueprint.post("/samples/<int:sample_id>")
@requires("sample.confirm")
def confirm_sample(sample_id: int) -> Any:
    """Record what the check of a drawn signature found."""
    form = SampleForm().offer()
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.confirm_sample(
            actor(), now(), sample_id, form.agrees.data == "yes", form.note.data or ""
        ),
    ):
        flash(_("抽查结果已记录。"), "ok")
        return redirect(url_for("onboarding.samples"))
    return _samples_page(sample_id, form), 422
