"""Acts on post plans, joint assessments and interviews."""

from cstrain.performance.assessment.service.answering import answer, decide
from cstrain.performance.assessment.service.interviews import follow_up, hold, sign
from cstrain.performance.assessment.service.plans import approve, check, draft, send_back
from cstrain.performance.assessment.service.rating import keep_points, open_round, rate
from cstrain.performance.assessment.service.reviewing import finish, return_sheet, write_again

__all__ = [
    "answer",
    "approve",
    "check",
    "decide",
    "draft",
    "finish",
    "follow_up",
    "hold",
    "keep_points",
    "open_round",
    "rate",
    "return_sheet",
    "send_back",
    "sign",
    "write_again",
]
