"""Registers the onboarding chapters for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.onboarding.conversion.policy import ConversionChapter, LabourLaw
from cstrain.onboarding.policy import OnboardingRules
from cstrain.onboarding.programme_source import FOLDER, shipped_programmes
from cstrain.policies.chapters import Chapter, chapters, register_files

register_files("onboarding", OnboardingRules, "onboarding.yaml")
register_files("conversion", ConversionChapter, "conversion.yaml")
register_files("labour_law", LabourLaw, "labour_law.yaml")
chapters.add("programmes", Chapter(f"{FOLDER}/*.yaml", lambda: len(shipped_programmes())))
