"""Places on onboarding's pages that other parts fill: they register here, the pages ask."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.ids import EnrolmentId
from cstrain.kernel.registry import Registry
from cstrain.onboarding.facts import BoardNote


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel on a trainee's page: a heading, one sentence on how it stands, and where it leads.

    ``url`` is empty for who may not go there.
    """

    title: str
    says: str
    url: str
    link: str


BoardSource = Callable[[Collection[EnrolmentId], datetime], Mapping[EnrolmentId, BoardNote]]
PanelSource = Callable[[EnrolmentId, datetime], Panel | None]

board_sources: Registry[BoardSource] = Registry("board source")
"""What fills the board's opinion, re-exam and proposal columns."""

panel_sources: Registry[PanelSource] = Registry("panel source")
"""What adds panels to a trainee's page."""


def board_notes(ids: Collection[EnrolmentId], now: datetime) -> dict[EnrolmentId, BoardNote]:
    """Return what the sources say of these enrolments; a later source (by name) wins."""
    found: dict[EnrolmentId, BoardNote] = {}
    for source in board_sources:
        found.update(source(ids, now))
    return found


def panels(enrolment_id: EnrolmentId, now: datetime) -> list[Panel]:
    """Return the panels for a trainee's page."""
    found = (source(enrolment_id, now) for source in panel_sources)
    return [panel for panel in found if panel is not None]
