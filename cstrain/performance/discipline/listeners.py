"""Fills the places that other rooms and packages keep for discipline."""

from __future__ import annotations

from cstrain.people.slots import person_sections
from cstrain.performance import slots
from cstrain.performance.discipline.filling import BookedDeductions, sections

slots.deductions.fill(BookedDeductions())
person_sections.add("discipline", sections)
