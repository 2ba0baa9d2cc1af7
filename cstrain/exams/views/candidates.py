"""The candidates of a sitting: adding one, what one of them is granted, the code of the room."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, requires
from cstrain.exams import queries, service
from cstrain.exams.facts import CandidateFacts, SittingFacts
from cstrain.exams.forms import AccommodationForm, CandidateForm
from cstrain.exams.rules import new_code, sat_at
from cstrain.exams.views.arranging import by_number
from cstrain.exams.views.base import blueprint
from cstrain.extensions import local_date, now, zone
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId, SittingId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt

_MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
_PAGE = 50
_CHANCE = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Arranged:
    """A candidate as who arranges sees them: window, what is missing before they may sit (titles)."""

    person: PersonFacts
    facts: CandidateFacts
    missing: tuple[str, ...]
    exempt: bool


@blueprint.get("/sittings/<int:sitting_id>/candidates")
@requires("sitting.arrange")
def candidates(sitting_id: int) -> str:
    """Show the candidates with their windows, and the form for one more."""
    return _page(sitting_id, CandidateForm(formdata=None))


def _page(sitting_id: int, form: CandidateForm) -> str:
    at = now()
    sitting = _arranged_sitting(sitting_id)
    others = [one for one in queries.candidates(sitting_id) if one.person_id != actor()]
    pages = max(1, -(-len(others) // _PAGE))
    page = min(max(1, request.args.get("page", 1, whole)), pages)
    shown = others[(page - 1) * _PAGE : page * _PAGE]
    return render_template(
        "exams/candidates.html",
        sitting=sitting,
        rows=_rows(sitting, shown, at),
        total=len(others),
        own=sum(one.given is not None for one in others),
        links={
            "page": page,
            "pages": pages,
            "url": lambda n: url_for("exams.candidates", sitting_id=sitting_id, page=n),
        },
        form=form,
        open=not sitting.cancelled and at < sitting.closes_at,
    )


def _arranged_sitting(sitting_id: int) -> SittingFacts:
    """Return a sitting that somebody arranges; quizzes make themselves."""
    sitting = queries.sitting(sitting_id)
    if sitting.kind == "quiz":
        raise NotFoundError(_MISSING)
    return sitting


def _rows(sitting: SittingFacts, shown: Sequence[CandidateFacts], at: datetime) -> list[Arranged]:
    ids = [one.person_id for one in shown]
    facts = people.people(ids, local_date(at))
    requires = sitting.paper.requires
    missing, titles = queries.missing_papers(requires, ids, at), queries.paper_titles(requires)
    day = sat_at(at, sitting.opens_at, sitting.closes_at)
    exempt = queries.exempt_people(sitting.paper.ref, ids, day)
    rows = [
        Arranged(
            facts[one.person_id],
            one,
            tuple(titles[ref] for ref in missing.get(one.person_id, ())),
            one.person_id in exempt,
        )
        for one in shown
    ]
    return sorted(rows, key=lambda row: row.person.staff_no)


@blueprint.post("/sittings/<int:sitting_id>/candidates")
@requires("sitting.arrange")
def set_candidate(sitting_id: int) -> Any:
    """Add a candidate, or set the extra minutes of one who has not started."""
    form = CandidateForm()
    if form.validate_on_submit() and attempt(form, lambda: _set(sitting_id, form)):
        flash(gettext("考生安排已保存。"), "ok")
        return redirect(url_for("exams.candidates", sitting_id=sitting_id))
    return _page(sitting_id, form), 422


def _set(sitting_id: int, form: CandidateForm) -> None:
    (person,) = by_number([form.staff_no.data or ""])
    demand("sitting.arrange", person)
    minutes, reason = int(form.extra_minutes.data or 0), form.reason.data or ""
    service.add_candidate(actor(), now(), SittingId(sitting_id), person, minutes, reason)


@blueprint.get("/sittings/<int:sitting_id>/candidates/<int:person_id>")
@requires("sitting.arrange")
def accommodation(sitting_id: int, person_id: int) -> str:
    """Show what a candidate was granted, and the form to grant something else."""
    sitting, facts = _candidate(sitting_id, person_id)
    return _accommodation_page(sitting, facts, _form_of(facts))


def _candidate(sitting_id: int, person_id: int) -> tuple[SittingFacts, CandidateFacts]:
    """Return somebody else who is a candidate there; everything else answers that there is none."""
    sitting = _arranged_sitting(sitting_id)
    found = next((one for one in queries.candidates(sitting_id) if one.person_id == person_id), None)
    if found is None or person_id == actor():
        raise NotFoundError(_MISSING)
    demand("sitting.arrange", found.person_id)
    return sitting, found


def _form_of(facts: CandidateFacts) -> AccommodationForm:
    given = facts.given
    if given is None:
        return AccommodationForm(formdata=None, data={"extra_minutes": facts.window.extra_minutes})
    here = zone()
    data = {
        "opens_at": given.opens_at.astimezone(here) if given.opens_at else None,
        "closes_at": given.closes_at.astimezone(here) if given.closes_at else None,
        "extra_minutes": given.extra_minutes,
        "late": given.late,
    }
    return AccommodationForm(formdata=None, data=data)


def _accommodation_page(sitting: SittingFacts, facts: CandidateFacts, form: AccommodationForm) -> str:
    today = local_date(now())
    history = queries.accommodations(sitting.id, facts.person_id)
    names = people.people({facts.person_id} | {one.given_by for one in history}, today)
    return render_template(
        "exams/accommodation.html",
        sitting=sitting,
        person=names[facts.person_id],
        facts=facts,
        history=history,
        names=names,
        form=form,
    )


@blueprint.post("/sittings/<int:sitting_id>/candidates/<int:person_id>")
@requires("sitting.arrange")
def accommodate(sitting_id: int, person_id: int) -> Any:
    """Grant a candidate something of their own; what counted before is kept below."""
    sitting, facts = _candidate(sitting_id, person_id)
    form = AccommodationForm()
    if form.validate_on_submit() and attempt(form, lambda: _grant(sitting, facts.person_id, form)):
        flash(gettext("个人安排已保存，考生的时间有变时会收到通知。"), "ok")
        return redirect(url_for("exams.candidates", sitting_id=sitting_id))
    return _accommodation_page(sitting, facts, form), 422


def _grant(sitting: SittingFacts, person: PersonId, form: AccommodationForm) -> None:
    opens, closes = form.times(zone())
    service.accommodate(
        actor(),
        now(),
        sitting.id,
        person,
        reason=form.reason.data or "",
        opens_at=opens,
        closes_at=closes,
        extra_minutes=int(form.extra_minutes.data or 0),
        late=bool(form.late.data),
    )


@blueprint.post("/sittings/<int:sitting_id>/code")
@requires("sitting.watch")
def renew_code(sitting_id: int) -> Any:
    """Show another room code from now on."""
    service.renew_code(actor(), now(), _arranged_sitting(sitting_id).id, new_code(_CHANCE))
    flash(gettext("考场码已更换，请把新码写给考生看。"), "ok")
    return redirect(url_for("exams.watch", sitting_id=sitting_id))
