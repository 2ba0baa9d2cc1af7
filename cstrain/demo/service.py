"""The demo company on demand: played once up to today, then left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from cstrain.audit.queries import latest
from cstrain.audit.service import record
from cstrain.demo.activities import activities
from cstrain.demo.assessing import assessing
from cstrain.demo.cast import TRAINEES, Trainee
from cstrain.demo.company import BEGAN_DAYS_AGO, LOG_IN_WORDS, PASSWORD, STAFF
from cstrain.demo.competing import competitions
from cstrain.demo.discipline import discipline
from cstrain.demo.doubting import doubts
from cstrain.demo.eaglets import eaglets
from cstrain.demo.editions import editions
from cstrain.demo.founding import found
from cstrain.demo.ladders import bind_ladders
from cstrain.demo.lessons import lessons
from cstrain.demo.months import months
from cstrain.demo.moving import moves
from cstrain.demo.papers import own_papers
from cstrain.demo.promotions import promotions
from cstrain.demo.quality import quality
from cstrain.demo.rating import rating
from cstrain.demo.reviewing import reviews
from cstrain.demo.revising import revisions
from cstrain.demo.roads import roads
from cstrain.demo.stage import Stage
from cstrain.demo.world import World
from cstrain.exams.queries import papers
from cstrain.extensions import db, zone
from cstrain.kernel.clock import SettableClock
from cstrain.kernel.errors import DomainError
from cstrain.onboarding.queries import programmes
from cstrain.people.passwords import hash_password
from cstrain.people.queries import everybody
from cstrain.unit_of_work import unit_of_work

_UNTIL = time(8, 12)
_SUBJECT = "company:demo"
_BEGIN, _END = "demo.begin", "demo.end"


class DemoError(DomainError):
    """The demo company cannot be built or used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in to print: what the person is in words, name, staff number (the user name), password."""

    role: str
    name: str
    staff_no: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """The demo company as it stands; ``built`` tells whether it was built just now."""

    log_ins: tuple[LogIn, ...]
    built: bool


def began_at(today: date) -> datetime:
    """Return the instant at which the company began to use the system: content is loaded as of then."""
    return datetime.combine(today - timedelta(days=BEGAN_DAYS_AGO), time(9), tzinfo=zone())


def log_ins() -> tuple[LogIn, ...]:
    """Return one log-in for each role of the house."""
    names = {one.staff_no: one.name for one in (*STAFF, *TRAINEES)}
    return tuple(LogIn(role, names[number], number, PASSWORD) for role, number in LOG_IN_WORDS)


def ensure_demo(app: Flask, clock: SettableClock, today: date, *, hasty: bool = False) -> DemoCompany:
    """Play the company up to the early morning of ``today`` (a company-local day) on an empty database.

    ``app`` was made with ``clock``; its schema and the shipped content are there (loaded as of ``began_at``).
    Where somebody is on record nothing is done. The same day gives the same company. ``hasty`` lets SQLite
    write without waiting for the disk, for a file that is thrown away when the build fails.
    Raises ``DemoError`` where a build was interrupted, or the shipped policies are not in force yet.
    """
    with app.app_context():
        if everybody(today, with_left=True):
            _check_whole()
            return DemoCompany(log_ins(), built=False)
        _check_content(began_at(today))
    play(app, clock, today)
    return DemoCompany(log_ins(), built=True)


def _check_whole() -> None:
    begun, ended = (latest(_SUBJECT, action, None, 1) for action in (_BEGIN, _END))
    if begun and not ended:
        raise DemoError(
            "the demo company was interrupted while it was built; delete its data and start again"
        )


def _check_content(at: datetime) -> None:
    if not papers():
        raise DemoError("the shipped content is not loaded; run: cstrain upgrade")
    if not programmes(at.date()):
        raise DemoError(
            f"the demo company begins on {at.date()}, before the shipped programmes are in force; "
            "set this machine's date right"
        )


def play(app: Flask, clock: SettableClock, today: date, trainees: Sequence[Trainee] = TRAINEES) -> World:
    """Play the company with these trainees on an empty, loaded database and return it."""
    with app.app_context():
        stage = Stage(app, clock, zone())
        world = World(stage, today, hash_password(PASSWORD))
        now = began_at(today)
    clock.set(now)
    with app.app_context():
        with unit_of_work():
            record(None, _BEGIN, _SUBJECT, today=today.isoformat())
            found(world, now)
            bind_ladders(world, now)
        every = [
            *roads(world, trainees),
            *discipline(world),
            quality(world),
            *months(world),
            *activities(world),
            assessing(world),
            reviews(world),
            *competitions(world),
            eaglets(world),
            *promotions(world),
            *editions(world),
            rating(world),
            moves(world),
            lessons(world),
            own_papers(world),
            *doubts(world),
            *revisions(world),
        ]
    for road in every:
        stage.enter(road)
    stage.play(world.at(today, _UNTIL.hour, _UNTIL.minute))
    with app.app_context(), unit_of_work():
        record(None, _END, _SUBJECT, today=today.isoformat())
    return world


def _hasten() -> None:
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        sa.event.listen(db.engine, "connect", _without_waiting)


def _without_waiting(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")
