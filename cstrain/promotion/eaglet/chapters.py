"""Registers the chapter of the Eaglet plan for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.policies.chapters import register_files
from cstrain.promotion.eaglet.policy import CHAPTER, EagletRules

register_files("eaglet", EagletRules, CHAPTER)
