"""A small company on a fresh database: people with random offices, one clock, acts that may be refused."""

from __future__ import annotations

import functools
import random
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from cstrain.app import create_app
from cstrain.config import Settings
from cstrain.extensions import db, local_date
from cstrain.judgement.facts import Dossier, Standing
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.calendar import add_months
from cstrain.kernel.clock import SettableClock
from cstrain.kernel.errors import DomainError
from cstrain.people import queries as people
from cstrain.people.accounts import sign_in_for_tests
from cstrain.promotion.applications.grounds import port
from cstrain.unit_of_work import unit_of_work
from tests.conftest import SECRET
from tests.factories.applications import ladder
from tests.factories.people import make_department, make_person, make_role
from tests.factories.performance import close_department, make_month
from tests.factories.promotion import bind
from tests.factories.promotion import close_month as record_close
from tests.factories.promotion import make_month as record_month

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday; October may be closed
MONTHS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
STAFF = (
    # place, roles, how many
    ("KF", ("service_director",), 1),
    ("SQ1", ("supervisor",), 1),
    ("SQ2", ("supervisor",), 1),
    ("VIP", ("vip_manager",), 1),
    ("SQ1", (), 9),
    ("SQ2", (), 6),
    ("VIP", (), 4),
    ("SQ1", ("group_leader",), 1),
    ("HR", ("hr",), 3),
    ("HR", ("hr_manager",), 1),
    ("ZJB", ("gm_office",), 2),
    ("ZJB", ("deputy_gm",), 1),
    ("ZJB", ("gm",), 1),
    ("ZJB", ("auditor",), 1),
    ("ZJB", ("juror",), 2),
    ("QC", ("qc",), 2),
    ("QC", ("qc_manager",), 1),
    ("QC", ("trainer",), 1),
    ("QC", ("department_director",), 1),
)
SENIOR = (12, 13)
"""Numbers of agents of the first department who are seniors: they may succeed its supervisor."""
SERVICE = ("SQ1", "SQ2", "VIP")
RATED = {"basic": "SQ2", "vip": "VIP"}
"""Departments on ladders that are rated every quarter."""
QUARTERS = (date(2026, 4, 1), date(2026, 7, 1))
"""Quarters whose months are on record there, so that each may be rated in its turn."""
BOUND = {**RATED, "general": "SQ1", "annual": "QC"}
OLD = date(2023, 3, 1)
EXTRA = ("hr", "qc", "juror", "qc_manager", "trainer", "gm_office", "hr_manager", "examiner")
"""Offices that a world gives to people who should not have two hats, so that acting on oneself is near."""
VARIANTS: tuple[dict[str, object], ...] = (
    {},
    {"trial_months": 1},
    {"panel": ""},
    {"notice_working_days": None},
)
LADDERS = tuple(
    ladder(**changes).model_copy(update={"edition": number}) for number, changes in enumerate(VARIANTS, 1)
)


class LadderBook:
    """Fills the port of ladders: each person follows one of the variants; some facts are unknown."""

    def ladders_of(self, person: int, on: date) -> list[Ladder]:
        """Return the person's ladder."""
        return [LADDERS[person % len(LADDERS)]]

    def edition(self, ref: str, edition: int) -> Ladder | None:
        """Return a variant by its edition."""
        return next((one for one in LADDERS if (one.ref, one.edition) == (ref, edition)), None)

    def gather(self, who: Collection[Any], on: date) -> Mapping[Any, Dossier]:
        """Return clean dossiers; of every third person nobody knows whether there were violations."""
        return {
            one: Dossier(
                on=on,
                person=one,
                violations=None if one % 3 == 0 else (),
                standing=Standing(
                    hired_on=facts.hire_date,
                    department_since=facts.hire_date,
                    level=str(facts.level) if facts.level else None,
                    level_since=facts.hire_date,
                ),
            )
            for one, facts in people.people(who, on).items()
        }


_OFFICES = sa.text(
    "SELECT person_id, role, department_id FROM role_assignment WHERE valid_from <= :day"
    " AND (valid_to IS NULL OR valid_to >= :day)"
)
_HEADS = frozenset({"supervisor", "vip_manager"})
_PLACES = sa.text(  # the latest state of the day counts, then the highest id
    "SELECT person_id, department_id FROM employment_state WHERE effective_from <= :day"
    " ORDER BY effective_from, id"
)


