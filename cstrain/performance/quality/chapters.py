"""Registers the quality chapter for ``cstrain policy check`` and for editions."""

from __future__ import annotations

from cstrain.performance.quality.policy import CHAPTER, QualityRules
from cstrain.policies.chapters import register_editable

register_editable("quality", QualityRules, CHAPTER, "会话质检")
