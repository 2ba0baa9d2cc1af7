"""Pages of post plans, joint assessments and interviews."""

from cstrain.performance.assessment.views import interviews, own, plans, rating, reviewing, rounds, sheets
from cstrain.performance.assessment.views.base import blueprint

blueprints = [blueprint]

__all__ = ["blueprints", "interviews", "own", "plans", "rating", "reviewing", "rounds", "sheets"]
