"""Exams fill the bank pages' slot for papers."""

from __future__ import annotations

from cstrain.exams.paper_desk import StoredPapers
from cstrain.questions.slots import paper_desk

paper_desk.fill(StoredPapers())
