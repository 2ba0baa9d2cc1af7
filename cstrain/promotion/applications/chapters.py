"""Registers the chapter of panels, notices and appeals for ``cstrain policy check`` and for editions."""

from __future__ import annotations

from cstrain.policies.chapters import register_editable
from cstrain.promotion.applications.policy import CHAPTER, PanelsChapter

register_editable("panels", PanelsChapter, CHAPTER, "答辩、公示和申诉")
