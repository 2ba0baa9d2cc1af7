"""Pages of monthly performance."""

from cstrain.performance.views import closing, departments, entering, importing, people
from cstrain.performance.views.blueprint import blueprint

blueprints = [blueprint]

__all__ = ["blueprints", "closing", "departments", "entering", "importing", "people"]
