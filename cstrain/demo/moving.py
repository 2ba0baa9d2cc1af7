"""Moves: an announced post, a transfer on its way, a first level half rated, a course, numbers of places."""

from __future__ import annotations

from datetime import timedelta

from cstrain.demo.stage import Road
from cstrain.demo.trip import HR
from cstrain.demo.world import World
from cstrain.extensions import local_date
from cstrain.promotion.moves import service, store
from cstrain.promotion.moves.service import NewCourse, NewPost, Word

_WHO, _HEAD, _THERE = "HM014", "HM006", "SH"
_NEW, _KEEPER = "HM019", "HM027"
_TRAINER = "HM013"
_ANNOUNCED, _ASKED, _RELEASED = 5, 3, 1
"""Working days before today of the post, the requests, the department's opinion."""


def moves(world: World) -> Road:
    """The transfer waits for the receiving head, the first level for HR's rating."""
    at = world.at(world.working_day("HR", world.today, _ANNOUNCED), 10, 10)
    yield at
    day = local_date(at)
    title, notice = "售后回访专员", "负责售后回访和满意度整理，要求熟悉产品、表达清楚，有售前经验的更好。"
    place = world.departments[_THERE]
    new = NewPost(title, place, "transfer", 1, notice, day, world.today + timedelta(days=9))
    post = service.announce_post(world.one(HR), at, new)
    service.set_seats(world.one(HR), at, world.departments["SQ1"], "group_leader", 2, day, "年度编制")
    service.enter_course(
        world.one(HR),
        at,
        NewCourse(world.one(_TRAINER), "delivered", "etiquette", "服务礼仪", day, None, "培训档案2-17"),
    )
    at = world.at(world.working_day("HR", world.today, _ASKED), 14, 20)
    yield at
    reason = "做过两年售前，常处理售后转来的问题，想把前后的经验接起来。"
    case = service.ask_transfer(world.one(_WHO), at, reason, post_id=post)
    first = service.open_initial(world.one(_KEEPER), at, world.one(_NEW), "一直没有定级，按年度通道补评。")
    at = world.at(world.working_day("HR", world.today, _RELEASED), 16, 5)
    yield at
    word = Word(True, "同意，月底前完成交接。")
    service.take(world.one(_HEAD), at, case, "release", word)
    points = dict.fromkeys(store.chapter().initial.topics, 4)
    service.take(world.one(_KEEPER), at, first, "rate", Word(None, "带教认真，出错少。", None, points))
