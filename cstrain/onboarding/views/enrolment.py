"""A trainee's pages for everybody who may see them: the whole way, and one day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now, session, zone
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import EnrolmentId, PersonId
from cstrain.onboarding import presenting, queries, service
from cstrain.onboarding.facts import DayFacts, Timeline
from cstrain.onboarding.forms import ActForm, ExamForm, NoteForm, SignForm
from cstrain.onboarding.policy import DECISION_WORDS
from cstrain.onboarding.presenting.words import _
from cstrain.onboarding.rules.dates import days_over, window_end
from cstrain.onboarding.slots import Panel, panels
from cstrain.onboarding.views.base import (
    blueprint,
    day_of,
    may_enter_sheet,
    names_of,
    rights,
    seen_timeline,
    sittings_by_paper,
    unpublished_years,
    visible_enrolment,
)
from cstrain.people.facts import PersonFacts
from cstrain.ui.refusal import told


@blueprint.get("/enrolments/<int:enrolment_id>")
@requires("enrolment.view")
def enrolment(enrolment_id: int) -> str:
    """Show somebody's way: timeline, gates, scores, sheets, signatures, mentors, changes of dates."""
    line, person = seen_timeline(enrolment_id)
    found = EnrolmentId(enrolment_id)
    mentors = queries.mentor_history(found)
    replans = queries.replans_of(found)
    moments = queries.moments_of(found)
    own = actor() == person.id
    return render_template(
        "onboarding/enrolment.html",
        line=line,
        person=person,
        own=own,
        may=rights(person.id),
        heading=_heading(line, person),
        unpublished=unpublished_years(line),
        weeks=presenting.strip_weeks(line, presenting.staff_day_url(line)),
        record=queries.training_record(line),
        scores=presenting.score_rows(line) if own or may(actor(), "score.view", person.id) else None,
        mentors=mentors,
        mentor_load=queries.loads(local_date(now())).get(line.mentor.mentor, 0) if line.mentor else 0,
        rules=queries.onboarding_rules(),
        replans=replans,
        moments=moments,
        panels=panels(found, now()),
        over=days_over(line.last_day, person.hire_date, line.programme.window_days),
        limit=window_end(person.hire_date, line.programme.window_days),
        names=names_of(_people_on(line, mentors, replans, moments)),
        state_words=presenting.state_words,
        sheet_says=presenting.sheet_says,
        decisions=DECISION_WORDS,
        others=[one for one in queries.enrolments_of(person.id) if one.id != found],
    )


def _heading(line: Timeline, person: PersonFacts) -> str:
    day = line.current
    signed = len(line.signed)
    if not line.enrolment.is_open:
        return _("%(name)s：培训已结束，签核%(n)s天", name=person.name, n=signed)
    if line.enrolment.state == "paused":
        return _("%(name)s：培训暂停中，签核%(n)s天", name=person.name, n=signed)
    if day is None:
        return _("%(name)s：还没开始", name=person.name)
    return _("%(name)s：第%(number)s天，签核%(n)s天", name=person.name, number=day.number, n=signed)


def _people_on(line: Timeline, mentors: Any, replans: Any, moments: Any) -> list[PersonId | None]:
    return [
        *(sign.signed_by for sign in line.signed),
        *(one.mentor for one in mentors),
        *(one.assigned_by for one in mentors),
        *(one.by for one in replans),
        *(one.by for one in moments),
        *(day.guide for day in line.days),
        *(sheet.entered_by for sheet in line.sheets),
        *(decision.decided_by for gate in line.gates for decision in gate.decisions),
    ]


@blueprint.get("/enrolments/<int:enrolment_id>/days/<int:number>")
@requires("enrolment.view")
def enrolment_day(enrolment_id: int, number: int) -> str:
    """Show a day of somebody: its parts, results, score sheets, signature; what the reader may do there."""
    line, person = seen_timeline(enrolment_id)
    return _day_page(line, person, day_of(line, number))


def _day_page(
    line: Timeline,
    person: PersonFacts,
    day: DayFacts,
    sign_form: SignForm | None = None,
    errors: list[str] | None = None,
    note_form: NoteForm | None = None,
) -> str:
    sheets = [one for one in queries.sheets_of([line.enrolment.id]) if one.day_number == day.number]
    sign = day.sign
    notes = queries.notes_of([sign.id]).get(sign.id, []) if sign is not None else []
    people = [sign.signed_by if sign is not None else None, day.guide, *(one.entered_by for one in sheets)]
    return render_template(
        "onboarding/enrolment_day.html",
        line=line,
        person=person,
        day=day,
        may=rights(person.id) | {"sheet": may_enter_sheet(line, day.number)},
        reader=actor(),
        waiting=queries.waiting_day(line, day.number, person),
        signs=_signs(line, day),
        sign_form=sign_form or SignForm(prefix="day-").offer(),
        note_form=note_form or NoteForm(formdata=None),
        exam_form=ExamForm(formdata=None),
        papers=line.programme.day_papers(day.number),
        panels=_conversion_panels(line, day),
        sittings=sittings_by_paper(line, day.number),
        sheets=sheets,
        specs={kind: queries.onboarding_rules().sheet(kind) for kind in day.spec.sheets},
        notes=notes,
        names=names_of(people),
        state=presenting.state_words(day),
        sheet_says=presenting.sheet_says,
        exam_says=presenting.exam_says,
        scores=line.scores_of(day.number) if may(actor(), "score.view", person.id) else (),
        errors=errors or [],
        now=now(),
    )


