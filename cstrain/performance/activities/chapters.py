"""Registers the chapter of reports, contests and titles for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.performance.activities.policy import CHAPTER, ActivityRules
from cstrain.policies.chapters import register_files

register_files("activities", ActivityRules, CHAPTER)
