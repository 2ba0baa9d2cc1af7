"""Forms on paper are told to the exams: their questions are met, and nobody sits twice at once."""

from __future__ import annotations

from cstrain.exams.on_paper.queries import PaperCopies
from cstrain.exams.ports import on_paper

on_paper.fill(PaperCopies())
