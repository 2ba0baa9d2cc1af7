"""Registers the marking chapter for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.grading.written.policy import CHAPTER, MarkingRules
from cstrain.policies.chapters import register_files

register_files("marking", MarkingRules, CHAPTER)
