"""Acts of competitions."""

from cstrain.promotion.competition.service.announce import NewCompetition, announce, end
from cstrain.promotion.competition.service.apply import apply, check, give_opinion, withdraw
from cstrain.promotion.competition.service.decide import answer_act, propose_choice, propose_trial_end
from cstrain.promotion.competition.service.rate import (
    answer_as_colleague,
    calculate,
    close_ballot,
    hand_in,
    recuse,
)
from cstrain.promotion.competition.service.start import start

__all__ = [
    "NewCompetition",
    "announce",
    "answer_act",
    "answer_as_colleague",
    "apply",
    "calculate",
    "check",
    "close_ballot",
    "end",
    "give_opinion",
    "hand_in",
    "propose_choice",
    "propose_trial_end",
    "recuse",
    "start",
    "withdraw",
]
