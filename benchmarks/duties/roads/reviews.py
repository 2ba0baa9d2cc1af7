"""Monthly reviews: a cycle, peers, forms with a name and without, customers, the close."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from benchmarks.duties.road import Act, Check, Flow, Rule
from benchmarks.duties.rows import Found, able, act, newest, rows, yes
from benchmarks.duties.world import SERVICE, World
from cstrain.kernel.calendar import add_months
from cstrain.performance.reviews import service, store
from cstrain.performance.reviews.service import NewCycle
from cstrain.performance.reviews.service.answer import CustomerCounts

_CLOSED = "SELECT 1 FROM review_event e WHERE e.kind = 'closed' AND e.cycle_id = s.cycle_id"
RULES = (
    Rule(
        "a superior's form about oneself, or one's own by somebody else",
        "SELECT id FROM review_form WHERE (view = 'self') <> (rater_id = about_id)",
    ),
    Rule(
        "superior and peer of the same person",
        "SELECT f.id FROM review_form f JOIN review_peer p ON p.subject_id = f.subject_id"
        " AND p.rater_id = f.rater_id WHERE f.view = 'manager'",
    ),
    Rule(
        "a peer who is reviewed oneself there",
        "SELECT p.id FROM review_peer p JOIN review_subject s ON s.id = p.subject_id"
        " WHERE p.rater_id = s.person_id OR p.about_id <> s.person_id",
    ),
    Rule(
        "a ballot of nobody who was asked",
        "SELECT b.id FROM review_ballot b WHERE NOT EXISTS (SELECT 1 FROM review_peer p"
        " WHERE p.subject_id = b.subject_id AND p.rater_id = b.rater_id)",
    ),
    Rule(
        "more or fewer answers than ballots",
        "SELECT t.subject_id FROM review_tally t GROUP BY t.subject_id, t.factor HAVING sum(t.chosen) <>"
        " (SELECT count(*) FROM review_ballot b WHERE b.subject_id = t.subject_id)",
    ),
    Rule(
        "opened, closed or given more days by who is reviewed in it",
        "SELECT s.id FROM review_subject s JOIN review_event e ON e.cycle_id = s.cycle_id"
        " WHERE e.by_id = s.person_id",
    ),
    Rule(
        "handed in after the close",
        "SELECT f.id FROM review_form f JOIN review_subject s ON s.id = f.subject_id WHERE EXISTS"
        f" ({_CLOSED} AND e.at < f.handed_in_at)",
    ),
    Rule(
        "a result of a cycle that nobody closed",
        "SELECT r.id FROM review_result r JOIN review_subject s ON s.id = r.subject_id WHERE NOT EXISTS"
        f" ({_CLOSED})",
    ),
)


class Reviews:
    """The reviews of a department's month, about one of its people."""

    name = "reviews"
    steps = 26
    rules: Sequence[Rule] = RULES
    checks: Sequence[Check] = ()

    def begin(self, world: World, chance: random.Random) -> Flow | None:
        """About somebody of a department; one of the last months."""
        place = chance.choice(SERVICE)
        person = chance.choice([one for one in world.everybody() if world.places[one] == place])
        month = add_months(world.today.replace(day=1), -chance.choice((1, 1, 2, 3)))
        made = {"place": world.departments[place], "month": month}
        return Flow(self, person, chance, self.steps, made)

    def acts(self, world: World, flow: Flow) -> list[Act]:
        """Open; then forms, ballots, names, customers, days; the close when the window is over."""
        where = {"department_id": flow.made["place"], "month": flow.made["month"]}
        cycle = newest("review_cycle", **where)
        if cycle is None:
            return [self._open(world, flow)]
        about = newest("review_subject", cycle_id=cycle["id"], person_id=flow.subject)
        if about is None:
            flow.subject = rows("review_subject", cycle_id=cycle["id"])[0]["person_id"]
            return []
        if newest("review_event", cycle_id=cycle["id"], kind="closed"):
            flow.over = yes(flow, 0.3)
        elif flow.steps > 18:
            world.clock.move(timedelta(days=2))
        return [*_said(world, flow, about), *_run(world, flow, cycle)]

    def _open(self, world: World, flow: Flow) -> Act:
        today, way = world.today, flow.chance.choice(("drawn", "named"))
        last = today + timedelta(days=flow.chance.choice((2, 6)))
        new = NewCycle(flow.made["place"], flow.made["month"], today, last, way)
        return act(world, "open", service.open_cycle, able(world, "review.open"), new, "seed")


def _said(world: World, flow: Flow, about: Found) -> list[Act]:
    one, chance = about["id"], flow.chance
    asked = [each["rater_id"] for each in rows("review_peer", subject_id=one)]
    above = [about["manager_id"], *able(world, "review.rate")] if about["manager_id"] else []
    answers = {each.id: chance.choice(("good", "poor", "excellent")) for each in store.chapter().factors}
    named = chance.sample([each for each in world.everybody() if each != flow.subject], 4)
    mates = [each for each in world.agents() if world.places[each] == world.places[flow.subject]]
    counts = CustomerCounts(9, chance.randrange(11), 1, 0, "客户系统")
    remark, shuffle = chance.choice(("", "认真")), random.Random(chance.random())
    peer = act(world, "answer", service.answer_as_peer, asked, one, answers, remark, shuffle)
    return [
        peer,
        peer,
        act(world, "own", service.hand_in, [flow.subject], one, "self", answers),
        act(world, "superior", service.hand_in, above, one, "manager", answers, "看过"),
        act(world, "name", service.name_peers, above, one, chance.choice((named, mates[:4], mates[-4:]))),
        act(world, "customers", service.enter_customers, able(world, "review.customers"), one, counts),
    ]


def _run(world: World, flow: Flow, cycle: Found) -> list[Act]:
    heads, later = able(world, "review.open"), cycle["closes_on"] + timedelta(days=1)
    ends = [act(world, "close", service.close, heads, cycle["id"])] * (1 + 3 * (flow.steps > 18))
    return [*ends, act(world, "extend", service.extend, heads, cycle["id"], later)]


ROAD = Reviews()
