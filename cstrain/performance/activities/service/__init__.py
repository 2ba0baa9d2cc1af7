"""Acts: write, hand in, read and comment reports; announce and close contests; propose and give titles."""

from cstrain.performance.activities.service.contests import announce, answer_result, propose_result
from cstrain.performance.activities.service.reports import add, comment, keep, mark_read, submit
from cstrain.performance.activities.service.titles import answer, propose

__all__ = [
    "add",
    "announce",
    "answer",
    "answer_result",
    "comment",
    "keep",
    "mark_read",
    "propose",
    "propose_result",
    "submit",
]
