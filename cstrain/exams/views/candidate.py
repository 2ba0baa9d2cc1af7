"""What a candidate sees before and after: their sittings, one sitting, the receipt, what the server holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.exams import ports, queries, service
from cstrain.exams.errors import TooManyCodesError
from cstrain.exams.facts import AttemptFacts, Moment, Receipt
from cstrain.exams.forms import StartForm
from cstrain.exams.rules import Stage, receipt_time
from cstrain.exams.views.base import blueprint
from cstrain.extensions import now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId, SittingId
from cstrain.questions.question_type import question_types
from cstrain.ui.refusal import told
from cstrain.unit_of_work import keeps_what_it_refuses

_MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """An answer as the server holds it, in words."""

    slot: int
    stem: str
    answer: str | None
    saved_at: datetime | None


def own_attempt(person: PersonId, attempt_id: int, at: datetime) -> AttemptFacts:
    """Return one's own attempt; a foreign one and a missing one answer the same (404)."""
    facts = queries.attempt(attempt_id, at)
    if facts.person_id != person:
        raise NotFoundError(_MISSING)
    return facts


@blueprint.get("/exams")
@requires("exam.sit")
def my_sittings() -> str:
    """Show what is open now, what comes next, what is past."""
    person, at = actor(), now()
    entries = queries.entries(queries.sittings_of(person), person, at)
    ready = [entry for entry in entries if entry.waits]
    ready.sort(key=lambda entry: (entry.stage is not Stage.RUNNING, entry.sitting.closes_at))
    later = sorted(
        (entry for entry in entries if entry.stage is Stage.LATER), key=lambda entry: entry.sitting.opens_at
    )
    shut = [entry for entry in entries if entry.stage in (Stage.LATE, Stage.LOCKED)]
    over = (Stage.DONE, Stage.MISSED, Stage.OPEN, Stage.EXEMPT)
    past = [entry for entry in entries if entry.stage in over and not entry.waits]
    return render_template("exams/my_sittings.html", ready=ready, later=later, shut=shut, past=past)


@blueprint.get("/sittings/<int:sitting_id>")
@requires("exam.sit")
def sitting(sitting_id: int) -> str:
    """Show one of one's sittings: what, when, by which rules; start it when its time has come."""
    return _sitting_page(sitting_id, StartForm(formdata=None))


def _sitting_page(sitting_id: int, form: StartForm) -> str:
    person = actor()
    facts = queries.sitting_for(person, sitting_id)
    (entry,) = queries.entries([facts], person, now())
    return render_template(
        "exams/sitting.html",
        entry=entry,
        sitting=facts,
        extra=facts.extra_minutes,
        rules=queries.exam_rules(),
        form=form,
        on_paper=person in ports.sits_on_paper(sitting_id),
    )


@blueprint.post("/sittings/<int:sitting_id>/start")
@requires("exam.sit")
@keeps_what_it_refuses
def start(sitting_id: int) -> Any:
    """Start, or go on with what has been started: starting twice is starting once.

    A wrong room code is kept: it counts although the page refuses it.
    """
    person, form = actor(), StartForm()
    typed = (form.code.data or "") if form.validate() else ""
    try:
        attempt_id = service.enter(person, SittingId(sitting_id), now(), typed)
    except TooManyCodesError as error:
        form.code.errors = [told(error)]
        return _sitting_page(sitting_id, form), error.status
    if attempt_id is None:
        wrong = gettext("考场码不对，还没有开始。请看监考员写在考场里的六位码，重新输入。")
        form.code.errors = form.code.errors or [wrong if typed else gettext("请填写考场码，问监考员要。")]
        return _sitting_page(sitting_id, form), 422
    return redirect(url_for("exams.attempt", attempt_id=attempt_id))


@blueprint.get("/attempts/<int:attempt_id>/receipt")
@requires("exam.sit")
def receipt(attempt_id: int) -> Any:
    """Show the receipt of a closed attempt, to keep or print."""
    person, at = actor(), now()
    facts = own_attempt(person, attempt_id, at)
    if facts.submitted_at is None:
        return redirect(url_for("exams.attempt", attempt_id=attempt_id))
    found = service.receipt(person, AttemptId(attempt_id))
    title = queries.sitting(facts.sitting_id).title
    return render_template("exams/receipt.html", attempt=facts, receipt=found, title=title)


@blueprint.get("/attempts/<int:attempt_id>/receipt.json")
@requires("exam.sit")
def receipt_file(attempt_id: int) -> Response:
    """Hand out the receipt as a file that can be verified without this system."""
    person = actor()
    facts = own_attempt(person, attempt_id, now())
    found = service.receipt(person, AttemptId(attempt_id))
    return _file(_receipt_body(facts, found), f"receipt-{attempt_id}.json")


def _receipt_body(facts: AttemptFacts, found: Receipt) -> dict[str, Any]:
    slots = queries.markable_slots(found.attempt_id)
    return {
        "answers": {str(slot.slot): json.loads(slot.value) for slot in slots if slot.value is not None},
        "attempt": found.attempt_id,
        "submitted_at": receipt_time(found.submitted_at),
        "receipt": found.digest,
        "paper": f"{facts.paper.ref}/{facts.paper.edition}",
        "how_to_verify": "receipt = SHA-256 of the JSON object of answers, attempt and submitted_at: "
        "sorted keys, no white space, UTF-8, no escapes of non-ASCII characters",
    }


@blueprint.get("/attempts/<int:attempt_id>/held")
@requires("exam.sit")
def held(attempt_id: int) -> str:
    """Show what the server holds of one's attempt, at any time, and its timeline."""
    person, at = actor(), now()
    facts = own_attempt(person, attempt_id, at)
    return render_template(
        "exams/held.html",
        attempt=facts,
        answers=_held_answers(person, attempt_id, at),
        moments=queries.timeline(attempt_id),
        title=queries.sitting(facts.sitting_id).title,
        at=at,
    )


def _held_answers(person: PersonId, attempt_id: int, at: datetime) -> list[HeldAnswer]:
    view = queries.taking_view(person, attempt_id, at)
    saved = {answer.slot: answer for answer in view.held.answers}
    found = []
    for slot in view.slots:
        answer = saved.get(slot.slot)
        kind = question_types().get(slot.type)
        words = kind.summarise(slot.content, json.loads(answer.value)) if answer else None
        stem = slot.content["stem"] if view.held.attempt.state == "open" else ""
        found.append(HeldAnswer(slot.slot, stem, words, answer.saved_at if answer else None))
    return found


@blueprint.get("/attempts/<int:attempt_id>/timeline.json")
@requires("exam.sit")
def timeline_file(attempt_id: int) -> Response:
    """Hand out the evidence of one's own attempt as a file."""
    facts = own_attempt(actor(), attempt_id, now())
    return _file(timeline_body(facts, queries.timeline(attempt_id)), f"timeline-{attempt_id}.json")


def timeline_body(facts: AttemptFacts, moments: list[Moment]) -> dict[str, Any]:
    """Return the timeline of an attempt as plain data."""
    return {
        "attempt": facts.id,
        "state": facts.state,
        "deadline": facts.deadline.isoformat(),
        "receipt": facts.receipt,
        "moments": [{"at": one.at.isoformat(), "kind": one.kind, **one.detail} for one in moments],
    }


def _file(body: dict[str, Any], name: str) -> Response:
    text = json.dumps(body, ensure_ascii=False, indent=2)
    return Response(
        text,
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
