"""The desk of exemptions and entered results: what waits for a decision or a second person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, now
from cstrain.grading.credentials import queries, service
from cstrain.grading.credentials.facts import ExemptionFacts, OutsideFacts
from cstrain.grading.credentials.forms import SOURCE_WORDS, DecisionForm, OutsideForm, WhyForm
from cstrain.grading.credentials.service import NewResult
from cstrain.grading.credentials.store import MISSING
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.finding import State
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.ui.refusal import told

blueprint = Blueprint("exemptions", __name__)


@blueprint.get("/exemptions")
@requires("exemption.decide")
def desk() -> str:
    """Show what waits, and what was decided lately."""
    me, at = actor(), now()
    may_record = may(me, "credential.record")
    waiting = queries.exemptions_for(me, at)
    recent = [one for one in queries.recent_exemptions(at) if one.person_id != me]
    entries = [one for one in queries.waiting_outside() if one.person_id != me] if may_record else []
    known = [one for one in queries.recent_outside() if one.person_id != me] if may_record else []
    ids = {one.person_id for one in [*waiting, *recent]}
    ids |= {person for one in [*entries, *known] for person in (one.person_id, one.recorded_by)}
    return render_template(
        "grading/exemptions.html",
        waiting=waiting,
        recent=recent,
        entries=entries,
        known=known,
        names=people.people(ids, local_date(at)),
        me_id=me,
        may_record=may_record,
    )


@blueprint.get("/exemptions/<int:exemption_id>")
@requires("exemption.decide")
def show(exemption_id: int) -> str:
    """Show an application with what the rule says of it."""
    return _page(_others(exemption_id))


def _others(exemption_id: int) -> ExemptionFacts:
    facts = queries.exemption(exemption_id, now())
    demand("exemption.decide", facts.person_id)
    return facts


def _page(facts: ExemptionFacts, form: DecisionForm | None = None) -> str:
    at = now()
    form = form or DecisionForm(formdata=None)
    form.offer()
    finding = facts.finding or queries.finding_for(facts.person_id, facts.paper_ref, facts.asked_on, at)
    ids = {facts.person_id} | ({facts.decided_by} if facts.decided_by else set())
    return render_template(
        "grading/exemption.html",
        one=facts,
        finding=finding,
        met=finding.state is State.MET,
        names=people.people(ids, local_date(at)),
        form=form,
        may_record=may(actor(), "credential.record", facts.person_id),
        may_see=may(actor(), "score.view", facts.person_id),
    )


@blueprint.post("/exemptions/<int:exemption_id>")
@requires("exemption.decide")
def decide(exemption_id: int) -> Any:
    """Grant an application whose conditions are all met, or turn it down with a reason."""
    facts = _others(exemption_id)
    form = DecisionForm()
    form.offer()
    if form.validate_on_submit():
        try:
            granted = form.granted.data == "yes"
            service.decide_exemption(
                actor(), now(), exemption_id, granted=granted, reason=form.reason.data or ""
            )
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            flash(gettext("决定已记下，申请人会收到通知。"), "ok")
            return redirect(url_for("exemptions.desk"))
    return _page(facts, form), 422


# entered results


def _form() -> OutsideForm:
    form = OutsideForm()
    titles = {paper.ref: paper.title for paper in exams.papers() if paper.kind == "exam"}
    named = [ref for ref in queries.credential_rules().papers if ref in titles]
    form.offer([(ref, titles[ref]) for ref in [*named, *(ref for ref in titles if ref not in named)]])
    return form


@blueprint.get("/outside-results/new")
@requires("credential.record")
def new_outside() -> str:
    """Show the form for a result from outside."""
    form = _form()
    form.staff_no.data = form.staff_no.data or request.args.get("staff_no", "")
    form.paper.data = form.paper.data or request.args.get("paper", "")
    return render_template("grading/outside_new.html", form=form)


@blueprint.post("/outside-results/new")
@requires("credential.record")
def add_outside() -> Any:
    """Enter a result; another person confirms it."""
    form = _form()
    if form.validate_on_submit():
        try:
            made = service.record_outside(actor(), now(), _typed(form))
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            flash(gettext("成绩已登记，要由另一个人确认后才算数。"), "warn")
            return redirect(url_for("exemptions.outside", outside_id=made))
    return render_template("grading/outside_new.html", form=form), 422


def _typed(form: OutsideForm) -> NewResult:
    number = form.staff_no.data or ""
    person = people.find_person_by_staff_no(number, local_date(now()))
    if person is None or not may(actor(), "credential.record", person.id):
        raise DomainError("没有找到工号%(number)s，或者不能由你登记。请核对工号。", number=number)
    mark = form.mark.data
    if mark is None:
        raise DomainError("没有登记：分数要在0到100之间，最多三位小数。")
    return NewResult(
        person.id,
        form.paper.data,
        mark,
        form.exam_on.data,
        form.source.data,
        form.department.data or "",
        form.evidence.data or "",
    )


def _entry(outside_id: int) -> OutsideFacts:
    facts = queries.outside(outside_id)
    demand("credential.record", facts.person_id)
    return facts


@blueprint.get("/outside-results/<int:outside_id>")
@requires("credential.record")
def outside(outside_id: int) -> str:
    """Show an entered result: where it comes from, who entered it, what can be done about it."""
    return _entry_page(_entry(outside_id))


def _entry_page(facts: OutsideFacts, form: WhyForm | None = None, errors: tuple[str, ...] = ()) -> str:
    ids: set[PersonId] = {facts.person_id, facts.recorded_by}
    ids |= {facts.decided_by} if facts.decided_by else set()
    return render_template(
        "grading/outside.html",
        one=facts,
        names=people.people(ids, local_date(now())),
        form=form or WhyForm(formdata=None),
        asked=form is not None,
        errors=errors,
        me_id=actor(),
        sources=SOURCE_WORDS,
    )


@blueprint.post("/outside-results/<int:outside_id>/confirm")
@requires("credential.record")
def confirm(outside_id: int) -> Any:
    """Confirm somebody else's entry."""
    facts = _entry(outside_id)
    try:
        service.confirm_outside(actor(), now(), outside_id)
    except DomainError as error:
        return _entry_page(facts, errors=(told(error),)), error.status
    flash(gettext("已确认，本人会收到通知。"), "ok")
    return redirect(url_for("exemptions.desk"))


@blueprint.post("/outside-results/<int:outside_id>/<word>")
@requires("credential.record")
def act_on_outside(outside_id: int, word: str) -> Any:
    """Turn an entry down (``refuse``), or propose to take a confirmed one back (``take-back``)."""
    if word not in {"refuse", "take-back"}:
        raise NotFoundError(MISSING)
    facts = _entry(outside_id)
    form = WhyForm()
    if not form.validate_on_submit():
        return _entry_page(facts, form), 422
    reason = form.reason.data or ""
    try:
        if word == "refuse":
            service.refuse_outside(actor(), now(), outside_id, reason)
            flash(gettext("已退回，没有计入。"), "ok")
        else:
            service.take_back_outside(actor(), now(), outside_id, reason)
            flash(gettext("已提出撤销，要由另一个人确认。"), "warn")
    except DomainError as error:
        form.form_errors.append(told(error))
        return _entry_page(facts, form), error.status
    return redirect(url_for("exemptions.desk"))
