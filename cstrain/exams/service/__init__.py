"""Acts of the exams package, one module a verb."""

from cstrain.exams.service.arrange import add_candidate, cancel, ensure_quiz, schedule
from cstrain.exams.service.close import close_expired, expired_attempts, hold_attempt, receipt, submit
from cstrain.exams.service.oversee import decide_intervention, extend, propose_extension, propose_void
from cstrain.exams.service.papers import add_paper, load_papers
from cstrain.exams.service.saving import save
from cstrain.exams.service.sit import start, take_lease

__all__ = [
    "add_candidate",
    "add_paper",
    "cancel",
    "close_expired",
    "decide_intervention",
    "ensure_quiz",
    "expired_attempts",
    "extend",
    "hold_attempt",
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
