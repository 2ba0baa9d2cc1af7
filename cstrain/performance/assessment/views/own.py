"""One's own page: results of the months, the plan of one's post, interviews; and what waits for one."""

from __future__ import annotations

from decimal import Decimal

from flask import render_template

from cstrain.access import actor, may, requires
from cstrain.people import queries as people
from cstrain.performance.assessment import queries, rules
from cstrain.performance.assessment.facts import Sheet
from cstrain.performance.assessment.policy import SENSE_WORDS, STATE_WORDS
from cstrain.performance.assessment.views.base import blueprint, names_of, today
from cstrain.performance.presenting import qualified_line
from cstrain.performance.store import month_rules, performance_rules
from cstrain.ui.charts import Point
from cstrain.ui.filters import mark


@blueprint.get("")
@requires("assessment.view_own")
def mine() -> str:
    """Show one's own results, plan and interviews."""
    me = actor()
    sheets = queries.sheets_of_person(me)
    talks = queries.interviews_about(me)
    chapter = performance_rules()
    said = [
        (one, last.score)
        for one in reversed(sheets[:12])
        if (last := one.counts) is not None and last.score is not None
    ]
    scores = [score for _one, score in said]
    points = [
        Point(f"{one.month.month}", score, mark(score, among=scores), _meets(one, score))
        for one, score in said
    ]
    return render_template(
        "assessment/mine.html",
        sheets=sheets,
        states={one.id: rules.state(one, None, today()) for one in sheets},
        words=STATE_WORDS,
        plan=queries.plan_for(people.get_person(me, today()), today().replace(day=1)),
        senses=SENSE_WORDS,
        talks=talks,
        names=names_of(talk.held_by for talk in talks),
        points=points,
        line=qualified_line(chapter),
        doors=_doors(),
    )


def _meets(one: Sheet, score: Decimal) -> bool:
    """Tell whether a score was enough in its month."""
    chapter = month_rules(one.month)
    return score >= chapter.grades[chapter.qualified]


def _doors() -> dict[str, bool]:
    """Return which other pages one may open."""
    me = actor()
    acts = any(may(me, each) for each in ("assessment.rate", "assessment.review", "interview.hold"))
    return {
        "rounds": may(me, "assessment.view"),
        "plans": may(me, "plan.view"),
        "interviews": may(me, "interview.view"),
        "todo": acts or may(me, "plan.check") or may(me, "plan.approve"),
    }


@blueprint.get("/todo")
@requires("assessment.view_own")
def todo() -> str:
    """Show everything that waits for the signed-in person in assessment."""
    duties = queries.duties(actor(), today())
    return render_template("assessment/todo.html", duties=duties, names=names_of(one.about for one in duties))
