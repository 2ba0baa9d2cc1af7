"""Registers the chapter of monthly reviews for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.performance.reviews.policy import CHAPTER, ReviewRules
from cstrain.policies.chapters import register_files

register_files("reviews", ReviewRules, CHAPTER)
