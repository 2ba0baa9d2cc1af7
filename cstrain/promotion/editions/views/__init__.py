"""Pages of editions: drafting, checking, approving, acknowledging; sealed decisions."""

from cstrain.promotion.editions.views import acknowledging, approving, decisions, drafting, pages
from cstrain.promotion.editions.views.base import blueprint

__all__ = ["acknowledging", "approving", "blueprints", "decisions", "drafting", "pages"]
blueprints = [blueprint]
