"""The chapter of monthly performance as it is in force."""

from __future__ import annotations

from datetime import date

from cstrain.performance.policy import CHAPTER, PerformanceRules
from cstrain.performance.rules import last_of
from cstrain.policies.loader import load


def performance_rules(on: date | None = None) -> PerformanceRules:
    """Return the chapter in force on a day, without one today."""
    return load(PerformanceRules, CHAPTER, on)


def month_rules(month: date) -> PerformanceRules:
    """Return the chapter that a month goes by, also when it is entered or corrected later: its last day's."""
    return performance_rules(last_of(month))
