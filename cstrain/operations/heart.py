"""The server's heart: every two seconds the packages that keep a record of its life are told of a beat.

What the beats leave out is an outage: the process was stopped, restarted, or could not write.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast

from flask import Flask

from cstrain.extensions import db, now

EVERY_SECONDS = 2.0
_AGAIN_SECONDS = 0.25
"""How soon a beat that failed is tried again: one lost connection alone makes no outage."""

log = logging.getLogger("cstrain.heart")


class Heart(threading.Thread):
    """Beats every ``EVERY_SECONDS`` until told to stop. ``run`` names this process."""

    def __init__(self, app: Flask, stop: threading.Event) -> None:
        super().__init__(name="cstrain-heart", daemon=True)
        self._app, self._told = app, stop
        self._name = secrets.token_hex(8)
        self._failing = False

    def beat(self) -> bool:
        """Beat once; tell whether it was noted. One that was not leaves a gap in the record, as it should."""
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
        return not self._failing

    def run(self) -> None:
        """Beat until the stop event is set: every ``EVERY_SECONDS``, however long a beat itself took."""
        wait = EVERY_SECONDS
        while not self._told.wait(wait):
            begun = time.monotonic()
            noted = self.beat()
            wait = max(0.0, begun + EVERY_SECONDS - time.monotonic()) if noted else _AGAIN_SECONDS
