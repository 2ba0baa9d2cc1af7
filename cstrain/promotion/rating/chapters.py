"""Registers the chapter of the quarterly rating for ``cstrain policy check`` and for editions."""

from __future__ import annotations

from cstrain.policies.chapters import register_editable
from cstrain.promotion.rating.policy import CHAPTER, RatingRules

register_editable("rating", RatingRules, CHAPTER, "季度评级")
