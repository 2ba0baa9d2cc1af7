"""Pages of performance interviews: the list, a new one, one with signatures and follow-ups."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.assessment import queries, service
from cstrain.performance.assessment.facts import Interview, NewInterview
from cstrain.performance.assessment.forms import (
    FollowForm,
    InterviewForm,
    SignForm,
    interview_form,
    named_apart,
)
from cstrain.performance.assessment.policy import MOST_ACTIONS, OUTCOME_WORDS
from cstrain.performance.assessment.views.base import (
    asked_page,
    blueprint,
    first_of,
    missing,
    month_choices,
    names_of,
    note_view,
    pager,
    today,
)
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt

_BACK = 6


@blueprint.get("/interviews")
@requires("interview.view")
def interviews() -> str:
    """List the interviews with people one sees, and the results below qualified that have none."""
    me = actor()
    seen = people.visible_people(me, "interview.view", today())
    found, total = queries.interviews_page(seen, asked_page())
    lacking = [one for one in queries.without_interview(today()) if may(me, "interview.hold", one.person_id)]
    ids = {one.person_id for one in found} | {one.held_by for one in found}
    ids |= {one.person_id for one in lacking}
    return render_template(
        "assessment/interviews.html",
        talks=found,
        total=total,
        lacking=lacking,
        names=names_of(ids),
        links=pager(total, "assessment.interviews"),
        may_hold=may(me, "interview.hold"),
    )


@blueprint.route("/interviews/new", methods=["GET", "POST"])
@requires("interview.hold")
def new_interview() -> Any:
    """Enter an interview that was held."""
    form = interview_form(_first())
    form.offer(month_choices(0, -_BACK))
    made: list[int] = []
    if form.validate_on_submit() and attempt(form, lambda: made.append(_hold(form))):
        flash(gettext("面谈已登记，本人会收到通知去签字。"), "ok")
        return redirect(url_for("assessment.interview", interview_id=made[0]))
    page = render_template("assessment/interview_new.html", form=form, most=MOST_ACTIONS)
    return page, 422 if form.is_submitted() else 200


def _first() -> dict[str, Any]:
    """Return what the address hands in: whom and which month."""
    data: dict[str, Any] = {"held_on": today(), "month": request.args.get("month", "")}
    number = request.args.get("person", type=whole)
    if number is not None and may(actor(), "interview.hold", PersonId(number)):
        data["staff_no"] = people.get_person(PersonId(number), today()).staff_no
    return data


def _hold(form: InterviewForm) -> int:
    number = (form.staff_no.data or "").upper()
    found = people.find_person_by_staff_no(number, today())
    if found is None or not may(actor(), "interview.hold", found.id):
        raise DomainError("没有保存：没有找到工号%(number)s，或者不由你面谈。请核对工号。", number=number)
    actions: list[tuple[str, date]] = []
    for text, due in form.actions():
        if not text:
            raise DomainError("没有保存：填了完成日期的，要写约定的事。")
        if due is None:
            raise DomainError("没有保存：每件约定的事都要填完成日期。")
        actions.append((text, due))
    new = NewInterview(
        found.id, first_of(form.month.data), form.held_on.data, form.discussed.data or "", tuple(actions)
    )
    return service.hold(actor(), now(), new)


def _readable(interview_id: int) -> Interview:
    found, me = queries.interview(interview_id), actor()
    if me not in {found.person_id, found.held_by} and not may(me, "interview.view", found.person_id):
        raise missing()
    return found


@blueprint.get("/interviews/<int:interview_id>")
@requires("assessment.view_own")
def interview(interview_id: int) -> str:
    """Show an interview with what was agreed on."""
    found = _readable(interview_id)
    note_view(found.person_id, "assessment.interview")
    return _page(found, SignForm(formdata=None), {})


def _page(found: Interview, form: SignForm, wrong: dict[int, FollowForm]) -> str:
    me = actor()
    follows = may(me, "interview.hold", found.person_id)
    forms = {one.id: wrong.get(one.id) or FollowForm(formdata=None) for one in found.actions}
    for number, one in forms.items():
        one.offer()
        named_apart(one, f"follow-{number}")
    noted = (note.by for one in found.actions for note in one.follow_ups)
    return render_template(
        "assessment/interview.html",
        one=found,
        own=me == found.person_id,
        names=names_of([found.person_id, found.held_by, *noted]),
        form=form,
        forms=forms,
        wrong=wrong,
        follows=follows,
        outcomes=OUTCOME_WORDS,
        today=today(),
    )


@blueprint.post("/interviews/<int:interview_id>/sign")
@requires("interview.sign")
def sign(interview_id: int) -> Any:
    """Sign an interview as the person it was held with."""
    found = _readable(interview_id)
    if found.person_id != actor():
        raise missing()
    form = SignForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.sign(actor(), now(), interview_id, form.remark.data or "")
    ):
        flash(gettext("已签字。"), "ok")
        return redirect(url_for("assessment.interview", interview_id=interview_id))
    return _page(queries.interview(interview_id), form, {}), 422


@blueprint.post("/interviews/<int:interview_id>/actions/<int:action_id>")
@requires("interview.hold")
def follow_up(interview_id: int, action_id: int) -> Any:
    """Note what became of an agreed action."""
    found = _readable(interview_id)
    demand("interview.hold", found.person_id)
    if action_id not in {one.id for one in found.actions}:
        raise missing()
    form = FollowForm()
    form.offer()
    if form.validate_on_submit() and attempt(form, lambda: _follow(interview_id, action_id, form)):
        flash(gettext("跟进已保存。"), "ok")
        return redirect(url_for("assessment.interview", interview_id=interview_id))
    return _page(queries.interview(interview_id), SignForm(formdata=None), {action_id: form}), 422


def _follow(interview_id: int, action_id: int, form: FollowForm) -> None:
    outcome, note = form.outcome.data, form.note.data or ""
    service.follow_up(actor(), now(), interview_id, action_id, outcome, note, form.due_on.data)
