"""Registers the chapter of the quarterly rating for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.policies.chapters import register_files
from cstrain.promotion.rating.policy import CHAPTER, RatingRules

register_files("rating", RatingRules, CHAPTER)
