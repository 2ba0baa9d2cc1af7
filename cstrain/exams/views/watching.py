"""Watching a sitting: who is in, what was last saved, more minutes, proposals for a second person."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, requires
from cstrain.exams import queries, service
from cstrain.exams.facts import AttemptFacts
from cstrain.exams.forms import ExtendForm, ReasonForm
from cstrain.exams.invigilation import queries as invigilation
from cstrain.exams.invigilation.rules import may_give_alone
from cstrain.exams.views.base import blueprint
from cstrain.exams.views.watch_desk import watch_page
from cstrain.exams.views.watched_desk import attempt_page
from cstrain.extensions import now
from cstrain.kernel.ids import AttemptId, SittingId
from cstrain.ui.refusal import attempt as tried


@blueprint.get("/sittings/<int:sitting_id>/watch")
@requires("sitting.watch")
def watch(sitting_id: int) -> str:
    """Show the sitting to who watches it."""
    return watch_page(sitting_id)


@blueprint.get("/sittings/<int:sitting_id>/watch/now")
@requires("sitting.watch")
def watch_now(sitting_id: int) -> str:
    """Return the parts of the page that change, which the page fetches every few seconds."""
    return watch_page(sitting_id, "exams/watch_now.html")


@blueprint.get("/attempts/<int:attempt_id>/watch")
@requires("sitting.watch")
def watched(attempt_id: int) -> str:
    """Show one attempt to who watches it: how it stands and what may be done."""
    return attempt_page(attempt_id)


@blueprint.post("/attempts/<int:attempt_id>/extend")
@requires("sitting.extend")
def extend(attempt_id: int) -> Any:
    """Give more minutes; what one person may not give alone becomes a proposal for a second one."""
    facts = others_attempt(attempt_id)
    form = ExtendForm()
    if not form.validate_on_submit():
        return attempt_page(attempt_id, extend_form=form), 422
    minutes, reason = int(form.minutes.data or 0), form.reason.data or ""
    given = invigilation.given_seconds([attempt_id]).get(attempt_id, 0)
    alone = may_give_alone(given, minutes * 60, queries.exam_rules().extension_alone_minutes)
    act = service.extend if alone else service.propose_extension
    if not tried(form, lambda: act(actor(), now(), facts.id, minutes, reason)):
        return attempt_page(attempt_id, extend_form=form), 422
    if alone:
        flash(gettext("已加时%(n)s分钟，考生的页面会在半分钟内更新。", n=minutes), "ok")
    else:
        flash(gettext("累计超过一人可加的分钟数，已提出申请。请另一位监考或人事同意。"), "warn")
    return _back(attempt_id)


@blueprint.post("/sittings/<int:sitting_id>/extend")
@requires("sitting.extend")
def extend_all(sitting_id: int) -> Any:
    """Give everybody who is answering more minutes; beyond what one may give it becomes proposals."""
    form = ExtendForm()
    minutes, reason = int(form.minutes.data or 0), form.reason.data or ""
    found: list[tuple[int, int]] = []
    if not form.validate_on_submit() or not tried(
        form,
        lambda: found.append(service.extend_all(actor(), now(), SittingId(sitting_id), minutes, reason)),
    ):
        return watch_page(sitting_id, extend_form=form), 422
    at_once, proposed = found[0]
    if at_once:
        flash(gettext("已给%(people)s人加时%(n)s分钟。", people=at_once, n=minutes), "ok")
    if proposed:
        flash(gettext("%(people)s人的加时已提出申请，要第二个人同意。", people=proposed), "warn")
    return redirect(url_for("exams.watch", sitting_id=sitting_id))


@blueprint.post("/attempts/<int:attempt_id>/void")
@requires("sitting.extend")
def propose_void(attempt_id: int) -> Any:
    """Propose to void an attempt; a second person decides."""
    facts = others_attempt(attempt_id)
    form = ReasonForm()
    if not form.validate_on_submit() or not tried(
        form, lambda: service.propose_void(actor(), now(), facts.id, form.reason.data or "")
    ):
        return attempt_page(attempt_id, void_form=form), 422
    flash(gettext("已提出作废申请，另一个人同意后才生效。"), "warn")
    return _back(attempt_id)


@blueprint.post("/interventions/<int:proposal_id>")
@requires("sitting.extend")
def decide(proposal_id: int) -> Any:
    """Agree to somebody else's proposal, or turn it down; ``alike``: with all that was proposed in one go."""
    agreed = request.form.get("agreed") == "1"
    proposal = queries.intervention(proposal_id)
    demand("sitting.extend", proposal.person_id)
    if request.form.get("alike") == "1":
        service.decide_alike(actor(), now(), proposal_id, agreed=agreed)
    else:
        service.decide_intervention(actor(), now(), proposal_id, agreed=agreed)
    flash(gettext("已同意，马上生效。") if agreed else gettext("已退回，没有改动。"), "ok")
    return redirect(url_for("exams.watch", sitting_id=proposal.sitting_id))


def others_attempt(attempt_id: int) -> AttemptFacts:
    """Return an attempt the reader may act on; a foreign one and a missing one answer the same (404)."""
    facts = queries.attempt(AttemptId(attempt_id), now())
    demand("sitting.extend", facts.person_id)
    return facts


def _back(attempt_id: int) -> Any:
    return redirect(url_for("exams.watched", attempt_id=attempt_id))
