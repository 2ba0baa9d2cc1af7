"""Registers the rule sets for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.performance.discipline.policy import RuleSet
from cstrain.policies.chapters import register_files

register_files("discipline", RuleSet, "discipline/*.yaml")
