"""Acts of the exams package, one module a verb."""

from cstrain.exams.service.arrange import add_candidate, cancel, ensure_quiz, schedule
from cstrain.exams.service.close import close_expired, submit
from cstrain.exams.service.oversee import extend
from cstrain.exams.service.papers import load_papers
from cstrain.exams.service.sit import save, start, take_lease

__all__ = [
    "add_candidate",
    "cancel",
    "close_expired",
    "ensure_quiz",
    "extend",
    "load_papers",
    "save",
    "schedule",
    "start",
    "submit",
    "take_lease",
]
