"""Registers the chapter of the group-leader competition for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.policies.chapters import register_files
from cstrain.promotion.competition.policy import CHAPTER, CompetitionRules

register_files("leader_competition", CompetitionRules, CHAPTER)
