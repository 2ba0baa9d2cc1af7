"""Registers the chapter of monthly performance for ``cstrain policy check`` and for editions."""

from __future__ import annotations

from cstrain.performance.policy import CHAPTER, PerformanceRules
from cstrain.policies.chapters import register_editable

register_editable("performance", PerformanceRules, CHAPTER, "月度绩效")
