"""Sealing a decision of a case: the house's one way (``judgement/sealing.py``). Pure."""

from __future__ import annotations

from cstrain.judgement.sealing import canonical, digest, intact, seal

__all__ = ["canonical", "digest", "intact", "seal"]
