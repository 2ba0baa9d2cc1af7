"""Acts of competitions."""

from cstrain.promotion.competition.service.announce import NewCompetition, announce, end
from cstrain.promotion.competition.service.apply import apply, check, give_opinion, withdraw
from cstrain.promotion.competition.service.decide import answer_act, propose_choice, propose_trial_end
from cstrain.promotion.competition.service.notices import (
    answer_objection,
    close_notice,
    file_objection,
    publish_notice,
    start_investigation,
)
from cstrain.promotion.competition.service.panel import recuse
from cstrain.promotion.competition.service.rate import (
    answer_as_colleague,
    calculate,
    close_ballot,
    hand_in,
)
from cstrain.promotion.competition.service.start import start

__all__ = [
    "NewCompetition",
    "announce",
    "answer_act",
    "answer_as_colleague",
    "answer_objection",
    "apply",
    "calculate",
    "check",
    "close_ballot",
    "close_notice",
    "end",
    "file_objection",
    "give_opinion",
    "hand_in",
    "propose_choice",
    "propose_trial_end",
    "publish_notice",
    "recuse",
    "start",
    "start_investigation",
    "withdraw",
]