@dataclass
class World:
    """A company in which workflows run."""

    app: Flask
    clock: SettableClock
    engine: sa.Engine
    roles: dict[int, frozenset[str]] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    headed: set[tuple[int, str]] = field(default_factory=set)
    departments: dict[str, int] = field(default_factory=dict)
    seniors: list[int] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _clients: dict[int, Any] = field(default_factory=dict)
    _met: set[tuple[str, int]] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.clock.now()

    @property
    def today(self) -> date:
        """The company's day."""
        with self.app.app_context():
            return local_date(self.now)

    def look_again(self) -> None:
        """Read from the tables where everybody works today and which offices they hold."""
        codes = {number: code for code, number in self.departments.items()}
        day = self.today.isoformat() if self.engine.dialect.name == "sqlite" else self.today
        with self.engine.connect() as connection:
            held = list(connection.execute(_OFFICES, {"day": day}))
            placed = list(connection.execute(_PLACES, {"day": day}))
        for person in self.roles:
            self.roles[person] = frozenset(one.role for one in held if one.person_id == person)
        self.headed = {(one.person_id, codes[one.department_id]) for one in held if one.role in _HEADS}
        self.places |= {one.person_id: codes[one.department_id] for one in placed}

    def everybody(self) -> list[int]:
        """Return everybody's id."""
        return sorted(self.roles)

    def with_role(self, *roles: str) -> list[int]:
        """Return who holds one of these offices."""
        return [one for one, held in sorted(self.roles.items()) if held & set(roles)]

    def agents(self, *places: str) -> list[int]:
        """Return who serves customers in these places (in all of them)."""
        wanted = places or SERVICE
        return [
            one for one, at in sorted(self.places.items()) if at in wanted and not self.roles[one] & _HEADS
        ]

    def is_new(self, table: str, row: int) -> bool:
        """Tell once of each row that it is new: who is above whom may change after what was done in order."""
        known = (table, row) in self._met
        self._met.add((table, row))
        return not known

    def heads_of(self, person: int) -> list[int]:
        """Return who is directly above somebody of a service group: who heads it, wherever they work."""
        place = self.places[person]
        heads = sorted(one for one, headed in self.headed if headed == place and one != person)
        return heads or self.with_role("service_director")

    def attempt(self, name: str, call: Callable[[], object]) -> bool:
        """Do something in a unit of its own; refusals are counted, anything else is a fault."""
        with self.app.app_context():
            try:
                with unit_of_work():
                    call()
            except DomainError as error:
                self.outcomes["refused"] += 1
                self.reasons[f"{name}: {error.message[:50]}"] += 1
                return False
            except Exception as error:
                self.outcomes["broken"] += 1
                self.faults.append(f"{name}: {type(error).__name__} {error}"[:600])
                self.faults.append(traceback.format_exc()[-1500:])
                return False
        self.outcomes["done"] += 1
        return True

    def client(self, person: int) -> Any:
        """Return a browser in which somebody is signed in just now (sessions end while time passes)."""
        client = self._clients.setdefault(person, self.app.test_client())
        with self.app.app_context():
            token = sign_in_for_tests(person)
        with client.session_transaction() as cookie:
            cookie.clear()
            cookie.update(token)
        return client

    def pass_time(self, chance: random.Random) -> None:
        """Let a little or a long time pass."""
        minutes = chance.choices(
            (0, 1, 5, 60, 60 * 24, 60 * 24 * 3, 60 * 24 * 9), (40, 20, 20, 13, 5, 1.5, 0.5)
        )
        self.clock.move(timedelta(minutes=minutes[0]))

    def close(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.engine.dispose()


NAMES = {
    "KF": "客服中心",
    "SQ1": "售前客服一部",
    "SQ2": "售前客服二部",
    "VIP": "VIP客服部",
    "HR": "人力资源部",
    "ZJB": "总经办",
    "QC": "质检部",
}


def settle(world: World, chance: random.Random) -> None:
    """Make the departments, the people with random second offices, and three closed months."""
    for code, name in NAMES.items():
        above = world.departments["KF"] if code in SERVICE else None
        world.departments[code] = int(make_department(name, code=code, parent=above))
    for place, roles, count in STAFF:
        for _ in range(count):
            _hire(world, place, roles)
    for person in chance.sample([one for one in world.roles if "auditor" not in world.roles[one]], 7):
        role = chance.choice(EXTRA)
        if role not in world.roles[person]:
            make_role(person, role)
            world.roles[person] |= {role}
    for ladder_ref, place in BOUND.items():
        bind(world.departments[place], ladder_ref)
    _closed_months(world)
    _rated_months(world, chance)


def _rated_months(world: World, chance: random.Random) -> None:
    """Close the quarters before of the rated departments: some did well, some badly."""
    clerk = next(one for one in world.with_role("hr") if world.places[one] == "HR")
    for place in RATED.values():
        for month in (add_months(quarter, n) for quarter in QUARTERS for n in range(3)):
            for person in world.agents(place):
                figures = chance.choice(((95, 25, 98), (91, 50, 95), (85, 60, 80)))
                known = dict(zip(("csat", "first_response_seconds", "resolution"), figures, strict=True))
                record_month(person, world.departments[place], month, clerk, **known, **_EVEN)
            record_close(world.departments[place], month, clerk)


_EVEN = {"grade": "B", "chats": 1200, "deductions": 0, "deduction_points": 0}


def _closed_months(world: World) -> None:
    """Close three months of the department in which leaders are chosen."""
    clerk = next(one for one in world.with_role("hr") if world.places[one] == "HR")
    office = next(one for one in world.with_role("gm_office") if world.places[one] == "ZJB")
    for month in MONTHS:
        for person in world.agents("SQ1"):
            make_month(person, month, by=clerk, at=START, score=80 + person % 15)
        close_department(world.departments["SQ1"], month, by=office, at=START)


def _hire(world: World, place: str, roles: tuple[str, ...]) -> None:
    number = len(world.roles) + 1
    level = ("senior" if number in SENIOR else "junior") if place in SERVICE else None
    person = make_person(
        f"员工{number:02d}号", f"W{number:04d}", roles, world.departments[place], OLD, level=level
    )
    world.roles[int(person)], world.places[int(person)] = frozenset(roles), place
    if _HEADS & set(roles):
        world.headed.add((int(person), place))
    if number in SENIOR:
        world.seniors.append(int(person))


@functools.cache
def _application(url: str) -> tuple[Flask, SettableClock]:
    """Make the application, once for each address in a process."""
    clock = SettableClock(START)
    app = create_app(Settings(database_url=url, secret_key=SECRET, secure_cookies=False), clock)
    app.config["WTF_CSRF_ENABLED"] = False
    return app, clock


def open_world(url: str, seed: int) -> World:
    """Make the schema and a company in the empty database at ``url``."""
    app, clock = _application(url)
    clock.set(START)
    port.source = LadderBook()
    world = World(app, clock, sa.create_engine(url))
    with app.app_context():
        db.create_all()
        settle(world, random.Random(seed))
    return world
