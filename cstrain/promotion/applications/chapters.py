"""Registers the chapter of panels, notices and appeals for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.policies.chapters import register_files
from cstrain.promotion.applications.policy import PanelsChapter

register_files("panels", PanelsChapter, "panels.yaml")
