"""Giving out forms on paper and taking them in: who has which copy, the print, what is to be done next."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, requires
from cstrain.exams import queries as exams
from cstrain.exams.facts import SittingFacts
from cstrain.exams.on_paper import documents, queries, service
from cstrain.exams.on_paper.facts import CopyFacts, CopyState
from cstrain.exams.on_paper.forms import CollectForm, IssueForm, WithdrawForm
from cstrain.exams.on_paper.views.base import blueprint, others
from cstrain.extensions import local_date, now, zone
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.ui.refusal import attempt as attempted

_SEEDS = 2**62 - 10_000
_OVER = (CopyState.SETTLED, CopyState.WITHDRAWN)


@blueprint.get("/sittings/<int:sitting_id>/paper")
@requires("sitting.transcribe")
def copies(sitting_id: int) -> str:
    """Show who of a sitting has a form on paper, and give out more."""
    sitting = exams.sitting(sitting_id)
    return _copies_page(sitting, _issue_form(sitting))


def _issue_form(sitting: SittingFacts) -> IssueForm:
    """Return the form with everybody but oneself, who has a copy in hand and who has an attempt there."""
    held = {each.person_id for each in queries.copies_at(sitting.id) if each.state not in _OVER}
    held |= {each.person_id for each in exams.attempts_at(sitting.id, now()) if each.state != "voided"}
    free = set(exams.candidates_of(sitting.id)) - held - {actor()}
    facts = people.people(free, local_date(now())).values()
    form = IssueForm()
    form.offer((one.id, f"{one.name} {one.staff_no}") for one in sorted(facts, key=lambda one: one.staff_no))
    return form


def _copies_page(sitting: SittingFacts, form: IssueForm) -> str:
    me = actor()
    found = [each for each in queries.copies_at(sitting.id) if each.person_id != me]
    return render_template(
        "on_paper/copies.html",
        sitting=sitting,
        copies=found,
        tasks={each.id: queries.may_do(each, me) for each in found},
        names=people.people({each.person_id for each in found}, local_date(now())),
        form=form,
        unfit=queries.unprintable(sitting.paper.id),
        printable=[each for each in found if each.state is CopyState.ISSUED],
    )


@blueprint.post("/sittings/<int:sitting_id>/paper")
@requires("sitting.transcribe")
def issue(sitting_id: int) -> Any:
    """Draw a form for each of the chosen, to be printed."""
    sitting = exams.sitting(sitting_id)
    form = _issue_form(sitting)
    wanted = [PersonId(person) for person in form.people.data or ()]
    for person in wanted:
        demand("sitting.transcribe", person)
    if form.validate_on_submit() and attempted(
        form, lambda: service.issue(actor(), now(), sitting_id, wanted, secrets.randbelow(_SEEDS))
    ):
        flash(gettext("已抽好%(n)s份纸卷，请打印。", n=len(wanted)), "ok")
        return redirect(url_for("on_paper.copies", sitting_id=sitting_id))
    return _copies_page(sitting, form), 422


@blueprint.get("/sittings/<int:sitting_id>/paper.pdf")
@requires("sitting.transcribe")
def all_sheets(sitting_id: int) -> Response:
    """Give all copies of a sitting that are still to be answered, in one file to print."""
    sitting = exams.sitting(sitting_id)
    found = [each for each in queries.copies_at(sitting_id) if each.state is CopyState.ISSUED]
    return _pdf(sitting, [each for each in found if each.person_id != actor()], f"sitting-{sitting_id}")


@blueprint.get("/paper-copies/<int:copy_id>.pdf")
@requires("sitting.transcribe")
def sheet(copy_id: int) -> Response:
    """Give one copy to print."""
    found = others(copy_id)
    return _pdf(exams.sitting(found.sitting_id), [found], found.code)


def _pdf(sitting: SittingFacts, found: Iterable[CopyFacts], name: str) -> Response:
    wanted = list(found)
    if not wanted:
        raise NotFoundError(queries.MISSING)
    extra = exams.candidates_of(sitting.id)
    persons = people.people({each.person_id for each in wanted}, local_date(now()))
    content = documents.pdf(
        documents.copy_data(
            each, sitting, persons[each.person_id], extra[each.person_id], queries.form(each.id)
        )
        for each in wanted
    )
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)


@blueprint.get("/paper-copies/<int:copy_id>")
@requires("sitting.transcribe")
def show(copy_id: int) -> str:
    """Show where a copy stands and what is to be done next."""
    found = others(copy_id)
    start = found.issued_at.astimezone(zone()).replace(second=0, microsecond=0)
    form = CollectForm(formdata=None, data={"sat_from": start})
    return _copy_page(found, form, WithdrawForm(formdata=None))


def _copy_page(found: CopyFacts, collect_form: CollectForm, withdraw_form: WithdrawForm) -> str:
    ids = {found.person_id, found.issued_by, *found.enterers}
    ids |= {each for each in (found.collected_by, found.withdrawn_by) if each is not None}
    ids |= {each.made_by for each in found.resolutions}
    ids |= {each.agreed_by for each in found.resolutions if each.agreed_by is not None}
    sitting = exams.sitting(found.sitting_id)
    return render_template(
        "on_paper/copy.html",
        copy=found,
        sitting=sitting,
        extra=exams.candidates_of(sitting.id)[found.person_id],
        names=people.people(ids, local_date(now())),
        tasks=queries.may_do(found, actor()),
        me_id=actor(),
        collect_form=collect_form,
        withdraw_form=withdraw_form,
    )


@blueprint.post("/paper-copies/<int:copy_id>/collect")
@requires("sitting.transcribe")
def collect(copy_id: int) -> Any:
    """Note that a copy was handed in."""
    found, form = others(copy_id), CollectForm()
    if form.validate_on_submit() and attempted(
        form, lambda: service.collect(actor(), now(), copy_id, *form.times(zone()))
    ):
        flash(gettext("已收卷。请由两个人分别录入。"), "ok")
        return redirect(url_for("on_paper.show", copy_id=copy_id))
    return _copy_page(found, form, WithdrawForm(formdata=None)), 422


@blueprint.post("/paper-copies/<int:copy_id>/withdraw")
@requires("sitting.transcribe")
def withdraw(copy_id: int) -> Any:
    """Take back a copy that was not used."""
    found, form = others(copy_id), WithdrawForm()
    if form.validate_on_submit() and attempted(
        form, lambda: service.withdraw(actor(), now(), copy_id, form.reason.data or "")
    ):
        flash(gettext("纸卷已撤回，考生可以在网上考，或者另发一份。"), "ok")
        return redirect(url_for("on_paper.copies", sitting_id=found.sitting_id))
    return _copy_page(found, CollectForm(formdata=None), form), 422
