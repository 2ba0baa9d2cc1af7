"""Registers the chapter of the Eaglet plan for ``cstrain policy check`` and for editions."""

from __future__ import annotations

from cstrain.policies.chapters import register_editable
from cstrain.promotion.eaglet.policy import CHAPTER, EagletRules

register_editable("eaglet", EagletRules, CHAPTER, "雏鹰计划")
