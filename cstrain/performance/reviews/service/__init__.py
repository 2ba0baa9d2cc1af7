"""Acts of monthly reviews."""

from cstrain.performance.reviews.service.answer import answer_as_peer, enter_customers, hand_in
from cstrain.performance.reviews.service.close import close, extend
from cstrain.performance.reviews.service.open import NewCycle, name_peers, open_cycle

__all__ = [
    "NewCycle",
    "answer_as_peer",
    "close",
    "enter_customers",
    "extend",
    "hand_in",
    "name_peers",
    "open_cycle",
]
