"""Pages of moves."""

from cstrain.promotion.moves.views import asking, keeping, pages, printing, succeeding
from cstrain.promotion.moves.views.common import blueprint, successions

blueprints = [blueprint, successions]

__all__ = ["asking", "blueprints", "keeping", "pages", "printing", "succeeding"]
