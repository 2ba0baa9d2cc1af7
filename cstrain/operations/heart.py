"""The server's heart: every two seconds the packages that keep a record of its life are told of a beat.

What the beats leave out is an outage: the process was stopped, restarted, or could not write.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast

from flask import Flask

from cstrain.extensions import db, now

EVERY_SECONDS = 2.0

log = logging.getLogger("cstrain.heart")


class Heart(threading.Thread):
    """Beats every ``EVERY_SECONDS`` until told to stop. ``run`` names this process."""

    def __init__(self, app: Flask, stop: threading.Event) -> None:
        super().__init__(name="cstrain-heart", daemon=True)
        self._app, self._told = app, stop
        self._name = secrets.token_hex(8)
        self._failing = False

    def beat(self) -> None:
        """Beat once. A beat that fails leaves a gap in the record, which is what it should do."""
        beats = cast(Sequence[Callable[[str, datetime], object]], self._app.extensions["cstrain.beats"])
        with self._app.app_context():
            try:
                for each in beats:
                    each(self._name, now())
                self._failing = False
            except Exception:
                if not self._failing:
                    log.exception("the server could not note that it lives")
                self._failing = True
            finally:
                db.session.rollback()
                db.session.remove()

    def run(self) -> None:
        """Beat until the stop event is set."""
        while not self._told.wait(EVERY_SECONDS):
            self.beat()
