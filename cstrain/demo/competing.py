"""Two group-leader competitions: one whose choice is on public notice, one that still waits for a sheet."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from cstrain.demo import words
from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.kernel.ids import PersonId
from cstrain.promotion.competition import queries, service
from cstrain.promotion.competition.facts import Competition
from cstrain.promotion.competition.service import NewCompetition
from cstrain.promotion.competition.service.apply import SAID

_HR, _PANEL, _DIRECTOR = "HM005", ("HM004", "HM003", "HM002"), "HM028"
_DEPUTY, _GM = "HM002", "HM001"
_HOURS = (9, 30)


@dataclass(frozen=True, slots=True)
class Plan:
    """A competition of the demo: announced so many working days ago; who applies.

    ``supervisors``: heads of those from elsewhere. ``lacks``: the interviewer and candidate whose sheet is
    not in yet.
    """

    key: str
    place: str
    post: str
    notice: str
    began: int
    supervisor: str
    candidates: tuple[str, ...]
    supervisors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    lacks: tuple[str, str] | None = None


_RUNNING = Plan(
    "competition",
    "SQ1",
    words.LEADER_POST,
    words.LEADER_NOTICE,
    12,
    "HM006",
    ("HM013", "HM014", "HM022", "HM017", "HM018"),
    MappingProxyType({"HM017": "HM008", "HM018": "HM008"}),
    ("HM002", "HM018"),
)
_DECIDED = Plan(
    "earlier competition",
    "SQ2",
    words.EARLIER_POST,
    words.EARLIER_NOTICE,
    19,
    "HM007",
    ("HM015", "HM014"),
    MappingProxyType({"HM014": "HM006"}),
)


def competitions(world: World) -> Iterable[Road]:
    """Return the roads of both competitions."""
    return [_running(world), _decided(world)]


def _running(world: World) -> Road:
    """Window of three days, rating since; one sheet is missing today."""
    days = _days(world, _RUNNING)
    yield from _rated(world, _RUNNING, days)


def _decided(world: World) -> Road:
    """Rated, worked out, chosen by two; the notice about the chosen is up, the trial begins after it."""
    days = _days(world, _DECIDED)
    made = yield from _rated(world, _DECIDED, days)
    if made is None:
        return
    at = world.at(days[9], 10)
    yield at
    service.calculate(world.one(_HR), at, made)
    first = queries.calculation(made).places[0].scored.candidate
    starts_on = world.today + timedelta(days=14)
    act = service.propose_choice(world.one(_DEPUTY), at, made, [first], starts_on, words.EARLIER_REASON)
    at = world.at(days[10], 15)
    yield at
    service.answer_act(world.one(_GM), at, act, agreed=True)
    at = world.at(world.working_day("HR", world.today, 2), 9, 20)
    yield at
    service.publish_notice(world.one(_HR), at, first, words.EARLIER_RECORD)


def _days(world: World, plan: Plan) -> list[date]:
    return [world.working_day("HR", world.today, back) for back in range(plan.began, 0, -1)]


def _rated(world: World, plan: Plan, days: list[date]) -> Generator[datetime, None, int | None]:
    """Play a competition up to its sheets; returns its id, ``None`` when there are too few colleagues."""
    at = world.at(days[0], *_HOURS)
    yield at
    new = NewCompetition(plan.post, world.departments[plan.place], 1, plan.notice, days[1], days[3])
    made = service.announce(world.one(_HR), at, new)
    applications = {}
    at = world.at(days[1], *_HOURS)
    yield at
    for number in plan.candidates:
        said = dict(zip(SAID, words.leader_application(number), strict=True))
        applications[number] = service.apply(world.one(number), at, made, said)
    at = world.at(days[2], 15)
    yield at
    for number, one in applications.items():
        head = world.one(plan.supervisors.get(number, plan.supervisor))
        service.give_opinion(head, at, one, agrees=True, text=words.LEADER_OPINION)
        service.check(world.one(_HR), at, one, passes=True)
    at = world.at(days[4], *_HOURS)
    yield at
    opened = queries.competition(made, at.date())
    asked = queries.voters(opened, queries.passed(made), world.some(_PANEL), at.date())
    if len(asked) < opened.rules.colleagues.least:
        return None  # a company played with a few of its people only
    service.start(world.one(_HR), at, made, world.some(_PANEL))
    at = world.at(days[7], 16)
    yield at
    _rate(world, plan, made, applications, at)
    return made


def _rate(world: World, plan: Plan, made: int, applications: dict[str, int], at: datetime) -> None:
    """Everybody named hands in, and all colleagues answer; only the sheet that lacks is missing."""
    one = queries.competition(made, at.date())
    for number, candidate in applications.items():
        head = world.one(plan.supervisors.get(number, plan.supervisor))
        service.hand_in(head, at, candidate, "ability", _points(world, plan.key, one, "ability", number), "")
        service.hand_in(
            world.one(_DIRECTOR),
            at,
            candidate,
            "manager",
            _points(world, plan.key, one, "manager", number),
            "",
        )
        for juror in _PANEL:
            if (juror, number) != plan.lacks:
                points = _points(world, plan.key, one, "interview", number, juror)
                service.hand_in(world.one(juror), at, candidate, "interview", points, words.LEADER_HEARD)
        for who in sorted(queries.colleagues_of(made)):
            service.answer_as_colleague(who, at, candidate, _answers(world, plan.key, one, number, who))


def _points(world: World, key: str, one: Competition, kind: str, *of: str) -> dict[str, Decimal]:
    chance = world.chance(key, kind, *of)
    return {
        each.id: Decimal(each.of - chance.randint(0, each.of // 4)) for each in one.rules.sheet(kind).criteria
    }


def _answers(world: World, key: str, one: Competition, number: str, who: PersonId) -> dict[str, str]:
    chance = world.chance(key, "colleague", number, who)
    sheet = one.rules.colleagues
    return {item.id: sheet.answers[chance.choice((0, 0, 1, 1, 1, 2))].id for item in sheet.items}
