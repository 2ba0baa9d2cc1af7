"""Registers the chapter of joint assessment for ``cstrain policy check`` and for editions."""

from __future__ import annotations

from cstrain.performance.assessment.policy import CHAPTER, AssessmentRules
from cstrain.policies.chapters import register_editable

register_editable("assessment", AssessmentRules, CHAPTER, "联合考核")
