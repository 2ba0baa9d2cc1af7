"""What exams do without being asked: hand in the attempts whose time is over."""

from __future__ import annotations

import logging
from datetime import datetime

from cstrain.exams.service import close_expired, expired_attempts
from cstrain.kernel.errors import DomainError
from cstrain.unit_of_work import unit_of_work

_log = logging.getLogger(__name__)


def run(now: datetime) -> int:
    """Close expired attempts and return how many: one unit of work each, so that none holds up another."""
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
