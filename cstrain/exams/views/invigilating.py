"""What who invigilates does: pause and resume, give lost time back, note an incident; one or all."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, requires
from cstrain.exams import queries
from cstrain.exams.forms import ReasonForm
from cstrain.exams.invigilation import queries as invigilation
from cstrain.exams.invigilation import service
from cstrain.exams.invigilation.forms import CreditForm, IncidentForm
from cstrain.exams.views.base import blueprint
from cstrain.exams.views.watch_desk import watch_page
from cstrain.exams.views.watched_desk import attempt_page, offer_choices
from cstrain.exams.views.watching import others_attempt
from cstrain.extensions import now
from cstrain.kernel.ids import SittingId
from cstrain.ui.refusal import attempt as tried


@blueprint.post("/attempts/<int:attempt_id>/pause")
@requires("sitting.extend")
def pause(attempt_id: int) -> Any:
    """Stop one attempt's clock."""
    facts = others_attempt(attempt_id)
    form = ReasonForm()
    if not form.validate_on_submit() or not tried(
        form, lambda: service.pause(actor(), now(), facts.id, form.reason.data or "")
    ):
        return attempt_page(attempt_id, pause_form=form), 422
    flash(gettext("已暂停，考生的页面会在半分钟内锁住。时间从现在起不走。"), "ok")
    return redirect(url_for("exams.watched", attempt_id=attempt_id))


@blueprint.post("/attempts/<int:attempt_id>/resume")
@requires("sitting.extend")
def resume(attempt_id: int) -> Any:
    """Let one attempt's clock run on."""
    facts = others_attempt(attempt_id)
    service.resume(actor(), now(), facts.id)
    flash(gettext("已恢复，暂停的时间已经补上。"), "ok")
    return redirect(url_for("exams.watched", attempt_id=attempt_id))


@blueprint.post("/sittings/<int:sitting_id>/pause")
@requires("sitting.extend")
def pause_all(sitting_id: int) -> Any:
    """Stop the clocks of everybody who is answering."""
    form = ReasonForm()
    sitting = SittingId(sitting_id)
    if not form.validate_on_submit() or not tried(
        form, lambda: service.pause_all(actor(), now(), sitting, form.reason.data or "")
    ):
        return watch_page(sitting_id, pause_form=form), 422
    flash(gettext("全场已暂停，考生的页面会在半分钟内锁住。"), "ok")
    return redirect(url_for("exams.watch", sitting_id=sitting_id))


@blueprint.post("/sittings/<int:sitting_id>/resume")
@requires("sitting.extend")
def resume_all(sitting_id: int) -> Any:
    """Let the clocks of everybody who is paused run on."""
    count = service.resume_all(actor(), now(), SittingId(sitting_id))
    flash(gettext("已恢复%(n)s人，暂停的时间已经补上。", n=count), "ok")
    return redirect(url_for("exams.watch", sitting_id=sitting_id))


@blueprint.post("/pauses/<int:pause_id>/confirm")
@requires("sitting.extend")
def confirm_pause(pause_id: int) -> Any:
    """Confirm, as the second person, a pause longer than one decides alone."""
    facts = invigilation.pause(pause_id)
    demand("sitting.extend", facts.person_id)
    service.second_pause(actor(), now(), pause_id)
    flash(gettext("已确认这次暂停。"), "ok")
    return redirect(url_for("exams.watch", sitting_id=facts.sitting_id))


@blueprint.post("/attempts/<int:attempt_id>/credit")
@requires("sitting.extend")
def credit(attempt_id: int) -> Any:
    """Give one attempt lost time back, or propose it."""
    facts = others_attempt(attempt_id)
    form = CreditForm()
    form.offer(offer_choices(invigilation.offers([attempt_id], now())))
    given: list[bool] = []
    if not form.validate_on_submit() or not tried(
        form,
        lambda: given.append(
            service.credit(actor(), now(), facts.id, form.source.data or "", form.reason.data or "")
        ),
    ):
        refused = {"credit_form": form, "errors": [] if form.source.choices else _nothing_owed()}
        return attempt_page(attempt_id, **refused), 422
    _say_credit(int(given[0]), int(not given[0]))
    return redirect(url_for("exams.watched", attempt_id=attempt_id))


