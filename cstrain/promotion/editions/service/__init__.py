"""Acts on editions: drafting, looking, checking, approving, acknowledging."""

from cstrain.promotion.editions.service.acknowledging import acknowledge, remind
from cstrain.promotion.editions.service.approving import approve, check, send_back, withdraw
from cstrain.promotion.editions.service.drafting import NewEdition, draft
from cstrain.promotion.editions.service.looking import look

__all__ = [
    "NewEdition",
    "acknowledge",
    "approve",
    "check",
    "draft",
    "look",
    "remind",
    "send_back",
    "withdraw",
]
