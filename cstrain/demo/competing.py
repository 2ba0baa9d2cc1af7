"""A group-leader competition of five: all sheets are in but one interviewer's about one candidate."""

from __future__ import annotations

from decimal import Decimal

from cstrain.demo import words
from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.kernel.ids import PersonId
from cstrain.promotion.competition import queries, service
from cstrain.promotion.competition.facts import Competition
from cstrain.promotion.competition.service import NewCompetition
from cstrain.promotion.competition.service.apply import SAID

_HR, _PANEL = "HM005", ("HM004", "HM003", "HM002")
_CANDIDATES = ("HM013", "HM014", "HM022", "HM017", "HM018")
_SUPERVISORS = {"HM017": "HM008", "HM018": "HM008"}
_DIRECTOR, _SUPERVISOR = "HM028", "HM006"
_LAST = ("HM002", "HM018")
"""Who has not handed in about whom yet."""
_HOURS = (9, 30)


def competition(world: World) -> Road:
    """Announced twelve working days ago, window of three days, rating since; one sheet is missing today."""
    days = [world.working_day("HR", world.today, back) for back in range(12, 0, -1)]
    at = world.at(days[0], *_HOURS)
    yield at
    new = NewCompetition(
        words.LEADER_POST, world.departments["SQ1"], 1, words.LEADER_NOTICE, days[1], days[3]
    )
    made = service.announce(world.one(_HR), at, new)
    applications = {}
    at = world.at(days[1], *_HOURS)
    yield at
    for number in _CANDIDATES:
        said = dict(zip(SAID, words.leader_application(number), strict=True))
        applications[number] = service.apply(world.one(number), at, made, said)
    at = world.at(days[2], 15)
    yield at
    for number, one in applications.items():
        head = world.one(_SUPERVISORS.get(number, _SUPERVISOR))
        service.give_opinion(head, at, one, agrees=True, text=words.LEADER_OPINION)
        service.check(world.one(_HR), at, one, passes=True)
    at = world.at(days[4], *_HOURS)
    yield at
    opened = queries.competition(made, at.date())
    asked = queries.voters(opened, queries.passed(made), world.some(_PANEL), at.date())
    if len(asked) < opened.rules.colleagues.least:
        return  # a company played with a few of its people only
    service.start(world.one(_HR), at, made, world.some(_PANEL))
    at = world.at(days[7], 16)
    yield at
    _rate(world, made, applications)


def _rate(world: World, made: int, applications: dict[str, int]) -> None:
    """Everybody named hands in, and all colleagues answer; only the last sheet is missing."""
    at = world.at(world.working_day("HR", world.today, 5), 16)
    one = queries.competition(made, at.date())
    for number, candidate in applications.items():
        head = world.one(_SUPERVISORS.get(number, _SUPERVISOR))
        service.hand_in(head, at, candidate, "ability", _points(world, one, "ability", number), "")
        service.hand_in(
            world.one(_DIRECTOR), at, candidate, "manager", _points(world, one, "manager", number), ""
        )
        for juror in _PANEL:
            if (juror, number) != _LAST:
                points = _points(world, one, "interview", number, juror)
                service.hand_in(world.one(juror), at, candidate, "interview", points, words.LEADER_HEARD)
        for who in sorted(queries.colleagues_of(made)):
            service.answer_as_colleague(who, at, candidate, _answers(world, one, number, who))


def _points(world: World, one: Competition, kind: str, *of: str) -> dict[str, Decimal]:
    chance = world.chance("competition", kind, *of)
    return {
        each.id: Decimal(each.of - chance.randint(0, each.of // 4)) for each in one.rules.sheet(kind).criteria
    }


def _answers(world: World, one: Competition, number: str, who: PersonId) -> dict[str, str]:
    chance = world.chance("competition", "colleague", number, who)
    sheet = one.rules.colleagues
    return {item.id: sheet.answers[chance.choice((0, 0, 1, 1, 1, 2))].id for item in sheet.items}
