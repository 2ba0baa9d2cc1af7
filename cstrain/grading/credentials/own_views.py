"""One's own credentials: what they are good for, certificates, an application not to sit a paper."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.config import Settings
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, now
from cstrain.grading.credentials import queries, service
from cstrain.grading.credentials.codes import BITS, spaced
from cstrain.grading.credentials.facts import CertificateFacts, Credential, Standing
from cstrain.grading.credentials.forms import WishForm
from cstrain.grading.credentials.printing import certificate_data, certificate_pdf
from cstrain.grading.credentials.queries.certificates import words_of
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.ui.forms import whole
from cstrain.ui.refusal import told

blueprint = Blueprint("credentials", __name__)


@blueprint.get("/credentials")
@requires("score.view_own")
def mine() -> str:
    """Show one's own passes, certificates and applications."""
    return _own_page()


def _own_page(form: WishForm | None = None, asked: str = "", errors: tuple[str, ...] = ()) -> str:
    me, at = actor(), now()
    today = local_date(at)
    titles = {paper.ref: paper for paper in exams.papers()}
    asked_before = queries.exemptions_of(me, at)
    open_refs = {one.paper_ref for one in asked_before if one.state in {"waiting", "granted"}}
    credentials = queries.credentials_of([me], at)
    held = {one.paper_ref for one in credentials if queries.is_pass(one)}
    offered = [
        (titles[ref], policy.exemption, queries.finding_for(me, ref, today, at))
        for ref, policy in queries.credential_rules().papers.items()
        if policy.exemption is not None and ref in titles and ref not in open_refs | held
    ]
    return render_template(
        "grading/credentials.html",
        **_shown(me, credentials),
        awards=[one for one in queries.awards_of(me, at) if one.begun],
        exemptions=asked_before,
        offered=offered,
        form=form or WishForm(formdata=None),
        asked=asked,
        errors=errors,
    )


def _shown(person: PersonId, credentials: list[Credential]) -> dict[str, Any]:
    """Return a person's passes with their certificates, as both pages show them."""
    certificates = queries.certificates_of(person, now())
    usable = [one for one in reversed(certificates) if one.standing is not Standing.REVOKED]
    return {
        "credentials": credentials,
        "valid": [one for one in credentials if one.standing is Standing.VALID],
        "certificates": certificates,
        "by_attempt": {ref: one for one in usable if one.kind == "paper" for _kind, ref in one.basis},
        "by_award": {one.subject: one for one in usable if one.kind == "award"},
        "spaced": spaced,
    }


@blueprint.post("/credentials/certificates")
@requires("certificate.claim")
def claim() -> Any:
    """Fetch the certificate of a pass, or of merit; its code is made the first time."""
    bits = secrets.randbits(BITS)
    try:
        if request.form.get("award"):
            service.claim_award(actor(), now(), request.form["award"][:80], bits)
        else:
            service.claim_certificate(actor(), now(), request.form.get("attempt", 0, whole), bits)
    except DomainError as error:
        return _own_page(errors=(told(error),)), error.status
    flash(gettext("证书已生成，可以下载了。扫描证书上的二维码或输入编号就能查验。"), "ok")
    return redirect(url_for("credentials.mine"))


@blueprint.post("/credentials/exemptions")
@requires("exemption.ask")
def ask() -> Any:
    """Ask not to sit a paper."""
    form = WishForm()
    paper = request.form.get("paper", "")[:80]
    if form.validate_on_submit():
        try:
            service.ask_exemption(actor(), now(), paper, form.wish.data or "")
        except DomainError as error:
            return _own_page(form, paper, (told(error),)), 422
        flash(gettext("免试申请已提交，有了决定会通知你。在此之前考试安排不变。"), "ok")
        return redirect(url_for("credentials.mine"))
    return _own_page(form, paper), 422


@blueprint.post("/credentials/exemptions/<int:exemption_id>/withdraw")
@requires("exemption.ask")
def withdraw(exemption_id: int) -> Any:
    """Take one's own application back, or give a granted exemption up."""
    try:
        service.withdraw_exemption(actor(), now(), exemption_id)
    except DomainError as error:
        return _own_page(errors=(told(error),)), error.status
    flash(gettext("已撤回，考试照常参加。"), "ok")
    return redirect(url_for("credentials.mine"))


@blueprint.get("/credentials/people/<int:person_id>")
@requires("score.view")
def of_person(person_id: int) -> str:
    """Show somebody's passes, certificates, applications and entered results to who may see their scores."""
    demand("score.view", PersonId(person_id))
    at = now()
    person = people.get_person(PersonId(person_id), local_date(at))
    entered = queries.outside_of([person.id])
    return render_template(
        "grading/credentials_of.html",
        person=person,
        **_shown(person.id, queries.credentials_of([person.id], at)),
        exemptions=queries.exemptions_of(person.id, at),
        entered=entered,
        may_record=may(actor(), "credential.record", person.id),
        may_decide=may(actor(), "exemption.decide", person.id),
    )


@blueprint.get("/certificates/<int:certificate_id>.pdf")
@requires("score.view_own")
def pdf(certificate_id: int) -> Response:
    """Give a certificate as PDF, to its owner and to who may see their scores."""
    facts = queries.certificate(certificate_id, now())
    if facts.person_id != actor():
        demand("score.view", facts.person_id)
    content = certificate_pdf(_data(facts))
    name = quote(f"证书-{facts.title}-{facts.code[:4]}.pdf")
    headers = {"Content-Disposition": f"inline; filename=\"certificate.pdf\"; filename*=UTF-8''{name}"}
    return Response(content, mimetype="application/pdf", headers=headers)


def _data(facts: CertificateFacts) -> dict[str, Any]:
    person = people.get_person(facts.person_id, local_date(now()))
    marks = {paper.ref: paper.pass_mark for paper in exams.papers()}
    address = _settings().public_url.rstrip("/") or request.url_root.rstrip("/")
    url = address + url_for("verify.show", code=spaced(facts.code))
    return certificate_data(facts, person, marks.get(facts.subject, facts.mark), words_of(facts.id), url)


def _settings() -> Settings:
    found: Settings = current_app.extensions["cstrain.settings"]
    return found
