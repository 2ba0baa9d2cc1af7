"""What of each sitting still waits for people to mark it: answers in the queues, and what was done aloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cstrain.exams.facts import AttemptFacts
from cstrain.grading.live_queries import live_tasks
from cstrain.grading.written.queries import open_tasks
from cstrain.kernel.ids import AttemptId, SittingId

_HANDED_IN = frozenset({"submitted", "expired"})


@dataclass(frozen=True, slots=True)
class UnmarkedAnswer:
    """An answer that waits: of which attempt, aloud or in a queue, whether somebody has begun to mark it."""

    attempt: AttemptFacts
    aloud: bool
    begun: bool


@dataclass(frozen=True, slots=True)
class UnmarkedSitting:
    """A sitting of which answers wait: ``written`` in queues, ``aloud`` for an examiner.

    ``begun`` of them are being marked; they belong to ``attempts`` attempts, the first of which was over at
    ``since``.
    """

    sitting_id: SittingId
    title: str
    paper: str
    written: int
    aloud: int
    begun: int
    attempts: int
    since: datetime


def unmarked_sittings(at: datetime) -> list[UnmarkedSitting]:
    """Return the sittings with answers that wait for people, who has waited longest first.

    A fixed number of statements, however many wait.
    """
    groups: dict[SittingId, list[UnmarkedAnswer]] = {}
    for answer in (*_in_queues(at), *_aloud(at)):
        groups.setdefault(answer.attempt.sitting_id, []).append(answer)
    return sorted((_sitting(group) for group in groups.values()), key=lambda one: (one.since, one.sitting_id))


def _in_queues(at: datetime) -> Iterable[UnmarkedAnswer]:
    for task in open_tasks(at):
        begun = any(mark.returned_at is None and mark.finished_at is None for mark in task.marks)
        yield UnmarkedAnswer(task.attempt, False, begun)


def _aloud(at: datetime) -> Iterable[UnmarkedAnswer]:
    for task in live_tasks(at):
        if task.finished_at is None and task.attempt.state in _HANDED_IN:
            yield UnmarkedAnswer(task.attempt, True, task.examiner is not None)


def _sitting(answers: Sequence[UnmarkedAnswer]) -> UnmarkedSitting:
    attempts: dict[AttemptId, AttemptFacts] = {one.attempt.id: one.attempt for one in answers}
    one = answers[0].attempt
    aloud = sum(answer.aloud for answer in answers)
    return UnmarkedSitting(
        one.sitting_id,
        one.title,
        one.paper.title,
        len(answers) - aloud,
        aloud,
        sum(answer.begun for answer in answers),
        len(attempts),
        min(facts.submitted_at or facts.deadline for facts in attempts.values()),
    )
