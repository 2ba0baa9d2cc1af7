"""Pages of quarterly ratings."""

from cstrain.promotion.rating.views import acting, pages, person, printing
from cstrain.promotion.rating.views.base import blueprint

blueprints = [blueprint]

__all__ = ["acting", "blueprints", "pages", "person", "printing"]
