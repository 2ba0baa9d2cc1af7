"""Pages of imports: bringing a file, what was found in it, what became of it; a bank as a file."""

from cstrain.questions.intake.views import confirming, exports, results, review, uploads
from cstrain.questions.intake.views.shared import blueprint

blueprints = [blueprint]

__all__ = ["blueprints", "confirming", "exports", "results", "review", "uploads"]
