"""The player's calls. Each is a short unit of work of its own; "saved" means committed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, jsonify, request
from flask_login import current_user

from cstrain.access import actor, requires
from cstrain.exams import queries, service
from cstrain.exams.invigilation import queries as invigilation_queries
from cstrain.exams.invigilation import service as invigilation
from cstrain.exams.news import signed
from cstrain.exams.player_api import (
    MalformedBatchError,
    heard_json,
    outcome_json,
    read_batch,
    read_signals,
    receipt_json,
    view_json,
)
from cstrain.extensions import now
from cstrain.kernel.ids import AttemptId
from cstrain.unit_of_work import keeps_what_it_refuses, lean, received

blueprint = Blueprint("player", __name__, url_prefix="/attempts")
_MOST_HOLDER = 64


def _token(body: object, name: str) -> str:
    """Return a short printable ASCII text of a JSON body; anything else is empty."""
    value = body.get(name) if isinstance(body, dict) else None
    fine = isinstance(value, str) and value.isascii() and value.isprintable()
    return str(value)[:_MOST_HOLDER] if fine else ""


@blueprint.post("/<int:attempt_id>/answers")
@requires("exam.sit")
@lean
@keeps_what_it_refuses
def save_answers(attempt_id: int) -> Any:
    """Store a batch of answer events. 200: each event's fate; 409: this tab is not the writer."""
    rules = queries.exam_rules()
    try:
        epoch, events = read_batch(request.get_json(silent=True), rules.most_batch, rules.most_value_bytes)
    except (MalformedBatchError, RecursionError) as error:
        return jsonify(error=str(error)), 422
    outcome = service.save(actor(), AttemptId(attempt_id), received(), epoch, events)
    refused = "superseded" in outcome.dispositions.values() or (outcome.stale and not outcome.over)
    return jsonify(outcome_json(outcome)), 409 if refused else 200


@blueprint.post("/<int:attempt_id>/lease")
@requires("exam.sit")
@keeps_what_it_refuses
def take_lease(attempt_id: int) -> Any:
    """Ask to be the writer; ``force`` takes over from another tab or device."""
    body = request.get_json(silent=True)
    force = isinstance(body, dict) and body.get("force") is True
    person, at = actor(), now()
    mine = service.take_lease(person, AttemptId(attempt_id), at, _token(body, "holder"), force=force)
    return jsonify(mine=mine, **view_json(queries.held_view(person, attempt_id, at), at))


@blueprint.get("/<int:attempt_id>/state")
@requires("exam.sit")
def state(attempt_id: int) -> Any:
    """Return what the server holds: answers, lease, time left (the candidate may look at any time)."""
    at = now()
    view = queries.held_view(actor(), attempt_id, at)
    return jsonify(holder=view.lease_holder, person=current_user.person_id, **view_json(view, at))


@blueprint.get("/<int:attempt_id>/news")
@requires("exam.sit")
def news(attempt_id: int) -> Any:
    """Return a mark of how the attempt stands. Sent with it (``than``), the next such request is held back by
    the server until there is another one, or for a while (``operations/holding.py``)."""
    mark, lease = queries.news_mark(actor(), attempt_id)
    return jsonify(mark=signed(str(current_app.secret_key), attempt_id, mark), lease=lease)


@blueprint.get("/<int:attempt_id>/slots/<int:slot>/turn")
@requires("exam.sit")
def turn(attempt_id: int, slot: int) -> Any:
    """Return what the other side of a slot (a chat's customer) says next, given what was saved there."""
    return jsonify(queries.turn(actor(), attempt_id, slot, now()))


@blueprint.post("/<int:attempt_id>/signals")
@requires("exam.sit")
@keeps_what_it_refuses
def signals(attempt_id: int) -> Any:
    """Note that the page is there, and what it has to tell; answer how the attempt stands."""
    at = received()
    try:
        sent = read_signals(
            request.get_json(silent=True), invigilation_queries.invigilation_rules().most_signal_batch
        )
    except (MalformedBatchError, RecursionError) as error:
        return jsonify(error=str(error)), 422
    heard = invigilation.hear(actor(), AttemptId(attempt_id), sent, at)
    return jsonify(person=current_user.person_id, **heard_json(heard, at))


@blueprint.post("/<int:attempt_id>/submit")
@requires("exam.sit")
@keeps_what_it_refuses
def submit(attempt_id: int) -> Any:
    """Hand in; every repeat gets the same receipt.

    409: the page's clock asked for it while the server sees time left, a pause, or time lost in an outage.
    """
    body = request.get_json(silent=True)
    person, at = actor(), received()
    asked_by_clock = isinstance(body, dict) and body.get("auto") is True
    if asked_by_clock and service.goes_on(person, AttemptId(attempt_id), at):
        return jsonify(view_json(queries.held_view(person, attempt_id, at), at)), 409
    receipt = service.submit(person, AttemptId(attempt_id), _token(body, "key"), at)
    return jsonify(receipt_json(receipt))
