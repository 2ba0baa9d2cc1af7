"""Acts of the exams package, one module a verb."""

from cstrain.exams.service.arrange import add_candidate, cancel, ensure_quiz, schedule
from cstrain.exams.service.close import close_expired, expired_attempts, receipt, submit
from cstrain.exams.service.oversee import decide_intervention, extend, propose_extension, propose_void
from cstrain.exams.service.papers import load_papers
from cstrain.exams.service.sit import save, start, take_lease

__all__ = [
    "add_candidate",
    "cancel",
    "close_expired",
    "decide_intervention",
    "ensure_quiz",
    "expired_attempts",
    "extend",
    "load_papers",
    "propose_extension",
    "propose_void",
    "receipt",
    "save",
    "schedule",
    "start",
    "submit",
    "take_lease",
]
