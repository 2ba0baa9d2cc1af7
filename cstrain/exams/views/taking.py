"""The player: one page with every question, and the token it asks for when its own is refused."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import jsonify, redirect, render_template, url_for
from flask_babel import get_locale
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from cstrain.access import actor, requires
from cstrain.exams import queries
from cstrain.exams.facts import TakingView
from cstrain.exams.player_api import view_json
from cstrain.exams.rules import is_blank
from cstrain.exams.views.base import blueprint
from cstrain.extensions import now, zone


@blueprint.get("/attempts/token")
@requires("exam.sit")
def token() -> Any:
    """Return a fresh form token and who is signed in: answers of one person never travel under another."""
    return jsonify(token=generate_csrf(), person=current_user.person_id)


@blueprint.get("/attempts/<int:attempt_id>")
@requires("exam.sit")
def attempt(attempt_id: int) -> Any:
    """Show the player; once handed in, the receipt."""
    at = now()
    view = queries.taking_view(actor(), attempt_id, at)
    facts = view.held.attempt
    if facts.submitted_at is not None:
        return redirect(url_for("exams.receipt", attempt_id=attempt_id))
    if facts.state == "voided":
        return redirect(url_for("exams.sitting", sitting_id=facts.sitting_id))
    return render_template(
        "exams/attempt.html",
        view=view,
        total=sum(slot.marks for slot in view.slots),
        config=_config(view, at),
        answered=_answered(view),
        last_saved=max((answer.saved_at for answer in view.held.answers), default=None),
    )


def _answered(view: TakingView) -> set[int]:
    """Return the slots the server holds an answer for: the page is right before its scripts run."""
    return {answer.slot for answer in view.held.answers if not is_blank(json.loads(answer.value))}


def _config(view: TakingView, at: datetime) -> dict[str, Any]:
    """Return what the scripts need to know, apart from words."""
    attempt_id = view.held.attempt.id
    locale = get_locale()
    addresses = {
        "answers": url_for("player.save_answers", attempt_id=attempt_id),
        "lease": url_for("player.take_lease", attempt_id=attempt_id),
        "state": url_for("player.state", attempt_id=attempt_id),
        "signals": url_for("player.signals", attempt_id=attempt_id),
        "news": url_for("player.news", attempt_id=attempt_id),
        "submit": url_for("player.submit", attempt_id=attempt_id),
        "token": url_for("exams.token"),
        "turn": url_for("player.turn", attempt_id=attempt_id, slot=0),
        "receipt": url_for("exams.receipt", attempt_id=attempt_id),
    }
    return {
        "attempt": attempt_id,
        "person": view.held.attempt.person_id,
        "zone": str(zone()),
        "locale": "en" if locale and locale.language == "en" else "zh-CN",
        "holder": view.held.lease_holder,
        "token": generate_csrf(),
        "urls": addresses,
        "slots": [{"slot": slot.slot, "control": slot.control} for slot in view.slots],
        "state": view_json(view.held, at),
    }
