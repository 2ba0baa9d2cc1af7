"""Registers the chapter of moves for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.policies.chapters import register_files
from cstrain.promotion.moves.policy import CHAPTER, MovesRules

register_files("moves", MovesRules, CHAPTER)
