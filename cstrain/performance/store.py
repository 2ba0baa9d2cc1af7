"""The chapter of monthly performance as it is shipped."""

from __future__ import annotations

from cstrain.performance.policy import CHAPTER, PerformanceRules
from cstrain.policies.loader import load


def performance_rules() -> PerformanceRules:
    """Return the chapter in force."""
    return load(PerformanceRules, CHAPTER)
