"""The start page of moves, the list of all cases, a case with its steps."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import ForbiddenError, NotFoundError
from cstrain.kernel.ids import DepartmentId
from cstrain.people import queries as people
from cstrain.promotion.moves import queries, rules, service, store, wording
from cstrain.promotion.moves.facts import Case, Kind, State
from cstrain.promotion.moves.forms import (
    AnswerForm,
    EffectForm,
    ReasonForm,
    WordForm,
    named,
    points_of,
    rating_form,
    yes,
)
from cstrain.promotion.moves.queries import Duty, Eyes
from cstrain.promotion.moves.rules import Move
from cstrain.promotion.moves.service import Word
from cstrain.promotion.moves.views.common import Pages, blueprint, persons, to_case, today
from cstrain.ui.forms import CleanForm, whole
from cstrain.ui.refusal import attempt


def duty_url(duty: Duty) -> str:
    """Return the page where a duty is done."""
    if duty.succession is not None:
        return url_for("successions.show", succession_id=duty.succession.id)
    return url_for("moves.show", case_id=duty.case.id if duty.case is not None else 0)


@blueprint.get("")
@requires("move.view_own")
def index() -> str:
    """Show what waits for the reader, their own requests, and the posts that are open."""
    me = actor()
    duties = queries.duties(me, today())
    return render_template(
        "moves/index.html",
        duties=[(duty, duty_url(duty)) for duty in duties],
        mine=queries.cases(people=[me]),
        posts=queries.posts(closing_from=today()),
        names=persons(duty.person for duty in duties),
        words=wording,
        rules=store.chapter(),
        today=today(),
        may_do={
            name: may(me, f"move.{name}")
            for name in ("view", "propose", "announce", "rate", "request", "arrange")
        },
        keeps=may(me, "course.record"),
    )


@blueprint.get("/all")
@requires("move.view")
def every() -> str:
    """List the cases of everybody within the reader's reach."""
    reach = queries.reach(actor(), "move.view", today())
    ids = None
    if not reach.everywhere:
        ids = [one.id for one in people.everybody(today()) if reach.covers(one.department_id)]
    page = queries.case_page(request.args.get("page", 1, whole), ids)
    return render_template(
        "moves/all.html",
        page=page,
        pages=Pages(page.page, page.pages, "moves.every"),
        names=persons(one.person for one in page.rows),
        words=wording,
    )


def seen(case_id: int) -> tuple[Case, Eyes, DepartmentId]:
    """Return a case the reader may see; 404 for others as for none."""
    case = queries.case(case_id)
    eyes = Eyes(actor(), today())
    home = queries.homes([case], today())[case.person]
    move = rules.next_move(case)
    takes = move is not None and eyes.can_take(case, move, home)
    if not (takes or eyes.can_answer(case) or eyes.sees(case, home)):
        raise NotFoundError(store.MISSING)
    return case, eyes, home


def step_form(case: Case, move: Move) -> CleanForm:
    """Return the form of a step of a case."""
    if move.kind in rules.RATED:
        return rating_form(store.rules_of(case).initial.topics)
    return EffectForm() if move.effect else WordForm()


def case_page(case_id: int, **forms: Any) -> str:
    """Return a case's page; ``forms`` are those that were refused."""
    case, eyes, home = seen(case_id)
    move = rules.next_move(case)
    takes = move is not None and eyes.can_take(case, move, home)
    said = [one.by for one in case.acts]
    answered = case.appeal.decided_by if case.appeal is not None else None
    level = _level_so_far(case)
    return render_template(
        "moves/show.html",
        one=case,
        names=persons([case.person, case.opened_by, answered, *said]),
        move=move,
        steps=rules.remaining(case),
        form=(forms.get("step") or step_form(case, move)) if takes and move is not None else None,
        appeal=forms.get("appeal") or (named(ReasonForm(), "appeal") if _may_appeal(case, eyes) else None),
        answer=forms.get("answer") or (named(AnswerForm(), "answer") if eyes.can_answer(case) else None),
        department=people.department(case.department).name if case.department is not None else "",
        level=level,
        rules=store.rules_of(case),
        words=wording,
        may_withdraw=case.person == eyes.person == case.opened_by and case.state is State.OPEN,
    )


def _may_appeal(case: Case, eyes: Eyes) -> bool:
    refusal = case.refusal
    if case.person != eyes.person or case.state is not State.REFUSED or refusal is None or case.appeal:
        return False
    calendar = people.work_calendar(case.person)
    within = store.rules_of(case).appeal_within
    return eyes.today <= rules.appeal_until(local_date(refusal.at), calendar, within)


def _level_so_far(case: Case) -> Any:
    """Return what two ratings of the first level come to: the level's title or none, and the findings."""
    rated = {one.kind for one in case.acts} & rules.RATED
    if case.kind is not Kind.INITIAL or len(rated) < len(rules.RATED):
        return None
    ladder, step, found = queries.first_level_of(case, today())
    return {"title": ladder.titles[step.goal] if step is not None else "", "found": found}


@blueprint.get("/<int:case_id>")
@requires("move.view_own")
def show(case_id: int) -> str:
    """Show a case with what it rests on and what was said."""
    return case_page(case_id)


@blueprint.post("/<int:case_id>/take/<kind>")
@requires("move.view_own")
def take(case_id: int, kind: str) -> Any:
    """Take the step of a case that waits; the service knows whose it is."""
    case, eyes, home = seen(case_id)
    move = rules.check_taking(case, rules.next_move(case), kind, actor())
    if not eyes.can_take(case, move, home):
        raise ForbiddenError("你没有办这件事的权限，没有办。")
    form = step_form(case, move)

    def act() -> None:
        rated = move.kind in rules.RATED
        on = form["effective_on"].data if move.effect else None
        agreed = None if rated else yes(form["agreed"])
        word = Word(agreed, form["text"].data or "", on, points_of(form) if rated else {})
        service.take(actor(), now(), case_id, kind, word)

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("已保存，下一步的人会收到通知。"), "ok")
        return to_case(case_id)
    return case_page(case_id, step=form), 422


@blueprint.post("/<int:case_id>/withdraw")
@requires("move.request")
def withdraw(case_id: int) -> Any:
    """Withdraw one's own request."""
    seen(case_id)
    service.withdraw(actor(), now(), case_id)
    flash(gettext("申请已撤回。"), "ok")
    return to_case(case_id)


@blueprint.post("/<int:case_id>/appeal")
@requires("move.request")
def appeal(case_id: int) -> Any:
    """Appeal against a refusal."""
    seen(case_id)
    form = named(ReasonForm(), "appeal")
    if form.validate_on_submit() and attempt(
        form, lambda: service.appeal(actor(), now(), case_id, form.reason.data or "")
    ):
        flash(gettext("申诉已提交，由没有参与这件事的人答复。"), "ok")
        return to_case(case_id)
    return case_page(case_id, appeal=form), 422


@blueprint.post("/<int:case_id>/answer")
@requires("move.decide_appeal")
def answer(case_id: int) -> Any:
    """Answer an appeal."""
    seen(case_id)
    form = named(AnswerForm(), "answer")
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.answer_appeal(
            actor(), now(), case_id, form.text.data or "", granted=yes(form.agreed)
        ),
    ):
        flash(gettext("答复已保存，本人会收到通知。"), "ok")
        return to_case(case_id)
    return case_page(case_id, answer=form), 422
