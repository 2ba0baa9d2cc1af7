"""Pages of the core of promotion."""

from __future__ import annotations

from cstrain.promotion.views import binding, career, simulating, staff
from cstrain.promotion.views.base import blueprint

blueprints = [blueprint]

__all__ = ["binding", "blueprint", "blueprints", "career", "simulating", "staff"]
