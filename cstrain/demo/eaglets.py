"""An Eaglet plan on its road: approved and announced, three applications, one comment still missing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from cstrain.demo import words
from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.promotion.eaglet import service
from cstrain.promotion.eaglet.service import SAID, NewNotice

_HR, _DIRECTOR = "HM005", "HM028"
_OFFICES = (("HM001", "gm"), ("HM002", "deputy_gm"), ("HM004", "hr_manager"))
_PLACES = (("soso", "SQ1", "soso"), ("one", "SQ2", "google"), ("two", "SH", "google"))
_APPLICANTS = ("HM014", "HM015", "HM025")
_COMMENTED = (("HM006", "HM014"), ("HM007", "HM015"))


def eaglets(world: World) -> Road:
    """Proposed six working days ago, announced four ago, open for three days more from today."""
    days = [world.working_day("HR", world.today, back) for back in range(6, 0, -1)]
    at = world.at(days[0], 10, 20)
    yield at
    for place, department, platform in _PLACES:
        service.set_place(world.one(_HR), at, place, world.departments[department], platform)
    made = service.propose(world.one(_DIRECTOR), at, words.EAGLET_TITLE, words.EAGLET_REASON)
    at = world.at(days[1], 15, 10)
    yield at
    for number, office in _OFFICES:
        service.approve(world.one(number), at, made, office, agrees=True)
    at = world.at(days[2], 9, 40)
    yield at
    notice = NewNotice(words.EAGLET_NOTICE, days[2], world.today + timedelta(days=3))
    service.publish_notice(world.one(_HR), at, made, notice)
    at = world.at(days[3], 11, 30)
    yield at
    said = dict(zip(SAID, words.EAGLET_SAID, strict=True))
    applications = {
        number: service.apply(world.one(number), at, made, Decimal("1.5"), said) for number in _APPLICANTS
    }
    at = world.at(days[4], 16, 5)
    yield at
    for superior, number in _COMMENTED:
        service.comment(world.one(superior), at, applications[number], rating=5, text=words.EAGLET_COMMENT)
