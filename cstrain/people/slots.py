"""Places on the person page that packages above fill: results, enrolment, sign-offs …

``listeners.py`` of a package adds a function: ``person_sections.add("exams", sections)``. It
is called with the person's facts on the day of viewing and returns what to show, in order; it asks ``access``
itself what the reader may see and returns nothing otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cstrain.kernel.registry import Registry
from cstrain.people.facts import PersonFacts


@dataclass(frozen=True, slots=True)
class Section:
    """A panel: its title (already in the reader's language), a template of the package, the template's
    data."""

    title: str
    template: str
    data: Mapping[str, Any] = field(default_factory=dict)


Sections = Callable[[PersonFacts], list[Section]]

person_sections: Registry[Sections] = Registry("section of the person page")


def sections_of(person: PersonFacts) -> list[Section]:
    """Return every section that packages add to a person's page."""
    return [section for fill in person_sections for section in fill(person)]
