"""Acts of the conversion part, one module a verb."""

from cstrain.onboarding.conversion.service.decide import (
    confirm_decision,
    propose_decision,
    refuse_decision,
)
from cstrain.onboarding.conversion.service.eliminate import (
    answer_elimination,
    confirm_elimination,
    propose_elimination,
    refuse_elimination,
)
from cstrain.onboarding.conversion.service.entries import (
    offer_extension,
    record_consent,
    set_training,
    state_violations,
    write_summary,
)
from cstrain.onboarding.conversion.service.lapse import close_case, record_lapses
from cstrain.onboarding.conversion.service.review import review_case
from cstrain.onboarding.conversion.service.schedule import arrange_paper, open_case, schedule_conversion

__all__ = [
    "answer_elimination",
    "arrange_paper",
    "close_case",
    "confirm_decision",
    "confirm_elimination",
    "offer_extension",
    "open_case",
    "propose_decision",
    "propose_elimination",
    "record_consent",
    "record_lapses",
    "refuse_decision",
    "refuse_elimination",
    "review_case",
    "schedule_conversion",
    "set_training",
    "state_violations",
    "write_summary",
]
