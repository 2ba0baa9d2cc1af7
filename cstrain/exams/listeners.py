"""Exams fill the bank pages' slot for papers, and tell the bank check what the papers draw."""

from __future__ import annotations

from cstrain.exams.paper_cells import cells_of_papers
from cstrain.exams.paper_desk import StoredPapers
from cstrain.questions.slots import paper_desk

__all__ = ["cells_of_papers"]

paper_desk.fill(StoredPapers())
