"""How a question stands to its source. Pure."""

from __future__ import annotations

from datetime import datetime

from cstrain.questions.sources.facts import Basis, Standing

MOST_AT_ONCE = 500
"""So many questions may be called right in one act."""


def flag(
    basis: Basis, then: str | None, present: str | None, retired_at: datetime | None = None
) -> Standing | None:
    """Return why a question is flagged, or ``None``.

    ``then`` and ``present``: the text of its section in the version it was held against and now; ``None``:
    there is none. A section that was never there cannot be lost. A retired lesson has no sections, which
    somebody may have accepted since.
    """
    if then is None and retired_at is None:
        return None
    if retired_at is not None:
        return None if basis.by_person and basis.at >= retired_at else Standing.GONE
    if present is None:
        return Standing.GONE
    return Standing.CHANGED if present != then else None


def standing(basis: Basis, number: int, flagged: Standing | None) -> Standing:
    """Return how a question stands to version ``number`` of its lesson."""
    if basis.number >= number:
        return Standing.CHECKED if basis.by_person else Standing.LATER
    return flagged or Standing.SAME
