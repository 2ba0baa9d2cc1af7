"""Applying, the application form, the department's opinion, HR's check."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError
from cstrain.promotion.competition import queries, service
from cstrain.promotion.competition.facts import Candidate, Check, Competition, Phase
from cstrain.promotion.competition.forms import ApplyForm, CheckForm, OpinionForm, yes
from cstrain.promotion.competition.presenting import with_days
from cstrain.promotion.competition.service.apply import SAID
from cstrain.promotion.competition.views.common import back, blueprint, persons, shown_candidate, today
from cstrain.promotion.competition.wording import CHECK_WORDS
from cstrain.ui.refusal import attempt, told

_EXAMINING = {Phase.OPEN, Phase.CHECKING}


def _apply_page(one: Competition, form: ApplyForm) -> str:
    known = with_days(queries.known_of(actor(), today()))
    return render_template("competition/apply.html", one=one, form=form, known=known, said=SAID)


@blueprint.get("/<int:competition_id>/apply")
@requires("competition.apply")
def apply_form(competition_id: int) -> str:
    """Show the application form, filled with what the system knows; to who may not apply, why."""
    one = queries.competition(competition_id, today())
    why = queries.barred(actor(), one, queries.candidates_of([one.id]), today())
    return _barred_page(one, why) if why is not None else _apply_page(one, ApplyForm())


def _barred_page(one: Competition, why: DomainError) -> str:
    url = url_for("competitions.show", competition_id=one.id)
    return render_template(
        "promotion/barred.html",
        heading=gettext("你现在不能报名“%(post)s”", post=one.post),
        why=told(why),
        clause="",
        crumb=(url, one.post),
        doors=[(url, gettext("看这次竞聘")), (url_for("competitions.index"), gettext("全部竞聘"))],
    )


@blueprint.post("/<int:competition_id>/apply")
@requires("competition.apply")
def apply(competition_id: int) -> Any:
    """Apply for the post."""
    one = queries.competition(competition_id, today())
    form = ApplyForm()
    said = {name: form[name].data or "" for name in SAID}
    if form.validate_on_submit() and attempt(
        form, lambda: service.apply(actor(), now(), competition_id, said)
    ):
        flash(gettext("报名表已提交，等现部门填写意见。"), "ok")
        return back(competition_id)
    return _apply_page(one, form), 422


@blueprint.get("/candidates/<int:candidate_id>")
@requires("competition.view")
def candidate(candidate_id: int) -> str:
    """Show an application to who may read it."""
    return _candidate_page(*shown_candidate(candidate_id))


def _candidate_page(one: Competition, candidate: Candidate, **forms: Any) -> str:
    me = actor()
    examining = one.phase in _EXAMINING and candidate.person != me and candidate.check is not Check.WITHDRAWN
    opines = examining and candidate.opinion is None and may(me, "competition.opine", candidate.person)
    checks = examining and candidate.opinion is not None and may(me, "competition.check", candidate.person)
    checked_by_me = candidate.checked is not None and candidate.checked.by == me
    given = [event.by for event in (candidate.opinion, candidate.checked) if event is not None]
    return render_template(
        "competition/candidate.html",
        one=one,
        candidate=candidate,
        known=with_days(candidate.known),
        names=persons([candidate.person, *(each for each in given if each is not None)]),
        said=[(ApplyForm(formdata=None)[name].label.text, candidate.said[name]) for name in SAID],
        opinion=(forms.get("opinion") or OpinionForm(formdata=None)) if opines else None,
        check=(forms.get("check") or CheckForm(formdata=None)) if checks and not checked_by_me else None,
        may_withdraw=candidate.person == me
        and candidate.check is not Check.WITHDRAWN
        and one.phase in {*_EXAMINING, Phase.RATING},
        checks=CHECK_WORDS,
    )


@blueprint.post("/candidates/<int:candidate_id>/withdraw")
@requires("competition.apply")
def withdraw(candidate_id: int) -> Any:
    """Withdraw one's own application."""
    one, _mine = shown_candidate(candidate_id)
    service.withdraw(actor(), now(), candidate_id)
    flash(gettext("报名已撤回。"), "ok")
    return back(one.id)


@blueprint.post("/candidates/<int:candidate_id>/opinion")
@requires("competition.opine")
def opinion(candidate_id: int) -> Any:
    """Give the present department's opinion."""
    one, found = shown_candidate(candidate_id)
    form = OpinionForm()
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.give_opinion(
            actor(), now(), candidate_id, agrees=yes(form.agrees), text=form.text.data or ""
        ),
    ):
        flash(gettext("部门意见已提交。"), "ok")
        return redirect(url_for("competitions.candidate", candidate_id=candidate_id))
    return _candidate_page(one, found, opinion=form), 422


@blueprint.post("/candidates/<int:candidate_id>/check")
@requires("competition.check")
def check(candidate_id: int) -> Any:
    """HR's check: pass, or send back with the clause."""
    one, found = shown_candidate(candidate_id)
    form = CheckForm()
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.check(
            actor(),
            now(),
            candidate_id,
            passes=yes(form.passes),
            clause=form.clause.data or "",
            note=form.note.data or "",
        ),
    ):
        flash(gettext("审查结论已保存，本人会收到通知。"), "ok")
        return back(one.id)
    return _candidate_page(one, found, check=form), 422
