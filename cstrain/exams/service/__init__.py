"""Acts of the exams package, one module a verb."""

from cstrain.exams.service.accommodate import accommodate, carry_over, renew_code
from cstrain.exams.service.arrange import add_candidate, cancel, ensure_quiz, schedule
from cstrain.exams.service.close import (
    close_expired,
    expired_attempts,
    goes_on,
    hold_attempt,
    receipt,
    submit,
)
from cstrain.exams.service.oversee import (
    decide_alike,
    decide_intervention,
    extend,
    extend_all,
    propose_extension,
    propose_void,
)
from cstrain.exams.service.papers import add_paper, load_papers
from cstrain.exams.service.saving import save
from cstrain.exams.service.sit import enter, start, take_lease

__all__ = [
    "accommodate",
    "add_candidate",
    "add_paper",
    "cancel",
    "carry_over",
    "close_expired",
    "decide_alike",
    "decide_intervention",
    "ensure_quiz",
    "enter",
    "expired_attempts",
    "extend",
    "extend_all",
    "goes_on",
    "hold_attempt",
    "load_papers",
    "propose_extension",
    "propose_void",
    "receipt",
    "renew_code",
    "save",
    "schedule",
    "start",
    "submit",
    "take_lease",
]
