"""Registers the chapter of joint assessment for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.performance.assessment.policy import CHAPTER, AssessmentRules
from cstrain.policies.chapters import register_files

register_files("assessment", AssessmentRules, CHAPTER)
