"""Registers the ladders and their scenario cases for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.policies.chapters import Chapter, chapters
from cstrain.promotion import ladders, scenarios

chapters.add("ladders", Chapter(f"{ladders.FOLDER}/*.yaml", lambda: len(ladders.read_all())))
chapters.add("scenarios", Chapter(f"{scenarios.FOLDER}/*.yaml", scenarios.run_all))
