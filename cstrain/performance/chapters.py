"""Registers the chapter of monthly performance for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.performance.policy import CHAPTER, PerformanceRules
from cstrain.policies.chapters import register_files

register_files("performance", PerformanceRules, CHAPTER)
