"""What grading does without being asked: answers that people must mark, and wait in no queue, get there."""

from __future__ import annotations

import logging
from datetime import datetime

from cstrain.grading.queries import not_queued
from cstrain.grading.service.marking import mark_attempt
from cstrain.kernel.errors import DomainError
from cstrain.unit_of_work import unit_of_work

_log = logging.getLogger(__name__)


def run(now: datetime) -> int:
    """Mark attempts that were closed before there were queues, so that their answers enter them.

    What is handed in enters its queue at once. Returns how many were looked at; a unit of work each.
    """
    found = not_queued(now)
    for attempt_id in found:
        try:
            with unit_of_work():
                mark_attempt(attempt_id, now)
        except DomainError:
            _log.exception("attempt %s could not be marked", attempt_id)
    return len(found)
