"""A demo company, or a part of it, played on a copy of the empty schema."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

SHOWN_ON = date(2026, 11, 20)


@dataclass
class Played:
    """An application whose company was played up to a day, and its clock."""

    app: Any
    clock: Any
    today: date
    world: Any


@pytest.fixture(scope="session")
def play_company(template_database, tmp_path_factory) -> Callable[..., Played]:
    """Return a function that plays a company up to a day, with all trainees or some."""
    from cstrain.app import create_app
    from cstrain.config import Settings
    from cstrain.demo.cast import TRAINEES
    from cstrain.demo.service import began_at, play
    from cstrain.kernel.clock import SettableClock
    from cstrain.operations.init import LOADERS
    from cstrain.unit_of_work import unit_of_work
    from tests.conftest import SECRET

    def make(today: date, *staff_nos: str) -> Played:
        path = tmp_path_factory.mktemp("demo") / "demo.db"
        shutil.copy(template_database, path)
        clock = SettableClock(datetime(2026, 1, 1, tzinfo=UTC))
        settings = Settings(
            database_url=f"sqlite:///{path}", secret_key=SECRET, secure_cookies=False, second_factor=False
        )
        app = create_app(settings, clock)
        with app.app_context():
            clock.set(began_at(today))
            for _name, load in LOADERS:
                with unit_of_work():
                    load(clock.now())
        wanted = [one for one in TRAINEES if not staff_nos or one.staff_no in staff_nos]
        return Played(app, clock, today, play(app, clock, today, wanted))

    return make


@pytest.fixture(scope="session")
def demo(play_company) -> Played:
    """The whole company on an ordinary Friday."""
    return play_company(SHOWN_ON)


@pytest.fixture
def company(demo):
    """The whole company, inside an application context at the end of the play."""
    with demo.app.app_context():
        yield demo.world
