"""Rounds of defences: the list, issuing one, running it."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import local_date, now, zone
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.promotion.applications import grounds, queries, service, store
from cstrain.promotion.applications.facts import RoundFacts, State
from cstrain.promotion.applications.forms import JudgeForm, JurorForm, RoundForm
from cstrain.promotion.applications.policy import TIE_WORDS
from cstrain.promotion.applications.service import NewRound
from cstrain.promotion.applications.views.base import defences, names_of, saved
from cstrain.ui.refusal import attempt

_SEEDS = 1_000_000
TIME_WORDS = {
    "speech_from": "述职开始",
    "speech_to": "述职结束",
    "answers_from": "问答开始",
    "answers_to": "问答结束",
}
"""The moments of a defence in words (message ids)."""


@defences.get("")
@requires("defence.score")
def index() -> str:
    """List the rounds one sits in; who arranges them sees all."""
    me = actor()
    arranges = may(me, "defence.arrange")
    found = queries.rounds() if arranges else queries.rounds(juror=me)
    return render_template("applications/defences.html", rounds=found, arranges=arranges, myself=me)


@defences.route("/new", methods=["GET", "POST"])
@requires("defence.arrange")
def new() -> Any:
    """Issue a round: plan, day, place, applicants, jurors."""
    form = _round_form()
    if form.validate_on_submit():
        made: list[int] = []
        if attempt(form, lambda: made.append(_issue(form))):
            flash(gettext("答辩已安排，评委和申请人会收到通知。"), "ok")
            return redirect(url_for("defences.show", round_id=made[0]))
    page = render_template("applications/round_new.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _issue(form: RoundForm) -> int:
    new_round = NewRound(
        title=form.title.data,
        plan=form.plan.data,
        starts_at=form.starts_at.data.replace(tzinfo=zone()),
        place=form.place.data,
        panel_ref=form.panel.data,
        applications=tuple(form.applications.data),
        jurors=tuple(PersonId(one) for one in form.jurors.data),
    )
    return service.issue_round(actor(), now(), new_round, secrets.randbelow(_SEEDS) + 1)


def _round_form() -> RoundForm:
    on = local_date(now())
    waiting = queries.applications(states=[State.CHECKED])
    arranged = {entry.application_id for one in queries.rounds() for entry in one.entries}
    ready = [one for one in waiting if one.id not in arranged and one.person_id != actor()]
    names = names_of(one.person_id for one in ready)
    panels = store.chapter().panels
    able = {one.id: one for panel in panels for one in queries.possible_jurors(panel, on)}
    form = RoundForm()
    form.offer(
        [(one.ref, one.title) for one in panels],
        [(one.id, f"{names[one.person_id].name}：{_goal(one)}") for one in ready],
        [(one.id, f"{one.name} {one.department_name}") for one in able.values()],
    )
    return form


def _goal(one: Any) -> str:
    ladder, _step = grounds.step_of(one)
    return ladder.titles[one.goal_level]


def _seen(round_id: int) -> RoundFacts:
    """Return a round one arranges or sits in, and in which one has no application."""
    found = queries.round_facts(round_id)
    me = actor()
    if any(entry.person_id == me for entry in found.entries):
        raise NotFoundError(store.MISSING)
    if me not in found.jurors and not may(me, "defence.arrange"):
        raise NotFoundError(store.MISSING)
    return found


@defences.get("/<int:round_id>")
@requires("defence.score")
def show(round_id: int) -> str:
    """Show a round: order, questions, times, who has declared and sealed. No score is on this page."""
    return _page(_seen(round_id))


def _page(found: RoundFacts, error: str = "") -> str:
    me, on = actor(), local_date(now())
    panel = store.panel_of(found.panel_ref, found.edition)
    arranges = may(me, "defence.arrange")
    ids = [*found.jurors, *(one.person_id for one in found.entries)]
    names = names_of(ids)
    juror = JurorForm(formdata=None)
    juror.offer((one.id, one.name) for one in queries.possible_jurors(panel, on, ids))
    judge = JudgeForm(formdata=None)
    judge.offer(unsure=True)
    return render_template(
        "applications/round.html",
        round=found,
        panel=panel,
        names=names,
        arranges=arranges,
        sits=me in found.jurors,
        myself=me,
        juror_form=juror,
        time_words=TIME_WORDS,
        tie_words=TIE_WORDS,
        error=error,
    )


@defences.post("/<int:round_id>/jurors")
@requires("defence.arrange")
def name_juror(round_id: int) -> Any:
    """Name one more juror."""
    found = _seen(round_id)
    form = JurorForm()
    taken = [*found.jurors, *(one.person_id for one in found.entries)]
    panel = store.panel_of(found.panel_ref, found.edition)
    form.offer((one.id, one.name) for one in queries.possible_jurors(panel, local_date(now()), taken))
    if form.validate_on_submit():
        service.name_juror(actor(), now(), round_id, PersonId(form.person.data))
        flash(saved(), "ok")
        return redirect(url_for("defences.show", round_id=round_id))
    return _page(found, gettext("没有保存：请选择一位评委。")), 422


@defences.post("/entries/<int:entry_id>/time/<what>")
@requires("defence.arrange")
def time(entry_id: int, what: str) -> Any:
    """Note a moment of the defence as now."""
    found = queries.entry(entry_id)
    demand("defence.arrange", found.person_id)
    service.note_time(actor(), now(), entry_id, what)
    flash(saved(), "ok")
    return redirect(url_for("defences.show", round_id=found.round_id))


@defences.route("/entries/<int:entry_id>/jurors/<int:juror_id>", methods=["GET", "POST"])
@requires("defence.arrange")
def judge(entry_id: int, juror_id: int) -> Any:
    """Judge whether a juror is out for this applicant."""
    found = queries.entry(entry_id)
    demand("defence.arrange", found.person_id)
    juror = found.juror(PersonId(juror_id))
    if juror is None:
        raise NotFoundError(store.MISSING)
    form = JudgeForm()
    form.offer(unsure=juror.seat.value == "unsure")
    names = names_of([found.person_id, juror.person_id])
    back = url_for("defences.show", round_id=found.round_id)
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.judge_ties(
            actor(),
            now(),
            entry_id,
            juror.person_id,
            excluded=form.excluded.data == "yes",
            why=form.why.data,
        ),
    ):
        flash(saved(), "ok")
        return redirect(back)
    text = {
        "title": gettext("回避"),
        "heading": gettext(
            "%(juror)s要不要回避%(name)s的答辩",
            juror=names[juror.person_id].name,
            name=names[found.person_id].name,
        ),
        "lead": gettext("回避以后不能再参加这位申请人的评分。"),
        "button": gettext("保存"),
    }
    page = render_template("applications/act.html", form=form, words=text, back=back)
    return page, 422 if form.is_submitted() else 200
