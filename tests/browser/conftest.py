"""A real Chromium against a real server in a thread, with a clock that runs and can be set."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser.player import free_lease
from tests.conftest import SECRET, START
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.needs import skip_without

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


class RunningClock:
    """A clock that runs from the instant it is set to."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def set(self, at: datetime) -> None:
        self._from, self._since = at.astimezone(UTC), time.monotonic()

    def move(self, step: timedelta) -> None:
        self.set(self.now() + step)

    def now(self) -> datetime:
        return self._from + timedelta(seconds=time.monotonic() - self._since)


@dataclass
class Site:
    """A running server: its application, address and clock."""

    app: Any
    url: str
    clock: RunningClock

    def cookie(self, person: int) -> dict[str, Any]:
        """The cookie of a signed-in session, for a browser context."""
        from cstrain.people.accounts import sign_in_for_tests

        with self.app.app_context():
            values = sign_in_for_tests(person)
        signer = self.app.session_interface.get_signing_serializer(self.app)
        return {
            "name": self.app.config["SESSION_COOKIE_NAME"],
            "value": signer.dumps(values),
            "url": self.url,
        }


def _serve(app: Any, server: Any, channels: dict[int, Any], stop: threading.Event) -> None:
    """Serve as ``cstrain serve`` does until told to stop."""
    from cstrain.operations.holding import holding_back
    from cstrain.operations.polling import turns

    waiting = turns(channels)
    with holding_back(app, server, waiting):
        while not stop.is_set():
            waiting.turn(0.05)


@contextmanager
def running_site(path: Path) -> Iterator[Site]:
    """The application on a SQLite file with the schema, behind waitress on a free port."""
    from waitress.server import create_server
    from waitress.wasyncore import close_all

    from cstrain.app import create_app
    from cstrain.config import Settings
    from cstrain.extensions import db

    clock = RunningClock(START)
    settings = Settings(database_url=f"sqlite:///{path}", secret_key=SECRET, secure_cookies=False)
    app = create_app(settings, clock)
    channels: dict[int, Any] = {}
    server = create_server(app, map=channels, host="127.0.0.1", port=0, threads=8)
    stop = threading.Event()
    thread = threading.Thread(target=_serve, args=(app, server, channels, stop), daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.effective_port}", clock)
    stop.set()
    thread.join(timeout=5)
    server.task_dispatcher.shutdown(timeout=5)
    close_all(channels, ignore_all=True)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def site(template_database, tmp_path) -> Iterator[Site]:
    """A running server on a database of the test's own."""
    path = tmp_path / "browser.db"
    shutil.copy(template_database, path)
    with running_site(path) as running:
        yield running


@pytest.fixture(scope="session")
def browser(chromium) -> Iterator[Any]:
    """One Chromium for the run."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip_without("browser", "playwright is not installed")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def open_context(browser, site) -> Iterator[Any]:
    """Make a browser context of a signed-in person; what its pages complain of fails the test."""
    contexts, complaints = [], []

    def make(person: int, viewport: dict[str, int] | None = None, **options: Any) -> Any:
        context = browser.new_context(viewport=viewport or DESKTOP, locale="zh-CN", **options)
        context.set_default_timeout(8000)
        context.add_cookies([site.cookie(person)])
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def picture() -> Any:
    """Save a screenshot where ``CSTRAIN_PICTURES`` says; without it nobody looks at one and none is taken."""
    folder = os.environ.get("CSTRAIN_PICTURES", "")

    def take(page: Any, name: str, *, full: bool = False) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=full)

    return take


@pytest.fixture
def exam(site):
    """A person, their sitting of thirty minutes and a running attempt of ten questions."""
    with site.app.app_context():
        person = make_person("林晓雯")
        attempt = make.make_attempt(person)
        free_lease(attempt)
    return person, attempt
