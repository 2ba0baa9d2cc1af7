"""What the page of one attempt holds for who invigilates: how it stands, what may be done, its timeline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext

from cstrain.access import demand
from cstrain.exams import queries
from cstrain.exams.facts import AttemptFacts
from cstrain.exams.forms import ExtendForm, ReasonForm
from cstrain.exams.invigilation import queries as invigilation
from cstrain.exams.invigilation.facts import Offer
from cstrain.exams.invigilation.forms import CreditForm, IncidentForm
from cstrain.exams.views.watch_desk import common, named, together
from cstrain.exams.views.watch_rows import known_of, row_of
from cstrain.extensions import local_date, now
from cstrain.people import queries as people
from cstrain.ui.filters import clock_time


def attempt_page(attempt_id: int, **refused: Any) -> str:
    """Render one attempt for who watches it, with ``errors`` or the form of a refused act by name."""
    at = now()
    facts = queries.attempt(attempt_id, at)
    demand("sitting.watch", facts.person_id)
    waiting = [one for one in queries.open_interventions(facts.sitting_id) if one.attempt_id == facts.id]
    credits = [one for one in invigilation.open_credits(facts.sitting_id) if one.attempt_id == facts.id]
    incidents = invigilation.incidents_of(attempt_id)
    known = {one.noted_by for one in incidents} | {one.proposed_by for one in waiting}
    known |= {one.proposed_by for one in credits}
    names = people.people(known | {facts.person_id}, local_date(at))
    return render_template(
        "exams/watched.html",
        row=row_of(names[facts.person_id], 0, facts, known_of([facts.id], at), at),
        attempt=facts,
        sitting=queries.sitting(facts.sitting_id),
        moments=queries.timeline(attempt_id),
        proposals=together(waiting),
        credits=credits,
        incidents=incidents,
        names=names,
        **common(at, refused),
        **_forms(facts, at, refused),
    )


def _forms(facts: AttemptFacts, at: datetime, refused: dict[str, Any]) -> dict[str, Any]:
    return {
        "extend_form": named("extend", refused.get("extend_form") or ExtendForm(formdata=None)),
        "pause_form": named("pause", refused.get("pause_form") or ReasonForm(formdata=None)),
        "void_form": named("void", refused.get("void_form") or ReasonForm(formdata=None)),
        "incident_form": named("note", refused.get("incident_form") or IncidentForm(formdata=None)),
        "credit_form": _credit_form(facts, at, refused.get("credit_form")),
    }


def _credit_form(facts: AttemptFacts, at: datetime, form: CreditForm | None) -> Any:
    """Return the form of what may be given back, or ``None`` where nothing is owed."""
    choices = offer_choices(invigilation.offers([facts.id], at))
    if not choices:
        return None
    form = form or CreditForm(formdata=None)
    form.offer(choices)
    return named("credit", form)


def offer_choices(owed: Iterable[Offer]) -> list[tuple[str, str]]:
    """Return lost time as choices: since when, how long, and who says so."""
    return [(one.source, _words(one)) for one in owed]


def _words(offer: Offer) -> str:
    since = clock_time(offer.span.began)
    if offer.by_server:
        return str(gettext("%(at)s起%(n)s秒，服务器没有响应", at=since, n=offer.seconds))
    return str(gettext("%(at)s起%(n)s秒，考生的页面报告断网", at=since, n=offer.seconds))
