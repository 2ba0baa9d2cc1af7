"""Pages of discipline."""

from cstrain.performance.discipline.views import deductions, opening, own, registers
from cstrain.performance.discipline.views.common import blueprint

blueprints = [blueprint]

__all__ = ["blueprints", "deductions", "opening", "own", "registers"]
