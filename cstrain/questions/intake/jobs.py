"""Imports in the background: begun within two seconds of the upload, apart from requests and other jobs."""

from __future__ import annotations

import logging
import threading
from datetime import datetime
from typing import cast

from flask import Flask, current_app

from cstrain.extensions import db
from cstrain.extensions import now as clock
from cstrain.questions.intake.service import cancel_old, work_through
from cstrain.questions.intake.store import work_waits
from cstrain.unit_of_work import unit_of_work

_WORKER = "cstrain.imports"
log = logging.getLogger("cstrain.imports")


class _Worker(threading.Thread):
    """Works off what waits and ends; killed with the process, it leaves nothing half-written."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="cstrain-imports", daemon=True)
        self._app = app

    def run(self) -> None:
        """Work until nothing waits."""
        with self._app.app_context():
            try:
                work_through(clock)
            except Exception:
                log.exception("imports could not be worked on; they are tried again")
            finally:
                db.session.rollback()
                db.session.remove()


def beat(_run: str, now: datetime) -> None:
    """Begin to work where an import waits and this process is not at one already."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    running = cast("_Worker | None", app.extensions.get(_WORKER))
    if (running is not None and running.is_alive()) or not work_waits(now):
        return
    worker = _Worker(app)
    app.extensions[_WORKER] = worker
    worker.start()


def run(now: datetime) -> None:
    """End the imports that nobody confirmed for a month."""
    with unit_of_work():
        cancel_old(now)
