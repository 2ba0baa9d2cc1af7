"""Grading hears that an attempt was handed in, and marks it in the same transaction."""

from __future__ import annotations

from cstrain.exams.events import AttemptSubmitted, attempt_submitted
from cstrain.grading.service.marking import mark_attempt


@attempt_submitted.connect
def mark_submitted(event: AttemptSubmitted) -> None:
    """Mark what was handed in."""
    mark_attempt(event.attempt_id, event.at)
