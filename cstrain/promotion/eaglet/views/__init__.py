"""Pages of Eaglet plans."""

from cstrain.promotion.eaglet.views import applying, choosing, finishing, meetings, pages, printing, studying
from cstrain.promotion.eaglet.views.common import blueprint

blueprints = [blueprint]

__all__ = ["applying", "blueprints", "choosing", "finishing", "meetings", "pages", "printing", "studying"]
