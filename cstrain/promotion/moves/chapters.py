"""Registers the chapter of moves for ``cstrain policy check`` and for editions."""

from __future__ import annotations

from cstrain.policies.chapters import register_editable
from cstrain.promotion.moves.policy import CHAPTER, MovesRules

register_editable("moves", MovesRules, CHAPTER, "调岗与接任")
