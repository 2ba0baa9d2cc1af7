"""Pages of conversion: cases, entries, decisions, eliminations, documents."""

from cstrain.onboarding.conversion.views import cases, decisions, documents, eliminations, entries, extension
from cstrain.onboarding.conversion.views.common import blueprint

blueprints = [blueprint]

__all__ = ["blueprints", "cases", "decisions", "documents", "eliminations", "entries", "extension"]
