"""Registers the chapter of practice for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.grading.practice.policy import PracticeRules
from cstrain.policies.chapters import register_files

register_files("practice", PracticeRules, "practice.yaml")
