"""Tells the bank check what the shipped papers draw, so that it can prove the banks deep enough."""

from __future__ import annotations

from cstrain.exams.service.papers import shipped_papers
from cstrain.questions.cells import PAPER_SOURCES, PaperCells


@PAPER_SOURCES.register("exams")
def cells_of_papers() -> list[PaperCells]:
    """Return the cells of every shipped blueprint."""
    return [PaperCells(spec.ref, spec.bank, [cell.cell for cell in spec.cells]) for spec in shipped_papers()]
