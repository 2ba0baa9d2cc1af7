"""What templates are made with: filters, charts, addresses of static files."""

from cstrain.ui.filters import register as init_app

__all__ = ["init_app"]
