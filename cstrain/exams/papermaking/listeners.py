"""The exams are told which papers are withdrawn."""

from __future__ import annotations

from cstrain.exams.papermaking.queries import OwnPapers
from cstrain.exams.store import own_papers

own_papers.fill(OwnPapers())
