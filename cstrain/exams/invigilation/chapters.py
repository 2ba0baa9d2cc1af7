"""Registers the chapter of invigilation for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.exams.invigilation.policy import InvigilationRules
from cstrain.policies.chapters import register_files

register_files("invigilation", InvigilationRules, "invigilation.yaml")
