"""Pages of papers on their way, of their print, and of what banks lack for papers."""

from cstrain.exams.papermaking.views import covering, deciding, drafting, printing
from cstrain.exams.papermaking.views.base import blueprint

blueprints = [blueprint]
__all__ = ["blueprints", "covering", "deciding", "drafting", "printing"]
