"""Registers the chapter of the group-leader competition for ``cstrain policy check`` and for editions."""

from __future__ import annotations

from cstrain.policies.chapters import register_editable
from cstrain.promotion.competition.policy import CHAPTER, CompetitionRules

register_editable("leader_competition", CompetitionRules, CHAPTER, "组长竞聘")
