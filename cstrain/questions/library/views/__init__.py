"""Pages of the question library."""

from cstrain.questions.library.views import bulk, saved, searching
from cstrain.questions.library.views.base import blueprint

__all__ = ["blueprint", "blueprints", "bulk", "saved", "searching"]

blueprints = [blueprint]