def _conversion_panels(line: Timeline, day: DayFacts) -> list[Panel]:
    """Return on the day of the conversion papers where these are arranged."""
    conversion = line.programme.conversion
    is_theirs = conversion is not None and conversion.day == day.number
    return panels(line.enrolment.id, now()) if is_theirs else []


def _signs(line: Timeline, day: DayFacts) -> bool:
    """Tell whether the reader is the one who signs this day today."""
    if actor() == line.enrolment.person or day.sign is not None:
        return False
    if day.spec.signed_by == "guide":
        return day.guide == actor()
    mentor = line.mentor.mentor if line.mentor is not None else None
    return actor() in {mentor, *(one.mentor for one in line.substitutes)}


def _again(enrolment_id: int, number: int, error: DomainError, form: SignForm | None = None) -> Any:
    """Show the day again with the reason why something was not done."""
    session().rollback()
    line, person = seen_timeline(enrolment_id)
    return _day_page(line, person, day_of(line, number), form, [told(error)]), error.status


def _act(enrolment_id: int, number: int, act: Callable[[], object], done: str) -> Any:
    if ActForm().validate_on_submit():
        try:
            act()
        except DomainError as error:
            return _again(enrolment_id, number, error)
        flash(done, "ok")
    return redirect(url_for("onboarding.enrolment_day", enrolment_id=enrolment_id, number=number))


@blueprint.post("/enrolments/<int:enrolment_id>/days/<int:number>/activities/<activity>")
@requires("day.sign")
def tick_for_trainee(enrolment_id: int, number: int, activity: str) -> Any:
    """Note that an activity led by mentor or guide was done."""
    visible_enrolment(enrolment_id, "day.sign")
    return _act(
        enrolment_id,
        number,
        lambda: service.tick_activity(actor(), now(), EnrolmentId(enrolment_id), number, activity),
        _("已登记。"),
    )


@blueprint.post("/enrolments/<int:enrolment_id>/days/<int:number>/sign")
@requires("day.sign")
def sign_one(enrolment_id: int, number: int) -> Any:
    """Sign one day."""
    visible_enrolment(enrolment_id, "day.sign")
    form = SignForm(request.form, prefix="day-").offer()
    if not form.validate():
        line, person = seen_timeline(enrolment_id)
        return _day_page(line, person, day_of(line, number), form), 422
    if ActForm().validate_on_submit():
        try:
            service.sign_day(
                actor(), now(), EnrolmentId(enrolment_id), number, form.state.data, form.remark.data or ""
            )
        except DomainError as error:
            return _again(enrolment_id, number, error, form)
        flash(_("已签核第%(number)s天。", number=number), "ok")
    return redirect(url_for("onboarding.enrolment_day", enrolment_id=enrolment_id, number=number))


@blueprint.post("/enrolments/<int:enrolment_id>/days/<int:number>/notes/<int:sign_off_id>")
@requires("day.sign")
def add_note(enrolment_id: int, number: int, sign_off_id: int) -> Any:
    """Add to one's own signature what was wrong in it."""
    visible_enrolment(enrolment_id, "enrolment.view")
    form = NoteForm()
    if not form.validate_on_submit():
        line, person = seen_timeline(enrolment_id)
        return _day_page(line, person, day_of(line, number), note_form=form), 422
    text = form.text.data or ""
    return _act(
        enrolment_id, number, lambda: service.add_note(actor(), now(), sign_off_id, text), _("已追加更正。")
    )


@blueprint.post("/enrolments/<int:enrolment_id>/days/<int:number>/exam")
@requires("sitting.arrange")
def arrange_exam(enrolment_id: int, number: int) -> Any:
    """Arrange the day's papers for one trainee, in a window of one's own choice or by the chapter."""
    visible_enrolment(enrolment_id)
    form = ExamForm()
    window = None
    if form.opens_at.data is not None and form.closes_at.data is not None:
        window = (
            form.opens_at.data.replace(tzinfo=zone()),
            form.closes_at.data.replace(tzinfo=zone()),
        )
    place = form.place.data or ""
    return _act(
        enrolment_id,
        number,
        lambda: service.schedule_day_exam(
            actor(), now(), EnrolmentId(enrolment_id), number, window=window, place=place
        ),
        _("考试已安排，学员会收到通知。"),
    )
