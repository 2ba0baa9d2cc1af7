"""Sheets of points that a page keeps by itself while somebody fills them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import jsonify

from cstrain.kernel.errors import DomainError
from cstrain.ui.filters import clock_time
from cstrain.ui.refusal import told
from cstrain.unit_of_work import unit_of_work


def keep_sheet(form: Any, keep: Callable[[], object], at: datetime) -> Any:
    """Keep an unfinished sheet in a unit of its own. 200 with the time when it was kept; else why not."""
    if not form.validate():
        return jsonify(error=str(next(iter(form.errors.values()))[0])), 422
    try:
        with unit_of_work():
            keep()
    except DomainError as error:
        return jsonify(error=told(error)), error.status
    return jsonify(saved=clock_time(at))
