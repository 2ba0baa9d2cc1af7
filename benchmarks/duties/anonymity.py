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
from benchmarks.duties.world import LADDERS, MONTHS, World
from cstrain.extensions import db
from cstrain.kernel.ids import PersonId
from cstrain.performance.reviews import queries as review_queries
from cstrain.performance.reviews import service as reviews
from cstrain.performance.reviews import store as review_store
from cstrain.performance.reviews.service import NewCycle
from cstrain.promotion.applications import queries, service
from cstrain.promotion.competition import service as competition
from cstrain.promotion.competition import store
from cstrain.promotion.competition.service import NewCompetition
from cstrain.promotion.competition.service.apply import SAID
from cstrain.promotion.moves import service as moves

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


def peers_review(world: World, swapped: bool) -> None:
    """Two peers answer about a colleague, one well, one badly and with a remark, or the other way round."""
    today, place = world.today, world.departments["SQ1"]
    new = NewCycle(place, MONTHS[-1], today, today + timedelta(days=3), "drawn")
    cycle = int(str(do(world, reviews.open_cycle, office_of(world, "hr"), new, "seed")))
    with world.app.app_context():
        about = review_queries.find_subject(cycle, PersonId(plain_agents(world, "SQ1")[0]))
        assert about is not None
        peers = sorted(review_queries.named_peers(about.id))[:2]
        factors = review_store.chapter().factors
    said = [("excellent", ""), ("poor", "常迟到")]
    for who, (answer, note) in zip(peers, said[::-1] if swapped else said, strict=True):
        world.clock.move(timedelta(minutes=7))
        data = {**{f"factor_{one.id}": answer for one in factors}, "note": note}
        response = world.client(int(who)).post(f"/reviews/forms/{about.id}/peers", data=data)
        assert response.status_code == 302, response.text[-2000:]


def successor_objected(world: World, swapped: bool) -> None:
    """Two people read who is to succeed; one of them, or the other, objects without a name."""
    hr, director = office_of(world, "hr"), office_of(world, "service_director")
    place, day = world.departments["SQ1"], world.today + timedelta(days=20)
    one = int(str(do(world, moves.open_succession, hr, place, world.today, "空缺")))
    do(world, moves.choose, director, one, world.seniors[0], day, "能力最强")
    do(world, moves.second, hr, one, "", agreed=True)
    readers = plain_agents(world, "SQ2")[:2]
    for who in readers:
        assert world.client(who).get(f"/successions/{one}").status_code == 200
    data = {"text": "情况不实", "anonymous": "y"}
    response = world.client(readers[swapped]).post(f"/successions/{one}/object", data=data)
    assert response.status_code == 302, response.text[-2000:]


SCENARIOS: dict[str, Scenario] = {
    "peers of a review": peers_review,
    "objections to a successor": successor_objected,
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
