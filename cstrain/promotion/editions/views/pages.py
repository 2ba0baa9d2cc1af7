"""The list of ladders with their editions, and one edition with what it changed."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion import ladders, presenting
from cstrain.promotion.editions import queries, rules, store
from cstrain.promotion.editions.facts import Changed, Due
from cstrain.promotion.editions.forms import AcknowledgeForm
from cstrain.promotion.editions.views.base import (
    FIELD_WORDS,
    STAGE_WORDS,
    blueprint,
    persons,
    today,
)
from cstrain.promotion.views.simulating import PARAMETER_WORDS


@blueprint.get("/editions")
@requires("edition.view")
def index() -> str:
    """List the ladders with their editions, and what waits for the reader."""
    on = today()
    every = queries.made()
    waiting = queries.waiting_for(actor(), on)
    tracked = queries.acknowledged(on) if may(actor(), "edition.track") else []
    return render_template(
        "editions/index.html",
        ladders=ladders.ladders(on),
        coming=[one for one in queries.approved_ladders() if one.effective_from > on],
        open={one.ref: one for one in every if one.is_open},
        closed=[one for one in every if not one.is_open][:20],
        waiting=waiting,
        tracked=tracked,
        names=persons(person for one in every for person in one.people),
        stages=STAGE_WORDS,
        may_draft=may(actor(), "edition.draft"),
        may_verify=may(actor(), "decision.verify"),
    )


@blueprint.get("/editions/mine")
@requires("career.view_own")
def mine() -> str:
    """List the editions that bind the reader; what is still to be acknowledged comes first."""
    due = queries.due_for(actor(), today())
    return render_template("editions/mine.html", due=due, waiting=[one for one in due if one.at is None])


@blueprint.get("/editions/<ref>/<int:number>")
@requires("career.view_own")
def edition(ref: str, number: int) -> str:
    """Show an edition: what it changed, clause by clause, who approved it; and its acknowledgement."""
    return edition_page(ref, number, AcknowledgeForm(formdata=None))


def edition_page(ref: str, number: int, form: AcknowledgeForm) -> str:
    """Render an edition's page; ``form`` keeps what was refused."""
    every = ladders.editions(ref)
    shown = next((one for one in every if one.edition == number), None)
    if shown is None:
        raise NotFoundError(store.MISSING)
    before = next((one for one in every if one.edition == number - 1), None)
    return render_template(
        "editions/edition.html",
        ladder=shown,
        before=before,
        on=today(),
        changes=rules.differences(before, shown) if before is not None else [],
        due=_due(ref, number),
        form=form,
        **wording(shown, before or shown),
    )


def _due(ref: str, number: int) -> Due | None:
    due = queries.due_for(actor(), today())
    return next((one for one in due if (one.ladder.ref, one.ladder.edition) == (ref, number)), None)


def wording(after: Ladder, before: Ladder) -> dict[str, Any]:
    """Return the words with which templates say what differs."""
    titles = {**before.titles, **after.titles}

    def step_word(change: Changed) -> str:
        if change.step is None:
            return str(gettext("整条通道"))
        start, goal = change.step
        return f"{titles.get(start or '', gettext('起点'))} → {titles.get(goal, goal)}"

    def value_word(name: str) -> str:
        part, _dot, last = name.rpartition(".")
        word = FIELD_WORDS.get(last) or PARAMETER_WORDS.get(last) or last
        return gettext("第%(n)s部分的%(word)s", n=part, word=word) if part else str(word)

    return {
        "step_word": step_word,
        "value_word": value_word,
        "acts": presenting.ACT_WORDS,
        "roads": presenting.ROAD_WORDS,
    }
