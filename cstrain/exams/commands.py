"""Lets ``cstrain bank check`` know what the papers draw: importing registers the source of their cells."""

from __future__ import annotations

from cstrain.exams.paper_cells import cells_of_papers

__all__ = ["cells_of_papers"]
