"""The blueprint of the pages of sittings on paper, and who may look at a copy."""

from __future__ import annotations

from flask import Blueprint

from cstrain.access import demand
from cstrain.exams.on_paper import queries
from cstrain.exams.on_paper.facts import CopyFacts

blueprint = Blueprint("on_paper", __name__)


def others(copy_id: int) -> CopyFacts:
    """Return a copy that is not one's own; one's own and a missing one answer the same."""
    found = queries.copy(copy_id)
    demand("sitting.transcribe", found.person_id)
    return found
