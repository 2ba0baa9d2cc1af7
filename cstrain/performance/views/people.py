"""A person's year, and one month with everything that was recorded of it."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.performance import presenting, queries, rules, trends
from cstrain.performance.store import month_rules, performance_rules
from cstrain.performance.views.blueprint import blueprint, last_month, month_before, month_in


@blueprint.get("")
@requires("performance.view_own")
def mine() -> str:
    """Show one's own year."""
    return _year(people.get_person(actor(), local_date(now())))


@blueprint.get("/people/<int:person_id>")
@requires("performance.view")
def person(person_id: int) -> str:
    """Show somebody's year to their superiors and HR."""
    subject = PersonId(person_id)
    demand("performance.view", subject)
    return _year(people.get_person(subject, local_date(now())))


def _year(subject: PersonFacts) -> str:
    chapter = performance_rules()
    until = request.args.get("until", "")
    last = min(month_in(until), last_month()) if until else last_month()
    months = rules.months_back(last, chapter.chart_months)
    own = subject.id == actor()
    records = queries.records([subject.id], months)
    ranks = queries.brand_ranks({(one.standing.department_id, one.month) for one in records})
    shown_year = presenting.year(months, records, ranks, chapter, month_rules)
    return render_template(
        "performance/year.html",
        person=subject,
        own=own,
        heads=may(actor(), "performance.view"),
        year=shown_year,
        trends=trends.trends(shown_year.months),
        chapter=chapter,
        line=presenting.qualified_line(chapter),
        word=presenting.word,
        shown=presenting.lined_up(records),
        before=month_before(months[0]) if months[0] > subject.hire_date else None,
        latest=last == last_month(),
        may_enter=may(actor(), "performance.enter", subject.id),
        may_correct=may(actor(), "performance.correct", subject.id),
    )


@blueprint.get("/people/<int:person_id>/<string:month>")
@requires("performance.view_own")
def month(person_id: int, month: str) -> str:
    """Show a month with its revisions, where each came from, and what is asked to be changed."""
    subject = PersonId(person_id)
    own = subject == actor()
    if not own:
        demand("performance.view", subject)
    on = month_in(month)
    revisions = queries.revisions(subject, on)
    corrections = queries.corrections_of(subject, on)
    named = {one.entered_by for one in revisions} | {one.asked_by for one in corrections}
    named |= {one.decided_by for one in corrections if one.decided_by is not None}
    facts = people.get_person(subject, local_date(now()))
    return render_template(
        "performance/month.html",
        person=facts,
        own=own,
        month=on,
        revisions=revisions,
        corrections=corrections,
        names=people.people(named, local_date(now())),
        departments={one.id: one.name for one in people.departments()},
        word=presenting.word,
        shown=presenting.shown,
        may_enter=may(actor(), "performance.enter", subject),
        may_correct=may(actor(), "performance.correct", subject),
    )


@blueprint.get("/records/<int:record_id>")
@requires("performance.view_own")
def record(record_id: int) -> Any:
    """Lead from a record that evidence names to the page of its month."""
    found = queries.record(record_id)
    if found.person_id != actor():
        demand("performance.view", found.person_id)
    month, anchor = f"{found.month:%Y-%m}", f"r{found.revision}"
    return redirect(url_for("performance.month", person_id=found.person_id, month=month, _anchor=anchor))
