"""Registers the chapter of editions for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.policies.chapters import register_files
from cstrain.promotion.editions.policy import CHAPTER, EditionRules

register_files("editions", EditionRules, CHAPTER)
