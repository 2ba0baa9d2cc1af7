"""Pages of writing lessons and of following who reads them."""

from cstrain.lessons.authoring.views import following, publishing, writing
from cstrain.lessons.authoring.views.blueprint import blueprint

blueprints = [blueprint]

__all__ = ["blueprints", "following", "publishing", "writing"]
