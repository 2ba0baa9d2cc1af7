"""Pages of monthly reviews."""

from cstrain.performance.reviews.views import answering, cycles, results
from cstrain.performance.reviews.views.common import blueprint

blueprints = [blueprint]

__all__ = ["answering", "blueprints", "cycles", "results"]
