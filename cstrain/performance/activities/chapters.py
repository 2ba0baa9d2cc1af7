"""Registers the chapter of reports, contests and titles for ``cstrain policy check`` and for editions."""

from __future__ import annotations

from cstrain.performance.activities.policy import CHAPTER, ActivityRules
from cstrain.policies.chapters import register_editable

register_editable("activities", ActivityRules, CHAPTER, "班组报告、评比和称号")
