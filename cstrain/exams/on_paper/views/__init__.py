"""Pages of sittings on paper: giving out and taking in, entering and comparing."""

from cstrain.exams.on_paper.views import entering, sheets
from cstrain.exams.on_paper.views.base import blueprint

blueprints = [blueprint]
__all__ = ["blueprints", "entering", "sheets"]
