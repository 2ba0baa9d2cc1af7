"""Acts of quarterly ratings."""

from cstrain.promotion.rating.service.confirm import answer_confirmation, propose_confirmation
from cstrain.promotion.rating.service.contest import contest, decide
from cstrain.promotion.rating.service.late import answer_late, ask_late
from cstrain.promotion.rating.service.run import comment, start

__all__ = [
    "answer_confirmation",
    "answer_late",
    "ask_late",
    "comment",
    "contest",
    "decide",
    "propose_confirmation",
    "start",
]
