"""Registers the exam chapters for ``cstrain policy check``."""

from __future__ import annotations

from cstrain.exams.policy import ExamRules, PaperSpec
from cstrain.policies.chapters import register_files

register_files("exams", ExamRules, "exams.yaml")
register_files("papers", PaperSpec, "papers/*.yaml")
