"""The list of competitions, a competition's page, announcing and ending one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.competition import queries, service, store
from cstrain.promotion.competition.facts import Act, Candidate, Competition, Phase
from cstrain.promotion.competition.forms import (
    AnswerForm,
    ChoiceForm,
    NewForm,
    ReasonForm,
    RecuseForm,
    TrialForm,
    one_of_several,
)
from cstrain.promotion.competition.service import NewCompetition
from cstrain.promotion.competition.views.common import back, blueprint, persons, today
from cstrain.promotion.competition.wording import CHECK_WORDS, PHASE_WORDS, lacks
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of the list is shown, and where the others are."""

    page: int
    pages: int

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return url_for("competitions.index", page=number)


@blueprint.get("")
@requires("competition.view")
def index() -> str:
    """List the competitions, and what waits for the reader."""
    duties = queries.duties(actor(), today())
    page = queries.competitions(today(), request.args.get("page", 1, whole))
    return render_template(
        "competition/index.html",
        page=page,
        pages=Pages(page.page, page.pages),
        duties=duties,
        mine={one.competition: one for one in queries.applications_of(actor())},
        names=persons(each.candidate.person for each in duties if each.candidate),
        phases=PHASE_WORDS,
        checks=CHECK_WORDS,
        may_announce=may(actor(), "competition.manage"),
    )


def _new_form() -> NewForm:
    form = NewForm()
    form.offer([(one.id, one.name) for one in people.departments(active_only=True)])
    return form


@blueprint.get("/new")
@requires("competition.manage")
def new() -> str:
    """Show the form of a new competition."""
    return render_template("competition/new.html", form=_new_form(), rules=store.chapter())


@blueprint.post("/new")
@requires("competition.manage")
def announce() -> Any:
    """Announce a competition."""
    form = _new_form()
    made: list[int] = []

    def act() -> None:
        given = NewCompetition(
            form.post.data or "",
            form.department.data,
            form.seats.data or 0,
            form.notice.data or "",
            form.opens_on.data,
            form.closes_on.data,
        )
        made.append(service.announce(actor(), now(), given))

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("竞聘已发布，全体员工都能看到。"), "ok")
        return back(made[0])
    return render_template("competition/new.html", form=form, rules=store.chapter()), 422


@blueprint.get("/<int:competition_id>")
@requires("competition.view")
def show(competition_id: int) -> str:
    """Show a competition: the notice to everybody, the rest to whom it concerns."""
    return page_of(competition_id)


def page_of(competition_id: int, error: str = "", **forms: Any) -> str:
    """Render a competition's page; ``forms`` (by prefix) were refused and keep what was typed."""
    one = queries.competition(competition_id, today())
    me = actor()
    candidates = queries.candidates_of([one.id])
    mine = next((each for each in candidates if each.person == me), None)
    state = queries.progress(one, today())
    acts = queries.acts_of(one.id)
    runs = may(me, "competition.view_all") and mine is None
    found = queries.find_calculation(one.id)
    by_id = {each.id: each for each in candidates}
    names = _names(one, candidates, acts)
    return render_template(
        "competition/show.html",
        one=one,
        mine=mine,
        candidates=candidates if runs else [],
        by_id=by_id,
        names=names,
        state=state,
        missing=[lacks(each, _by_candidate(candidates, names), one.rules) for each in state.missing],
        duties=[each for each in queries.duties(me, today()) if each.competition.id == one.id],
        events=[each for each in queries.events_of(one.id) if each.kind in {"ended", "recused"}],
        acts=acts if runs else [],
        trials=queries.trials_of(one.id),
        **_notices(one, by_id),
        runs=runs,
        manages=may(me, "competition.manage") and mine is None,
        decides=may(me, "competition.decide") and mine is None,
        sees_calculation=found is not None and queries.concerned(me, one, state),
        phases=PHASE_WORDS,
        checks=CHECK_WORDS,
        may_apply=queries.may_apply(me, one, candidates, today()),
        error=error,
        **_forms(one, state, names, by_id, forms),
    )


def _notices(one: Competition, by_id: dict[int, Candidate]) -> dict[str, Any]:
    """Return the notices about who was chosen, and what the reader may do about them."""
    found, me = queries.notices_of(one.id), actor()
    rival = any(each.person == me for each in by_id.values())
    ids = [each.id for each in found.values()]
    waiting = {one: sum(each.finding is None for each in queries.objections(one)) for one in ids}
    return {
        "notices": found,
        "waiting_objections": waiting,
        "publishes": may(me, "public_notice.publish") and not rival,
        "needs_notice": queries.notice_days(one.rules.role, today()) is not None,
        "today": today(),
    }


def _by_candidate(candidates: list[Candidate], names: dict[PersonId, Any]) -> dict[int, str]:
    return {each.id: names[each.person].name for each in candidates}


def _names(one: Competition, candidates: list[Candidate], acts: list[Act]) -> dict[PersonId, Any]:
    ids = {each.person for each in candidates} | {one.opened_by}
    ids |= {each.person for each in queries.panel_of(one.id)} | queries.colleagues_of(one.id)
    ids |= {each for act in acts for each in (act.proposed_by, act.answered_by) if each is not None}
    return persons(ids)


def _forms(
    one: Competition,
    state: queries.Progress,
    names: dict[PersonId, Any],
    by_id: dict[int, Candidate],
    refused: dict[str, Any],
) -> dict[str, Any]:
    """Return the page's small forms, those that were refused in place of fresh ones."""
    recuse = refused.get("recuse") or one_of_several(RecuseForm(formdata=None), "recuse")
    sitting = [each.person for each in state.panel if each.recused is None]
    able = queries.able_to_take_over(one, state, today()) if one.phase is Phase.RATING else []
    recuse.offer([(each, names[each].name) for each in sitting], [(each.id, each.name) for each in able])
    choice = refused.get("choice") or one_of_several(ChoiceForm(formdata=None), "choice")
    choice.offer(choices_of(one, by_id, names))
    return {
        "recuse": recuse,
        "choice": choice,
        "end": refused.get("end") or one_of_several(ReasonForm(formdata=None), "end"),
        "answers": {
            act.id: refused.get(f"answer{act.id}")
            or one_of_several(AnswerForm(formdata=None), f"answer{act.id}")
            for act in queries.acts_of(one.id)
        },
        "endings": {
            each: refused.get(f"trial{each}") or one_of_several(TrialForm(formdata=None), f"trial{each}")
            for each in by_id
        },
        "refused": next(iter(refused), ""),
    }


def choices_of(
    one: Competition, by_id: dict[int, Candidate], names: dict[PersonId, Any]
) -> list[tuple[int, str]]:
    """Return the candidates in the order of the ranking, to be chosen from; none before the calculation."""
    found = queries.find_calculation(one.id)
    places = found.places if found else ()
    return [
        (
            each.scored.candidate,
            gettext(
                "第%(rank)s名 %(name)s", rank=each.rank, name=names[by_id[each.scored.candidate].person].name
            ),
        )
        for each in places
    ]


@blueprint.post("/<int:competition_id>/end")
@requires("competition.manage")
def end(competition_id: int) -> Any:
    """End a competition before anybody is chosen."""
    form = one_of_several(ReasonForm(), "end")
    if form.validate_on_submit() and attempt(
        form, lambda: service.end(actor(), now(), competition_id, form.reason.data or "")
    ):
        flash(gettext("竞聘已终止。"), "ok")
        return redirect(url_for("competitions.index"))
    return page_of(competition_id, end=form), 422
