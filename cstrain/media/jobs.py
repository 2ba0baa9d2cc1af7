"""Uploads that nobody goes on with are taken away after a day."""

from __future__ import annotations

from datetime import datetime

from cstrain.media.uploading import old_uploads, remove_old
from cstrain.unit_of_work import unit_of_work


def run(now: datetime) -> int:
    """Take old uploads away and return how many there were; a unit of work each, for each may be big."""
    found = old_uploads(now)
    for token in found:
        with unit_of_work():
            remove_old(now, token)
    return len(found)
