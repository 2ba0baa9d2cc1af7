"""Acts of the approvals package."""

from cstrain.approvals.service.opinions import give_opinion, hand_over, open_chain, withdraw
from cstrain.approvals.service.pairs import confirm, lapse_act, propose, refuse

__all__ = ["confirm", "give_opinion", "hand_over", "lapse_act", "open_chain", "propose", "refuse", "withdraw"]
