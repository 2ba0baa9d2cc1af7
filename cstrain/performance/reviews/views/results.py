"""What waits for the reader, and results: one's own, and those of one's people."""

from __future__ import annotations

from flask import render_template

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.performance.reviews import queries
from cstrain.performance.reviews.presenting import STATE_KINDS, STATE_WORDS, present, year
from cstrain.performance.reviews.views.common import blueprint, missing, persons, today
from cstrain.unit_of_work import unit_of_work


@blueprint.get("")
@requires("review.view_own")
def mine() -> str:
    """Show what the reader has to fill in, and their results over the months."""
    me = actor()
    waiting = queries.tasks(me, today())
    return render_template(
        "reviews/mine.html",
        own=True,
        person=people.get_person(me, today()),
        tasks=waiting,
        names=persons(one.subject.person for one in waiting if one.subject),
        year=year(queries.results_of(me)),
        sees=may(me, "review.view"),
    )


@blueprint.get("/people/<int:person_id>")
@requires("review.view")
def person(person_id: int) -> str:
    """Show somebody's results over the months to a superior or HR; who looked is noted."""
    demand("review.view", PersonId(person_id))
    if person_id == actor():
        raise missing()
    facts = people.get_person(PersonId(person_id), today())
    with unit_of_work():
        people_service.log_view(actor(), facts.id, "review.person", now())
    return render_template(
        "reviews/mine.html",
        own=False,
        person=facts,
        tasks=[],
        names={},
        year=year(queries.results_of(facts.id)),
        sees=True,
    )


@blueprint.get("/results/<int:subject_id>")
@requires("review.view_own")
def result(subject_id: int) -> str:
    """Show a result with everything it rests on: to the person, their superiors and HR."""
    found = queries.result(subject_id)
    own = found.person == actor()
    if not own:
        demand("review.view", found.person)
        with unit_of_work():
            people_service.log_view(actor(), found.person, "review.result", now())
    who = [found.person] if found.manager is None else [found.person, found.manager]
    return render_template(
        "reviews/result.html",
        own=own,
        found=found,
        shown=present(found),
        names=persons(who),
        words=STATE_WORDS,
        kinds=STATE_KINDS,
    )
