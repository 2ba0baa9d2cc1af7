"""Eliminations within probation: proposed, answered by the trainee, confirmed by a second person."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.approvals import queries as approvals
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding.conversion import queries, service, store
from cstrain.onboarding.conversion.forms import AnswerForm, EliminationForm, NoteForm, SendBackForm
from cstrain.onboarding.conversion.rules.elimination import EliminationInput
from cstrain.onboarding.conversion.views.common import blueprint, form_page, names_of
from cstrain.onboarding.queries import enrolment as enrolment_of
from cstrain.people import queries as people
from cstrain.rulebook import queries as rulebook
from cstrain.ui.refusal import attempt

Conditions = dict[str, tuple[str, date | None]]


def _to(elimination_id: int) -> Any:
    return redirect(url_for("conversion.elimination", elimination_id=elimination_id))


def _conditions(person: PersonId) -> Conditions:
    """Return the recruitment conditions in force with the day the person acknowledged their document."""
    found: Conditions = {}
    for document, condition in rulebook.recruitment_conditions(local_date(now())):
        held = rulebook.acknowledgement(person, document.ref)
        day = local_date(held.acknowledged_at) if held is not None else None
        found[f"{document.ref}/{condition.id}"] = (f"{condition.title}：{condition.text}", day)
    return found


def _entry(form: EliminationForm, conditions: Conditions) -> EliminationInput:
    text, acknowledged = conditions.get(form.listed.data or "", (form.condition.data or "", None))
    return EliminationInput(
        condition=text,
        acknowledged_on=acknowledged or form.acknowledged_on.data,
        evidence=form.evidence.data or "",
        union_notice=form.union_notice.data or "",
        reasons=form.reasons.data or "",
        last_day=form.last_day.data,
    )


@blueprint.route("/eliminations/new/<int:enrolment_id>", methods=["GET", "POST"])
@requires("elimination.propose")
def propose_elimination(enrolment_id: int) -> Any:
    """Propose that a trainee is eliminated, with everything the law asks for."""
    facts = enrolment_of(enrolment_id)
    demand("elimination.propose", facts.person)
    conditions = _conditions(facts.person)
    form = EliminationForm()
    form.offer([(key, text, day) for key, (text, day) in conditions.items()])
    found: list[int] = []
    if form.validate_on_submit() and attempt(
        form,
        lambda: found.append(
            service.propose_elimination(actor(), now(), EnrolmentId(enrolment_id), _entry(form, conditions))
        ),
    ):
        flash(gettext("已提出，员工已收到通知，可以答复。"), "ok")
        return _to(found[0])
    today = local_date(now())
    return form_page(
        "elimination_new",
        form,
        person=people.get_person(facts.person, today),
        contract=people.contract_of(facts.person, today),
        law=store.labour_law().elimination,
        case=queries.case_for_enrolment(enrolment_id),
    )


@blueprint.get("/eliminations/<int:elimination_id>")
@requires("conversion.view")
def elimination(elimination_id: int) -> str:
    """Show an elimination: reasons, evidence, the trainee's answer, opinions, the decision."""
    return _page(elimination_id)


def _page(elimination_id: int, answer: AnswerForm | None = None, back: SendBackForm | None = None) -> str:
    one = queries.elimination(elimination_id)
    demand("conversion.view", one.person_id)
    at, me = now(), actor()
    chain = approvals.chain(store.elimination_subject(one.id))
    opinions = chain.opinions if chain else ()
    ids = {one.person_id, one.proposed_by, one.decided_by, one.refused_by}
    ids |= {each for each_one in opinions for each in (each_one.named_person_id, each_one.given_by)}
    ids |= {each_one.for_person_id for each_one in opinions}
    confirm = may(me, "elimination.confirm", one.person_id) and one.state == "open"
    return render_template(
        "conversion/elimination.html",
        one=one,
        chain=chain,
        names=names_of(ids, at),
        own=one.person_id == me,
        answer_form=answer or AnswerForm(formdata=None),
        back_form=back or SendBackForm(formdata=None),
        form=NoteForm(formdata=None),
        may_answer=may(me, "elimination.answer", one.person_id) and one.answer is None,
        may_confirm=confirm and one.proposed_by != me,
        may_refuse=confirm,
        my_turn=chain is not None and approvals.speaks_for(me, chain, local_date(at)) is not None,
        documents=queries.documents_of(store.elimination_subject(one.id)),
        law=store.labour_law().elimination,
    )


@blueprint.post("/eliminations/<int:elimination_id>/answer")
@requires("elimination.answer")
def answer(elimination_id: int) -> Any:
    """Answer the reasons, as the trainee."""
    one = queries.elimination(elimination_id)
    demand("elimination.answer", one.person_id)
    form = AnswerForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.answer_elimination(actor(), now(), one.id, form.answer.data)
    ):
        flash(gettext("你的答复已保存。"), "ok")
        return _to(one.id)
    return _page(one.id, form), 422


@blueprint.post("/eliminations/<int:elimination_id>/confirm")
@requires("elimination.confirm")
def confirm_elimination(elimination_id: int) -> Any:
    """Confirm an elimination as the second person."""
    one = queries.elimination(elimination_id)
    demand("elimination.confirm", one.person_id)
    service.confirm_elimination(actor(), now(), one.id)
    flash(gettext("不予转正已生效，通知书已归档。"), "ok")
    return _to(one.id)


@blueprint.post("/eliminations/<int:elimination_id>/refuse")
@requires("elimination.confirm")
def refuse_elimination(elimination_id: int) -> Any:
    """Send an elimination back."""
    one = queries.elimination(elimination_id)
    demand("elimination.confirm", one.person_id)
    form = SendBackForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.refuse_elimination(actor(), now(), one.id, form.note.data)
    ):
        flash(gettext("不予转正已退回，不再办理。"), "ok")
        return _to(one.id)
    return _page(one.id, back=form), 422
