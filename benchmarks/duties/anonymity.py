"""Who said what without a name: two people swap what they say, and nothing anywhere may be different.

A scenario runs twice in companies that are otherwise the same; the second time two people have changed
places. If every row of every table is the same both times, then no join, no order, no id and no time in them
can tell who said what, whoever looks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from benchmarks.duties.sealed import apply_up_to_check, do, office_of, plain_agents
from benchmarks.duties.world import LADDERS, World
from cstrain.extensions import db
from cstrain.promotion.applications import queries, service
from cstrain.promotion.competition import service as competition
from cstrain.promotion.competition import store
from cstrain.promotion.competition.service import NewCompetition
from cstrain.promotion.competition.service.apply import SAID

Scenario = Callable[[World, bool], None]
Dump = dict[str, list[str]]


def colleagues_answer(world: World, swapped: bool) -> None:
    """Two colleagues answer about a candidate, one well and one badly, or the other way round."""
    hr, agents, today = office_of(world, "hr"), plain_agents(world, "SQ1"), world.today
    new = NewCompetition("客服组长", world.departments["SQ1"], 1, "带组", today, today)
    one = int(str(do(world, competition.announce, hr, new)))
    candidate = int(str(do(world, competition.apply, agents[0], one, dict.fromkeys(SAID, "我的话"))))
    do(world, competition.give_opinion, world.heads_of(agents[0])[0], candidate, agrees=True, text="好")
    do(world, competition.check, hr, candidate, passes=True)
    world.clock.move(timedelta(days=1))
    panel = [office_of(world, role) for role in ("gm_office", "deputy_gm", "hr_manager")]
    do(world, competition.start, hr, one, panel)
    with world.app.app_context():
        items = store.chapter().colleagues.items
    said = ("poor", "excellent") if swapped else ("excellent", "poor")
    for who, answer in zip(agents[1:3], said, strict=True):
        world.clock.move(timedelta(minutes=7))
        answers = {f"item_{item.id}": answer for item in items}
        response = world.client(who).post(f"/competitions/candidates/{candidate}/colleague", data=answers)
        assert response.status_code == 302, response.text[-2000:]


def objections_without_a_name(world: World, swapped: bool) -> None:
    """Two people read a notice; one of them, or the other, objects to it without a name."""
    panels = [bool(one.steps[0].panel) for one in LADDERS]
    agents = plain_agents(world, "SQ1")
    person = next(one for one in agents if not panels[one % len(LADDERS)])
    application = apply_up_to_check(world, person)
    proposer, top, hr = office_of(world, "gm_office"), office_of(world, "gm"), office_of(world, "hr")
    do(world, service.propose_decision, proposer, application, "approve", "材料齐全")
    do(world, service.confirm_decision, top, application)
    do(world, service.publish_notice, hr, application, "接待稳定")
    with world.app.app_context():
        notice = queries.notice_of_application(application)
    assert notice is not None
    world.clock.move(timedelta(days=1))
    readers = [one for one in agents if one != person][:2]
    url = f"/public-notices/{notice.id}/objection"
    for who in readers:
        assert world.client(who).get(url).status_code == 200
    objector = readers[swapped]
    response = world.client(objector).post(url, data={"text": "情况不实", "anonymous": "y"})
    assert response.status_code == 302, response.text[-2000:]


SCENARIOS: dict[str, Scenario] = {
    "colleagues of a competition": colleagues_answer,
    "objections without a name": objections_without_a_name,
}


def dump(world: World) -> Dump:
    """Return every row of every table as text, in the order of its key (SQLite: and of its writing)."""
    found: Dump = {}
    with world.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            rows = connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            found[table.name] = [repr(tuple(row)) for row in rows]
    return found


def differences(first: Dump, second: Dump) -> list[str]:
    """Return the rows that are not the same in both, with the name of their table."""
    return [
        f"{table}: {row}" for table in first for row in sorted(set(first[table]) ^ set(second.get(table, [])))
    ]
