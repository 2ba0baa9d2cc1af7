"""Registers the chapter of monthly reviews for ``cstrain policy check`` and for editions."""

from __future__ import annotations

from cstrain.performance.reviews.policy import CHAPTER, ReviewRules
from cstrain.policies.chapters import register_editable

register_editable("reviews", ReviewRules, CHAPTER, "月度评价")
