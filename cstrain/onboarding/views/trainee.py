"""A trainee's own pages: the programme, its days, what they do on them, the rating at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for

from cstrain.access import actor, requires
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding import presenting, queries, service
from cstrain.onboarding.facts import DayFacts, Timeline
from cstrain.onboarding.forms import ActForm, RatingForm
from cstrain.onboarding.presenting.words import _
from cstrain.onboarding.rules.dates import days_over, pre_start_dates, window_end
from cstrain.onboarding.slots import panels
from cstrain.onboarding.views.base import (
    blueprint,
    day_of,
    names_of,
    own_enrolment,
    sittings_by_paper,
    unpublished_years,
)
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.ui.refusal import attempt, told


@blueprint.get("/programme")
@requires("programme.follow")
def my_programme() -> str:
    """Show the whole programme: where one stands, today's list, all days, scores, mentor, next exam."""
    mine = queries.latest_enrolment_of(actor())
    if mine is None:
        return render_template("onboarding/no_programme.html")
    at = now()
    line = queries.timeline(mine.id, at)
    day = line.current
    mentor = _mentor(line)
    return render_template(
        "onboarding/programme.html",
        line=line,
        day=day,
        weeks=presenting.strip_weeks(line, presenting.own_day_url(line)),
        items=_items(line, day) if day is not None else [],
        heading=presenting.heading(line, day),
        scores=presenting.score_rows(line),
        exam=presenting.next_exam(exams.sittings_of(actor()), line, at),
        now=at,
        mentor=mentor,
        last_sign=line.signed[-1] if line.signed else None,
        panels=panels(mine.id, at),
        window=_window(line),
        unpublished=unpublished_years(line),
        pre_start=_pre_start(line),
        rated=queries.ratings([mine.id]).get(mine.id),
        state_words=presenting.state_words,
    )


def _mentor(line: Timeline) -> PersonFacts | None:
    if line.mentor is None:
        return None
    return people.get_person(line.mentor.mentor, local_date(now()))


def _items(line: Timeline, day: DayFacts) -> list[presenting.Item]:
    return presenting.checklist(line, day, sittings_by_paper(line, day.number), now(), _signer(line, day))


def _signer(line: Timeline, day: DayFacts) -> str:
    """Return the name of who signs a day, or the office while nobody is named."""
    person = day.guide if day.spec.signed_by == "guide" else (line.mentor.mentor if line.mentor else None)
    named = names_of([person])
    return named[person] if person in named else (_("带教人") if day.spec.signed_by == "guide" else _("导师"))


def _window(line: Timeline) -> dict[str, Any] | None:
    """Return the numbers of a broken window, or ``None``."""
    hired = people.get_person(line.enrolment.person, local_date(now())).hire_date
    over = days_over(line.last_day, hired, line.programme.window_days)
    limit = window_end(hired, line.programme.window_days)
    return {"over": over, "limit": limit, "days": line.programme.window_days} if over else None


def _pre_start(line: Timeline) -> dict[str, Any] | None:
    """Return the pre-start block with what is ticked, or ``None``."""
    block = line.programme.pre_start
    if block is None or not line.enrolment.with_pre_start:
        return None
    plan = people.work_plan(line.enrolment.person)
    days = pre_start_dates(line.days[0].on_day, block.days, plan.is_rostered)
    ticked = queries.ticked(line.enrolment.id, 0)
    return {
        "block": block,
        "first": days[0],
        "last": days[-1],
        "ticked": ticked,
        "is_open": days[0] <= line.today and line.enrolment.state == "active",
        "done": all(each.id in ticked for each in block.activities),
    }


@blueprint.get("/programme/days/<int:number>")
@requires("programme.follow")
def day(number: int) -> str:
    """Show one of one's own days with its checklist, results and signature."""
    line = queries.timeline(own_enrolment().id, now())
    return _day_page(line, day_of(line, number))


def _day_page(line: Timeline, found: DayFacts, error: str | None = None) -> str:
    signs = [found.sign] if found.sign is not None else []
    notes = queries.notes_of([one.id for one in signs])
    return render_template(
        "onboarding/day.html",
        line=line,
        day=found,
        items=_items(line, found),
        names=names_of([*(one.signed_by for one in signs), found.guide]),
        notes=notes.get(signs[0].id, []) if signs else [],
        scores=line.scores_of(found.number),
        state=presenting.state_words(found),
        error=error,
        left=sum(1 for task in found.missing() if task.by == "trainee"),
    )


def _act(number: int, act: Callable[[PersonId, EnrolmentId], object], done: str) -> Any:
    """Do an act of the trainee's own on a day and go back to it, or say there why not."""
    mine = own_enrolment()
    form = ActForm()
    if form.validate_on_submit():
        try:
            act(actor(), mine.id)
        except DomainError as error:
            line = queries.timeline(mine.id, now())
            return _day_page(line, day_of(line, number), told(error)), error.status
        flash(done, "ok")
    return redirect(url_for("onboarding.day", number=number))


@blueprint.post("/programme/days/<int:number>/activities/<activity>")
@requires("programme.follow")
def tick_activity(number: int, activity: str) -> Any:
    """Note that one did an activity (day 0: of the pre-start block)."""
    if number == 0:
        mine = own_enrolment()
        service.tick_activity(actor(), now(), mine.id, 0, activity)
        flash(_("已登记。"), "ok")
        return redirect(url_for("onboarding.my_programme"))
    return _act(
        number,
        lambda person, enrolment: service.tick_activity(person, now(), enrolment, number, activity),
        _("已登记。"),
    )


@blueprint.post("/programme/days/<int:number>/quiz")
@requires("programme.follow")
def start_quiz(number: int) -> Any:
    """Open the day's quiz and go to it."""
    sitting_id = service.start_quiz(actor(), now(), own_enrolment().id, number)
    return redirect(url_for("exams.sitting", sitting_id=sitting_id))


@blueprint.post("/programme/days/<int:number>/confirm")
@requires("day.confirm")
def confirm_day(number: int) -> Any:
    """Confirm a day; who signs it is told."""
    return _act(
        number,
        lambda person, enrolment: service.confirm_day(person, now(), enrolment, number),
        _("已确认，等签核。"),
    )


@blueprint.route("/programme/rating", methods=["GET", "POST"])
@requires("mentor.rate")
def rating() -> Any:
    """Rate mentor and programme, once, from the last day on."""
    mine = own_enrolment()
    form = RatingForm().offer()
    if form.validate_on_submit() and attempt(form, lambda: _rate(mine.id, form)):
        flash(_("已收到你的评价。"), "ok")
        return redirect(url_for("onboarding.my_programme"))
    page = render_template(
        "onboarding/rating.html", form=form, rated=queries.ratings([mine.id]).get(mine.id), enrolment=mine
    )
    return (page, 422) if form.is_submitted() else page


def _rate(enrolment_id: Any, form: RatingForm) -> None:
    service.rate(
        actor(), now(), enrolment_id, form.mentor_stars.data, form.programme_stars.data, form.text.data or ""
    )
