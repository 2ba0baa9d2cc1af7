"""Registers the onboarding chapters for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.onboarding.policy import OnboardingRules
from cstrain.onboarding.programme_source import FOLDER, shipped_programmes
from cstrain.policies.chapters import Chapter, chapters, register_files

register_files("onboarding", OnboardingRules, "onboarding.yaml")
chapters.add("programmes", Chapter(f"{FOLDER}/*.yaml", lambda: len(shipped_programmes())))
