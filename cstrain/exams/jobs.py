"""What exams do without being asked: note that the server lives, hand in the attempts whose time is over."""

from __future__ import annotations

import logging
from datetime import datetime

from cstrain.exams.invigilation.service import beat as note_beat
from cstrain.exams.invigilation.service import release_holds, somebody_sits
from cstrain.exams.service import close_expired, expired_attempts
from cstrain.kernel.errors import DomainError
from cstrain.unit_of_work import unit_of_work

_log = logging.getLogger(__name__)


def beat(run: str, now: datetime) -> None:
    """Note that the server lives while somebody sits; ``run`` names the process. Asked every two seconds."""
    if not somebody_sits():
        return
    with unit_of_work():
        note_beat(run, now)


def run(now: datetime) -> int:
    """Close expired attempts and return how many: one unit of work each, so that none holds up another."""
    with unit_of_work():
        release_holds(now)
    closed = 0
    for attempt_id in expired_attempts(now):
        try:
            with unit_of_work():
                close_expired(attempt_id, now)
        except DomainError:
            _log.exception("attempt %s could not be closed", attempt_id)
            continue
        closed += 1
    return closed
