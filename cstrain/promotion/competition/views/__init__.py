"""Pages of competitions."""

from cstrain.promotion.competition.views import applying, deciding, notices, pages, printing, rating
from cstrain.promotion.competition.views.common import blueprint

blueprints = [blueprint]

__all__ = ["applying", "blueprints", "deciding", "notices", "pages", "printing", "rating"]
