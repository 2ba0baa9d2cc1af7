"""Pages of the exams package: the candidate's, the player, and those of who arranges and watches."""

from cstrain.exams.api import blueprint as player
from cstrain.exams.views import arranging, candidate, candidates, invigilating, taking, watching
from cstrain.exams.views.base import blueprint

blueprints = [blueprint, player]
__all__ = ["arranging", "blueprints", "candidate", "candidates", "invigilating", "taking", "watching"]
