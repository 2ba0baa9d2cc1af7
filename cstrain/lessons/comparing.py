"""How two versions of a page differ, for readers: the changes with what surrounds them. Pure."""

from __future__ import annotations

from cstrain.ui.differences import Piece, differences, shortened
from cstrain.ui.prose import short_pictures


def compared(before: str, after: str) -> list[Piece]:
    """Return what changed between two texts of a page; long parts that are the same are left out."""
    return shortened(differences(short_pictures(before), short_pictures(after)))
