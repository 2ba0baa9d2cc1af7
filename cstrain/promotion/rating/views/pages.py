"""The list of ratings with one's own, and the sheet of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from cstrain.access import actor, may, requires
from cstrain.people import queries as people
from cstrain.promotion.rating import presenting, queries, store
from cstrain.promotion.rating.facts import Line, Outcome, Run, Stage, Why
from cstrain.promotion.rating.forms import AnswerForm, ProposeForm, named
from cstrain.promotion.rating.presenting import Pages, Wanted
from cstrain.promotion.rating.views.base import blueprint, persons, shown_lines, today
from cstrain.ui.forms import whole

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A run in the list, with what it came to for the people one may see."""

    run: Run
    counts: list[tuple[Outcome, int]]


@blueprint.get("")
@requires("rating.view_own")
def index() -> str:
    """List one's own ratings, and the runs of those one may see."""
    return index_page()


def index_page(error: str = "") -> str:
    """Render the list; ``error``: why a run was not started."""
    me = actor()
    mine = queries.lines_of(me)
    return render_template(
        "rating/index.html",
        mine=mine,
        runs={one.id: one for one in queries.runs()},
        rows=_rows() if may(me, "rating.view") else [],
        stages={line.id: queries.stages(line.run, [line], today())[line.id] for line in mine[:1]},
        candidates=_candidates() if may(me, "rating.run") else [],
        duties=[one for one in queries.duties(me, today()) if one.run is not None],
        words=presenting,
        duty_words=queries.DUTY_WORDS,
        error=error,
    )


def _candidates() -> list[queries.Candidate]:
    done = {(one.ladder_ref, one.quarter) for one in queries.runs()}
    return queries.candidates(today(), store.chapter().quarters_back, done)


def _rows() -> list[Row]:
    visible = people.visible_people(actor(), "rating.view", today())
    found = [(run, queries.lines(run.id, visible)) for run in queries.runs()[:12]]
    return [Row(run, presenting.counts(lines)) for run, lines in found if lines]


@blueprint.get("/<int:run_id>")
@requires("rating.view")
def sheet(run_id: int) -> str:
    """Show the sheet of a run by people, with filters and pages."""
    return sheet_page(run_id)


def wanted() -> Wanted:
    """Return the filters of the address."""
    given = request.args
    outcome, stage = given.get("outcome", ""), given.get("stage", "")
    return Wanted(
        outcome if outcome in set(Outcome) else "",
        stage if stage in set(Stage) else "",
        given.get("department", type=whole),
    )


def sheet_page(run_id: int, **forms: Any) -> str:
    """Render a run's sheet; ``forms`` (by prefix) were refused and keep what was typed."""
    run = queries.run(run_id)
    lines = shown_lines(run)
    stages = queries.stages(run.id, lines, today())
    waits = next((one for one in queries.confirmations(run.id) if one.agreed is None), None)
    names = persons([*(one.person for one in lines), run.started_by, *([waits.proposed_by] if waits else [])])
    chosen = wanted()
    fitting = [one for one in lines if chosen.fits(one, stages[one.id])]
    fitting = presenting.in_order(fitting, names)
    pages = max(1, -(-len(fitting) // PAGE))
    page = min(max(request.args.get("page", 1, whole), 1), pages)
    return render_template(
        "rating/sheet.html",
        run=run,
        shown=fitting[(page - 1) * PAGE : page * PAGE],
        found=len(fitting),
        lines=lines,
        stages=stages,
        counts=presenting.counts(lines),
        names=names,
        departments=_departments(lines),
        wanted=chosen,
        pages=Pages(run.id, page, pages, chosen),
        newcomers=[one for one in lines if one.why in {Why.PROBATION, Why.UNPLACED} and one.below],
        words=presenting,
        waits=waits,
        refused=next(iter(forms), ""),
        **_acts(run, stages, forms),
    )


def _departments(lines: list[Line]) -> dict[int, str]:
    ids = {one.department for one in lines}
    return {one.id: one.name for one in people.departments() if one.id in ids}


def _acts(run: Run, stages: dict[int, Stage], forms: dict[str, Any]) -> dict[str, Any]:
    """Return what the reader may do with the run, and the forms for it."""
    me = actor()
    apart = me in queries.judged_in(run.id) or bool(queries.lines(run.id, [me]))
    waits = next((one for one in queries.confirmations(run.id) if one.agreed is None), None)
    ready = [one for one in stages.values() if one is Stage.READY]
    second = waits is not None and me not in {waits.proposed_by, run.started_by}
    fresh = ProposeForm(formdata=None, data={"effective_on": today()})
    return {
        "ready": len(ready),
        "may_propose": may(me, "rating.run") and not apart and waits is None and bool(ready),
        "may_answer": may(me, "rating.confirm") and not apart and second,
        "propose": forms.get("propose") or named(fresh, "propose"),
        "answer": forms.get("answer") or named(AnswerForm(formdata=None), "answer"),
    }
