"""A person's result with its reasons, and what may be done about it."""

from __future__ import annotations

from typing import Any

from flask import render_template

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.people import service as people_service
from cstrain.promotion import presenting as core
from cstrain.promotion.rating import presenting, queries, rules, store
from cstrain.promotion.rating.facts import Grounds, Line, Run, Stage
from cstrain.promotion.rating.forms import AnswerForm, CommentForm, ContestForm, DecideForm, LateForm, named
from cstrain.promotion.rating.views.base import blueprint, persons, shown_line, today
from cstrain.unit_of_work import unit_of_work


@blueprint.get("/lines/<int:line_id>")
@requires("rating.view_own")
def line(line_id: int) -> str:
    """Show a person's result with its reasons; who looked at somebody else's is noted."""
    found = line_page(line_id)
    person = queries.line(line_id).person
    if person != actor():
        with unit_of_work():
            people_service.log_view(actor(), person, "rating.line", now())
    return found


def line_page(line_id: int, **forms: Any) -> str:
    """Render a person's result; ``forms`` (by prefix) were refused and keep what was typed."""
    run, one = shown_line(line_id)
    every = queries.revisions(run.id, one.person)
    newest = every[-1]
    grounds = queries.grounds(one.id)
    said = [each for each in queries.comments(run.id) if each.person == one.person]
    late = next((each for each in queries.waiting_late(run.id) if each.person == one.person), None)
    stage = queries.stages(run.id, [newest], today())[newest.id]
    ids = {one.person, run.started_by, *(each.by for each in said), *_named(every)}
    return render_template(
        "rating/line.html",
        run=run,
        one=one,
        newest=newest,
        every=every,
        grounds=grounds,
        own=one.person == actor(),
        groups=_groups(run, grounds, one),
        reasons=rules.reasons(grounds.rated),
        comments=said,
        late=late,
        late_grounds=queries.late_grounds(late.id) if late is not None else None,
        stage=stage,
        rules=store.rules_of(run),
        names=persons(ids | ({late.asked_by} if late is not None else set())),
        words=presenting,
        refused=next(iter(forms), ""),
        **_acts(newest, one, stage, forms),
    )


def _named(every: list[Line]) -> set[Any]:
    found = {each.second_by for each in every}
    found |= {each.contest.decided_by for each in every if each.contest is not None}
    return {one for one in found if one is not None}


def _groups(run: Run, grounds: Grounds, one: Line) -> list[tuple[str, list[core.Condition]]]:
    """Return the findings as the page lists them: of the level held, of the one above, of the entry."""
    rated = grounds.rated
    ladder = queries.edition_of(run)
    step = ladder.step_from(rated.level)
    above = ladder.titles[step.goal] if step is not None and rated.rise else ""
    named_groups = (
        ("keep", run.level_word(rated.level), rated.keep),
        ("rise", above, rated.rise),
        ("entry", "", rated.entry),
    )
    return [(f"{kind}:{word}", core.listed(found, one.person)) for kind, word, found in named_groups if found]


def _acts(newest: Line, shown: Line, stage: Stage, forms: dict[str, Any]) -> dict[str, Any]:
    """Return what the reader may do about the newest line, and the forms for it."""
    me, person = actor(), newest.person
    others = me != person and newest.id == shown.id
    judged = me in queries.judged_in(newest.run)
    late = next((one for one in queries.waiting_late(newest.run) if one.person == person), None)
    settled = stage not in {Stage.CONTESTED, Stage.LATE}
    return {
        "may_contest": me == person and newest.id == shown.id and _contestable(newest),
        "may_comment": others and may(me, "rating.comment", person) and not judged,
        "may_decide": others
        and stage is Stage.CONTESTED
        and may(me, "rating.decide", person)
        and queries.may_judge(me, newest.run, person),
        "may_ask_late": others and settled and not judged and may(me, "rating.run", person),
        "may_answer_late": others
        and late is not None
        and me != late.asked_by
        and not judged
        and may(me, "rating.confirm", person),
        "contest": forms.get("contest") or named(ContestForm(formdata=None), "contest"),
        "comment": forms.get("comment") or named(CommentForm(formdata=None), "comment"),
        "decide": forms.get("decide") or named(DecideForm(formdata=None), "decide"),
        "ask_late": forms.get("late") or named(LateForm(formdata=None), "late"),
        "answer_late": forms.get("answer") or named(AnswerForm(formdata=None), "answer"),
    }


def _contestable(newest: Line) -> bool:
    fresh = newest.contest is None and newest.effect is None and newest.origin != "contest"
    return fresh and today() <= newest.contest_until
