"""Watching a sitting: who is in, what was last saved, more minutes, proposals for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.exams import queries, service
from cstrain.exams.facts import AttemptFacts
from cstrain.exams.forms import CandidateForm, ExtendForm, ReasonForm
from cstrain.exams.views.base import blueprint
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.ui.refusal import told


@dataclass(frozen=True, slots=True)
class Watched:
    """A candidate as an invigilator sees them; never an answer or a mark."""

    person: PersonFacts
    extra_minutes: int
    attempt: AttemptFacts | None
    last_save: datetime | None
    given: int


@blueprint.get("/sittings/<int:sitting_id>/watch")
@requires("sitting.watch")
def watch(sitting_id: int) -> str:
    """Show the sitting to who watches it."""
    return watch_page(sitting_id)


def watch_page(
    sitting_id: int,
    *,
    errors: Sequence[str] = (),
    candidate_form: CandidateForm | None = None,
    cancel_form: ReasonForm | None = None,
) -> str:
    """Render the sitting for who watches it, with what a refused act left to say."""
    at = now()
    sitting = queries.sitting(sitting_id)
    candidates = queries.candidates_of(sitting_id)
    attempts = queries.attempts_at(sitting_id, at)
    rows = _rows(candidates, attempts, at)
    return render_template(
        "exams/watch.html",
        sitting=sitting,
        rows=rows,
        counts=queries.reconciliation(len(candidates), attempts),
        proposals=queries.open_interventions(sitting_id),
        names=people.people(
            {one.proposed_by for one in queries.open_interventions(sitting_id)} | set(candidates),
            local_date(at),
        ),
        at=at,
        rules=queries.exam_rules(),
        me_id=actor(),
        may_arrange=may(actor(), "sitting.arrange"),
        may_extend=may(actor(), "sitting.extend"),
        errors=errors,
        candidate_form=candidate_form or CandidateForm(formdata=None),
        cancel_form=cancel_form or ReasonForm(formdata=None),
    )


def _rows(candidates: dict[PersonId, int], attempts: Sequence[AttemptFacts], at: datetime) -> list[Watched]:
    """Return every candidate but oneself: nobody watches themself."""
    last = {attempt.person_id: attempt for attempt in attempts}
    saves = queries.last_saves([attempt.id for attempt in attempts])
    given = queries.minutes_given([attempt.id for attempt in attempts])
    facts = people.people(set(candidates) - {actor()}, local_date(at))
    rows = []
    for person in sorted(facts.values(), key=lambda one: one.staff_no):
        attempt = last.get(person.id)
        key = attempt.id if attempt else -1
        rows.append(Watched(person, candidates[person.id], attempt, saves.get(key), given.get(key, 0)))
    return rows


@blueprint.post("/attempts/<int:attempt_id>/extend")
@requires("sitting.extend")
def extend(attempt_id: int) -> Any:
    """Give more minutes; what one person may not give alone becomes a proposal for a second one."""
    facts = _others_attempt(attempt_id)
    form = ExtendForm()
    if not form.validate_on_submit():
        return watch_page(facts.sitting_id, errors=_first_errors(form)), 422
    minutes, reason = int(form.minutes.data or 0), form.reason.data or ""
    given = queries.minutes_given([attempt_id]).get(attempt_id, 0)
    try:
        if given + minutes <= queries.exam_rules().extension_alone_minutes:
            service.extend(actor(), now(), facts.id, minutes, reason)
            flash(gettext("已加时%(n)s分钟，考生的页面会在半分钟内更新。", n=minutes), "ok")
        else:
            service.propose_extension(actor(), now(), facts.id, minutes, reason)
            flash(gettext("累计超过一人可加的分钟数，已提出申请。请另一位监考或人事同意。"), "warn")
    except DomainError as error:
        return watch_page(facts.sitting_id, errors=[told(error)]), 422
    return redirect(url_for("exams.watch", sitting_id=facts.sitting_id))


@blueprint.post("/attempts/<int:attempt_id>/void")
@requires("sitting.extend")
def propose_void(attempt_id: int) -> Any:
    """Propose to void an attempt; a second person decides."""
    facts = _others_attempt(attempt_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return watch_page(facts.sitting_id, errors=_first_errors(form)), 422
    service.propose_void(actor(), now(), facts.id, form.reason.data or "")
    flash(gettext("已提出作废申请，另一个人同意后才生效。"), "warn")
    return redirect(url_for("exams.watch", sitting_id=facts.sitting_id))


@blueprint.post("/interventions/<int:proposal_id>")
@requires("sitting.extend")
def decide(proposal_id: int) -> Any:
    """Agree to somebody else's proposal, or turn it down."""
    agreed = request.form.get("agreed") == "1"
    proposal = queries.intervention(proposal_id)
    demand("sitting.extend", proposal.person_id)
    service.decide_intervention(actor(), now(), proposal_id, agreed=agreed)
    flash(gettext("已同意，马上生效。") if agreed else gettext("已退回，没有改动。"), "ok")
    return redirect(url_for("exams.watch", sitting_id=proposal.sitting_id))


def _others_attempt(attempt_id: int) -> AttemptFacts:
    facts = queries.attempt(AttemptId(attempt_id), now())
    demand("sitting.extend", facts.person_id)
    return facts


def _first_errors(form: ExtendForm | ReasonForm) -> list[str]:
    return [f"{field.label.text}：{field.errors[0]}" for field in form if field.errors]
