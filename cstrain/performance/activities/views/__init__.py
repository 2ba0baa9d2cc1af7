"""Pages of reports, contests and titles."""

from cstrain.performance.activities.views import contests, reports, titles
from cstrain.performance.activities.views.common import blueprint

blueprints = [blueprint]

__all__ = ["blueprints", "contests", "reports", "titles"]
