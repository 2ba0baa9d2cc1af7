"""Registers the quality chapter for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.performance.quality.policy import CHAPTER, QualityRules
from cstrain.policies.chapters import register_files

register_files("quality", QualityRules, CHAPTER)
