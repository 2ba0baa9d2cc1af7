"""Arranging sittings: the list, a new one, candidates, cancelling."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.exams import queries, service
from cstrain.exams.assembly import Depth
from cstrain.exams.facts import PaperFacts
from cstrain.exams.forms import ReasonForm, SittingForm
from cstrain.exams.rules import new_code
from cstrain.exams.views.base import blueprint
from cstrain.exams.views.watch_desk import flagged, watch_page
from cstrain.extensions import local_date, now, zone
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId, SittingId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.ui.refusal import told

_LOOK_BACK = timedelta(days=60)
_MOST_SHOWN = 60
_CHANCE = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Pick:
    """A person who may be picked, with the forms a disjoint paper still has for them."""

    person: PersonFacts
    depth: Depth | None


@blueprint.get("/sittings")
@requires("sitting.watch")
def sittings() -> str:
    """Show the arranged sittings of the last two months and those to come."""
    at = now()
    return render_template(
        "exams/sittings.html",
        sittings=queries.arranged_sittings(at - _LOOK_BACK),
        at=at,
        may_arrange=may(actor(), "sitting.arrange"),
        may_reconcile=may(actor(), "sitting.reconcile"),
        waiting=queries.open_interventions(),
        flagged=flagged(at),
    )


@blueprint.get("/sittings/new")
@requires("sitting.arrange")
def new_sitting() -> str:
    """Show the form for a sitting; people are found by group or name, with the forms left for each."""
    form = SittingForm(formdata=None, data={"paper": request.args.get("paper", "")})
    return _arrange_page(form, request.args.get("group", ""), request.args.get("q", ""))


def _arrange_page(form: SittingForm, group: str, text: str) -> str:
    today = local_date(now())
    papers = _papers(now())
    form.offer_papers(papers)
    groups = queries.people_groups(today)
    chosen = _group(group, groups)
    found = _find(chosen, text)
    form.offer_whole(_whole_words(chosen))
    paper = next((one for one in papers if one.ref == form.paper.data), None)
    picks = [Pick(person, _depth(paper, person.id)) for person in found[:_MOST_SHOWN]]
    form.people.choices = [(pick.person.id, pick.person.name) for pick in picks]
    return render_template(
        "exams/arrange.html",
        form=form,
        picks=picks,
        groups=groups,
        group=group,
        text=text,
        left_out=max(0, len(found) - _MOST_SHOWN),
        chosen=set(form.people.data or ()),
        paper=paper,
        requires=list(queries.paper_titles(paper.requires).values()) if paper else [],
    )


def _papers(at: datetime) -> list[PaperFacts]:
    """Return the papers in force that are arranged here, each in its newest edition.

    Quizzes are made by themselves; conversion papers have hours and conditions that the conversion knows.
    """
    return [paper for paper in queries.papers_to_sit(at) if paper.kind == "exam"]


def _group(key: str, groups: Iterable[queries.PeopleGroup]) -> queries.PeopleGroup | None:
    return next((one for one in groups if one.key == key), None)


def _whole_words(group: queries.PeopleGroup | None) -> str | None:
    if group is None or not set(group.people) - {actor()}:
        return None
    count = len(set(group.people) - {actor()})
    return str(gettext("%(group)s，共%(n)s人", group=group.whole, n=count))


def _find(chosen: queries.PeopleGroup | None, text: str) -> list[PersonFacts]:
    """Return the people of a group, or those a search finds; nobody arranges for themself."""
    today = local_date(now())
    if chosen is None and not text.strip():
        return []
    ids = set(chosen.people) if chosen else None
    if text.strip():
        matching = {person.id for person in people.search_people(text, None, today).people}
        ids = matching if ids is None else ids & matching
    found = people.people((ids or set()) - {actor()}, today).values()
    return sorted(found, key=lambda person: person.staff_no)


def _depth(paper: PaperFacts | None, person: PersonId) -> Depth | None:
    return queries.depth_for(paper.ref, person, now()) if paper and paper.disjoint else None


@blueprint.post("/sittings/new")
@requires("sitting.arrange")
def add_sitting() -> Any:
    """Arrange the sitting, or show the form again with what is missing."""
    form = SittingForm()
    form.offer_papers(_papers(now()))
    if form.validate_on_submit():
        try:
            sitting_id = _schedule(form)
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            flash(gettext("场次已建立，考生会收到通知。"), "ok")
            return redirect(url_for("exams.watch", sitting_id=sitting_id))
    return _arrange_page(form, request.form.get("group", ""), request.form.get("q", "")), 422


def _schedule(form: SittingForm) -> SittingId:
    at = now()
    wanted = {PersonId(person) for person in form.people.data or ()} | set(by_number(form.numbers()))
    if form.whole.data:
        chosen = _group(request.form.get("group", ""), queries.people_groups(local_date(at)))
        wanted |= set(chosen.people) - {actor()} if chosen is not None else set()
    for person in wanted:
        demand("sitting.arrange", person)
    opens, closes = form.window(zone())
    paper = queries.paper(form.paper.data, at)
    return service.schedule(
        actor(),
        at,
        paper_ref=paper.ref,
        kind=paper.kind,
        subject="arranged",
        people=sorted(wanted),
        opens_at=opens,
        closes_at=closes,
        place=form.place.data or "",
        title=form.title.data or "",
        late_minutes=form.late_minutes.data,
        code=new_code(_CHANCE) if form.needs_code.data else None,
    )


def by_number(numbers: Iterable[str]) -> list[PersonId]:
    """Return the people with these staff numbers; the refusal names those nobody has."""
    found, unknown = [], []
    for number in numbers:
        person = people.find_person_by_staff_no(number, local_date(now()))
        if person is None:
            unknown.append(number)
        else:
            found.append(person.id)
    if unknown:
        raise DomainError(
            "没有找到这些工号：%(numbers)s。没有保存，请核对后再保存。", numbers="、".join(unknown)
        )
    return found


@blueprint.post("/sittings/<int:sitting_id>/cancel")
@requires("sitting.arrange")
def cancel_sitting(sitting_id: int) -> Any:
    """Cancel a sitting nobody has started."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return watch_page(sitting_id, cancel_form=form), 422
    service.cancel(actor(), now(), SittingId(sitting_id), form.reason.data or "")
    flash(gettext("场次已取消，考生会收到通知。"), "ok")
    return redirect(url_for("exams.sittings"))
