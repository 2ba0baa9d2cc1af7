"""Reads of monthly reviews; never writes. What peers said is read when a cycle is closed, never before."""

from cstrain.performance.reviews.queries.closing import ready
from cstrain.performance.reviews.queries.cycles import (
    CyclePage,
    customers_entries,
    cycle,
    cycles,
    departments_for,
    find_subject,
    latest_cycle,
    may_open,
    open_cycles,
    subject,
    subjects_of,
    visible,
)
from cstrain.performance.reviews.queries.peers import nameable, named_peers
from cstrain.performance.reviews.queries.results import find_result, result, results_of
from cstrain.performance.reviews.queries.todo import Task, answered, late_in, may_rate, tasks, unanswered

__all__ = [
    "CyclePage",
    "Task",
    "answered",
    "customers_entries",
    "cycle",
    "cycles",
    "departments_for",
    "find_result",
    "find_subject",
    "late_in",
    "latest_cycle",
    "may_open",
    "may_rate",
    "nameable",
    "named_peers",
    "open_cycles",
    "ready",
    "result",
    "results_of",
    "subject",
    "subjects_of",
    "tasks",
    "unanswered",
    "visible",
]
