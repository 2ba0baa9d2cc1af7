"""Front page and homes, navigation, language, error pages, static files."""

from cstrain.web.setup import init_app

__all__ = ["init_app"]
