"""What time brings: every half minute each package's jobs run, one after another, apart from requests.

A package's ``jobs.py`` offers ``run(now)``; it opens its own units of work (one per person or batch), so that
one failure undoes little and stops nothing else. ``app.py`` gathers them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import cast

from flask import Flask

from cstrain.extensions import db, now

EVERY_SECONDS = 30.0

log = logging.getLogger("cstrain.jobs")


def jobs_of(app: Flask) -> Mapping[str, Callable[[datetime], object]]:
    """Return the jobs of an application by the package they belong to."""
    return cast(Mapping[str, Callable[[datetime], object]], app.extensions["cstrain.jobs"])


def run_all(app: Flask) -> dict[str, str]:
    """Run every job once and return what went wrong, by package (empty: nothing).

    A job that fails is reported and the next one runs.
    """
    failed: dict[str, str] = {}
    for name, job in jobs_of(app).items():
        with app.app_context():
            try:
                job(now())
            except Exception as error:
                log.exception("the job of %s failed", name)
                failed[name] = f"{type(error).__name__}: {error}"
            finally:
                db.session.rollback()
                db.session.remove()
    return failed


class JobRunner(threading.Thread):
    """Runs all jobs at once and then every ``EVERY_SECONDS`` until told to stop."""

    def __init__(self, app: Flask, stop: threading.Event) -> None:
        super().__init__(name="cstrain-jobs", daemon=True)
        self._app, self._told = app, stop

    def run(self) -> None:
        """Run until the stop event is set."""
        while not self._told.is_set():
            run_all(self._app)
            self._told.wait(EVERY_SECONDS)
