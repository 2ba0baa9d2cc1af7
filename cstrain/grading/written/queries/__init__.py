"""Reads of marking from queues; never writes."""

from cstrain.grading.written.ports import close_sources
from cstrain.grading.written.queries.given import (
    finished_shares,
    given_marks,
    marked_twice,
    markers_of,
    points_of,
    queued,
    rubrics_of,
    settled_shares,
)
from cstrain.grading.written.queries.waiting import (
    MISSING,
    OpenTask,
    finished_by,
    free_for,
    marking_rules,
    open_tasks,
    own_mark,
    queues,
    sheet,
    waiting_count,
)

__all__ = [
    "MISSING",
    "OpenTask",
    "close_sources",
    "finished_by",
    "finished_shares",
    "free_for",
    "given_marks",
    "marked_twice",
    "markers_of",
    "marking_rules",
    "open_tasks",
    "own_mark",
    "points_of",
    "queued",
    "queues",
    "rubrics_of",
    "settled_shares",
    "sheet",
    "waiting_count",
]
