"""Pages of competitions."""

from cstrain.promotion.competition.views import applying, deciding, pages, printing, rating
from cstrain.promotion.competition.views.common import blueprint

blueprints = [blueprint]

__all__ = ["applying", "blueprints", "deciding", "pages", "printing", "rating"]
