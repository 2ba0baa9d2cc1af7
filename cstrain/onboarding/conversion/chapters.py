"""Registers the conversion chapters for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.onboarding.conversion.policy import ConversionChapter, LabourLaw
from cstrain.policies.chapters import register_files

register_files("conversion", ConversionChapter, "conversion.yaml")
register_files("labour_law", LabourLaw, "labour_law.yaml")
