"""Grading marks what was handed in, in the same transaction, and fills the bank pages' statistics slot."""

from __future__ import annotations

from cstrain.exams.events import AttemptSubmitted, attempt_submitted
from cstrain.grading.question_stats import FirstAttempts
from cstrain.grading.service.marking import mark_attempt
from cstrain.grading.written.events import PartSettled, part_settled
from cstrain.questions.slots import statistics

statistics.fill(FirstAttempts())


@attempt_submitted.connect
def mark_submitted(event: AttemptSubmitted) -> None:
    """Mark what was handed in."""
    mark_attempt(event.attempt_id, event.at)


@part_settled.connect
def mark_settled(event: PartSettled) -> None:
    """Mark an attempt again now that people have settled a part of it: with the last one comes the result."""
    mark_attempt(event.attempt_id, event.at)
