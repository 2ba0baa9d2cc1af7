"""Acts of credentials, one module a subject."""

from cstrain.grading.credentials.service.certificates import claim_award, claim_certificate
from cstrain.grading.credentials.service.exemptions import ask_exemption, decide_exemption, withdraw_exemption
from cstrain.grading.credentials.service.outside import (
    NewResult,
    confirm_outside,
    record_outside,
    refuse_outside,
    take_back_outside,
)

__all__ = [
    "NewResult",
    "ask_exemption",
    "claim_award",
    "claim_certificate",
    "confirm_outside",
    "decide_exemption",
    "record_outside",
    "refuse_outside",
    "take_back_outside",
    "withdraw_exemption",
]
