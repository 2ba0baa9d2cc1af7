"""Tells the bank check what the shipped papers draw, so that it can prove the banks deep enough."""

from __future__ import annotations

from cstrain.exams.service.papers import shipped_papers
from cstrain.questions.cells import PAPER_SOURCES, PaperCells


@PAPER_SOURCES.register("exams")
def cells_of_papers() -> list[PaperCells]:
    """Return the cells of every shipped blueprint, by the bank they draw from."""
    return [
        PaperCells(spec.ref, bank, [cell.cell for cell in spec.cells if cell.bank == bank])
        for spec in shipped_papers()
        for bank in spec.banks
    ]
