"""Fills the places that packages below keep for credentials."""

from __future__ import annotations

from cstrain.exams import ports
from cstrain.grading.credentials.filling import KeptPasses, PolicyLines, sections
from cstrain.people.slots import person_sections
from cstrain.questions.slots import paper_rules

_KEPT = KeptPasses()
ports.passes.fill(_KEPT)
ports.exemptions.fill(_KEPT)
ports.resits.fill(_KEPT)
paper_rules.fill(PolicyLines())
person_sections.add("credentials", sections)
