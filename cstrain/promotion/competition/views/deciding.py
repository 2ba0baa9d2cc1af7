"""The calculation sheet, the choice, the trial."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion.competition import queries, service, store
from cstrain.promotion.competition.facts import Competition, Phase
from cstrain.promotion.competition.forms import AnswerForm, ChoiceForm, TrialForm, ids_of, one_of_several, yes
from cstrain.promotion.competition.presenting import Sheet, calculation_sheet
from cstrain.promotion.competition.views.common import back, blueprint, persons, today
from cstrain.promotion.competition.views.pages import choices_of, page_of
from cstrain.ui.refusal import attempt


def calculated(competition_id: int) -> tuple[Competition, Sheet]:
    """Return the calculation sheet for who is concerned; 404 for others and before it was made."""
    one = queries.competition(competition_id, today())
    found = queries.find_calculation(one.id)
    if found is None or not queries.concerned(actor(), one, queries.progress(one, today())):
        raise NotFoundError(store.MISSING)
    candidates = {each.id: each for each in queries.candidates_of([one.id])}
    names = persons(each.person for each in candidates.values())
    return one, calculation_sheet(found, {key: names[each.person] for key, each in candidates.items()})


@blueprint.get("/<int:competition_id>/calculation")
@requires("competition.view")
def calculation(competition_id: int) -> str:
    """Show the calculation so that anybody concerned can work it out again."""
    one, sheet = calculated(competition_id)
    return render_template("competition/calculation.html", one=one, sheet=sheet)


@blueprint.post("/<int:competition_id>/choice")
@requires("competition.decide")
def choose(competition_id: int) -> Any:
    """Propose who goes on trial."""
    one = queries.competition(competition_id, today())
    form = one_of_several(ChoiceForm(), "choice")
    candidates = {each.id: each for each in queries.candidates_of([one.id])}
    form.offer(choices_of(one, candidates, persons(each.person for each in candidates.values())))
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.propose_choice(
            actor(), now(), competition_id, ids_of(form.chosen), form.starts_on.data, form.reason.data or ""
        ),
    ):
        flash(gettext("已提出，等另一个人确认。"), "ok")
        return back(competition_id)
    return page_of(competition_id, choice=form), 422


@blueprint.post("/candidates/<int:candidate_id>/trial")
@requires("competition.decide")
def trial(candidate_id: int) -> Any:
    """Propose how a trial ended."""
    found = queries.candidate(candidate_id)
    prefix = f"trial{candidate_id}"
    form = one_of_several(TrialForm(), prefix)
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.propose_trial_end(
            actor(), now(), candidate_id, confirmed=yes(form.confirmed), reason=form.reason.data or ""
        ),
    ):
        flash(gettext("已提出，等另一个人确认。"), "ok")
        return back(found.competition)
    return page_of(found.competition, **{prefix: form}), 422


@blueprint.post("/<int:competition_id>/acts/<int:act_id>")
@requires("competition.decide")
def answer_act(competition_id: int, act_id: int) -> Any:
    """Agree to a proposal or send it back."""
    one = queries.competition(competition_id, today())
    if one.phase not in {Phase.CALCULATED, Phase.DECIDED} or not any(
        act.id == act_id for act in queries.acts_of(one.id)
    ):
        raise NotFoundError(store.MISSING)
    prefix = f"answer{act_id}"
    form = one_of_several(AnswerForm(), prefix)
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.answer_act(
            actor(), now(), act_id, agreed=yes(form.agreed), text=form.text.data or ""
        ),
    ):
        flash(gettext("已完成。"), "ok")
        return back(competition_id)
    return page_of(competition_id, **{prefix: form}), 422
