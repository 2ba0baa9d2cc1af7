"""Pages of onboarding: the trainee's, the signer's, and those of who manages and watches."""

from cstrain.onboarding.views import board, cohorts, enrolment, gates, manage, sheets, signer, trainee
from cstrain.onboarding.views.base import blueprint

blueprints = [blueprint]
__all__ = [
    "blueprints",
    "board",
    "cohorts",
    "enrolment",
    "gates",
    "manage",
    "sheets",
    "signer",
    "trainee",
]
