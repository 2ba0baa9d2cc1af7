"""Monthly reviews at the demo company: last month's of one department closed, of another going on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import PersonId
from cstrain.performance.reviews import queries, service
from cstrain.performance.reviews.facts import CycleFacts, SubjectFacts
from cstrain.performance.reviews.policy import MANAGER, SELF
from cstrain.performance.reviews.service import NewCycle

_HR = "HM005"
_NOTES = ("这个月活动多，接待量比上月高，差错没有增加。", "投诉处理还要更快，已经和主管商量了办法。", "")
_MANAGER = (
    "活动期间顶得住，带新人也用心。下个月把快捷短语整理好。",
    "答复准确，忙的时候要先报完成时间。",
    "",
)
_PEERS = ("问什么都肯教。", "忙的时候会主动接单。", "交接写得很清楚。", "备注偶尔漏写，提醒了就改。", "", "")


def reviews(world: World) -> Road:
    """The month before last: opened three weeks ago and closed; last month: open since three days."""
    at = world.at(world.today - timedelta(days=3), 9, 45)
    last = add_months(at.date().replace(day=1), -1)  # early in a month: the one that was over by then
    opened = world.at(world.today - timedelta(days=21), 9, 40)
    yield opened
    old = _open(world, opened, "SQ1", add_months(last, -1), "名单一")
    filled = opened + timedelta(days=2)
    yield filled
    _fill(world, filled, old, most=None)
    ended = opened + timedelta(days=8)
    yield ended
    service.close(world.one(_HR), ended, old)
    yield at
    new = _open(world, at, "SQ1", last, "名单二")
    later = world.at(world.today - timedelta(days=2), 17, 5)
    yield later
    _fill(world, later, new, most=3)


def _open(world: World, at: datetime, place: str, month: date, name: str) -> int:
    day = at.date()
    cycle = NewCycle(
        world.departments[place],
        month,
        day,
        day + timedelta(days=6),
        "drawn",
    )
    return service.open_cycle(world.one(_HR), at, cycle, f"{world.chance('reviews', name).getrandbits(96):x}")


def _fill(world: World, at: datetime, cycle_id: int, most: int | None) -> None:
    """Everybody answers, or only about the first few; the superior's form of the last one is left out."""
    cycle = queries.cycle(cycle_id)
    subjects = queries.subjects_of([cycle_id])
    for one in subjects[:most]:
        chance = world.chance("reviews", cycle_id, one.person)
        service.hand_in(
            one.person, at, one.id, SELF, _answers(world, cycle, one, "self"), chance.choice(_NOTES)
        )
        if one.manager is not None and one is not subjects[-1]:
            note = chance.choice(_MANAGER)
            service.hand_in(one.manager, at, one.id, MANAGER, _answers(world, cycle, one, "manager"), note)
        for peer in sorted(queries.named_peers(one.id)):
            _answer(world, at, cycle, one, peer)


def _answer(world: World, at: datetime, cycle: CycleFacts, one: SubjectFacts, peer: PersonId) -> None:
    chance = world.chance("reviews", "peer", one.id, peer)
    given = _answers(world, cycle, one, f"peer{peer}")
    service.answer_as_peer(peer, at, one.id, given, chance.choice(_PEERS), chance)


def _answers(world: World, cycle: CycleFacts, one: SubjectFacts, who: str) -> dict[str, str]:
    chance = world.chance("reviews", "answers", one.id, who)
    worth = [each.id for each in cycle.rules.answers]
    return {factor.id: worth[chance.choice((0, 0, 1, 1, 1, 2))] for factor in cycle.rules.factors}
