"""Pages of quality sampling."""

from cstrain.performance.quality.views import (
    chats,
    contests,
    efficiency,
    months,
    own,
    rating,
    weeks,
)
from cstrain.performance.quality.views.base import blueprint

blueprints = [blueprint]

__all__ = ["blueprints", "chats", "contests", "efficiency", "months", "own", "rating", "weeks"]