def _nothing_owed() -> list[str]:
    return [str(gettext("没有可以补的时间，时间没有变。"))]


@blueprint.post("/sittings/<int:sitting_id>/outages/<int:outage_id>/credit")
@requires("sitting.extend")
def credit_all(sitting_id: int, outage_id: int) -> Any:
    """Give everybody of the sitting what they are owed for an outage, or propose it."""
    form = ReasonForm()
    source = f"outage:{outage_id}"
    found: list[tuple[int, int]] = []
    if not form.validate_on_submit() or not tried(
        form,
        lambda: found.append(
            service.credit_all(actor(), now(), SittingId(sitting_id), source, form.reason.data or "")
        ),
    ):
        return watch_page(sitting_id, gap_form=(source, form)), 422
    _say_credit(*found[0])
    return redirect(url_for("exams.watch", sitting_id=sitting_id))


def _say_credit(at_once: int, proposed: int) -> None:
    if at_once:
        flash(gettext("已给%(n)s人补时，考生的页面会在半分钟内更新。", n=at_once), "ok")
    if proposed:
        flash(gettext("%(n)s人的补时已提出申请，要第二个人同意。", n=proposed), "warn")


@blueprint.post("/credits/<int:credit_id>")
@requires("sitting.extend")
def decide_credit(credit_id: int) -> Any:
    """Agree to time somebody else proposed to give back, or turn it down."""
    facts = invigilation.credit(credit_id)
    demand("sitting.extend", facts.person_id)
    agreed = request.form.get("agreed") == "1"
    service.decide_credit(actor(), now(), credit_id, agreed=agreed)
    flash(gettext("已同意，马上生效。") if agreed else gettext("已退回，没有改动。"), "ok")
    return redirect(url_for("exams.watch", sitting_id=facts.sitting_id))


@blueprint.post("/sittings/<int:sitting_id>/outages/<int:outage_id>/decide")
@requires("sitting.extend")
def decide_all_credit(sitting_id: int, outage_id: int) -> Any:
    """Decide everything that others proposed for an outage in a sitting."""
    agreed = request.form.get("agreed") == "1"
    source = f"outage:{outage_id}"
    service.decide_all_credit(actor(), now(), SittingId(sitting_id), source, agreed=agreed)
    flash(gettext("已同意，马上生效。") if agreed else gettext("已退回，没有改动。"), "ok")
    return redirect(url_for("exams.watch", sitting_id=sitting_id))


@blueprint.post("/sittings/<int:sitting_id>/incidents")
@requires("sitting.watch")
def note(sitting_id: int) -> Any:
    """Add an entry about the whole sitting to the incident log."""
    form = IncidentForm()
    if not form.validate_on_submit() or not tried(
        form,
        lambda: service.note_incident(
            actor(), now(), SittingId(sitting_id), form.kind.data, form.text.data or "", None
        ),
    ):
        return watch_page(sitting_id, incident_form=form), 422
    flash(gettext("已记入考场记录。"), "ok")
    return redirect(url_for("exams.watch", sitting_id=sitting_id))


@blueprint.post("/attempts/<int:attempt_id>/incidents")
@requires("sitting.watch")
def note_attempt(attempt_id: int) -> Any:
    """Add an entry about one attempt to the incident log."""
    facts = queries.attempt(attempt_id, now())
    demand("sitting.watch", facts.person_id)
    form = IncidentForm()
    if not form.validate_on_submit() or not tried(
        form,
        lambda: service.note_incident(
            actor(), now(), facts.sitting_id, form.kind.data, form.text.data or "", facts.id
        ),
    ):
        return attempt_page(attempt_id, incident_form=form), 422
    flash(gettext("已记入考场记录。"), "ok")
    return redirect(url_for("exams.watched", attempt_id=attempt_id))
