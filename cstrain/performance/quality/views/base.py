"""What the pages of quality sampling share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, request, url_for

from cstrain.access import actor, may
from cstrain.documents.tables import Cell, write_xlsx
from cstrain.extensions import now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.people.service import log_view
from cstrain.performance.quality import queries
from cstrain.ui.forms import typed_day, whole
from cstrain.unit_of_work import unit_of_work

blueprint = Blueprint("quality", __name__, url_prefix="/quality")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOOK = "discipline.book"


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is in a long list."""

    page: int
    pages: int
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return url_for(self.endpoint, page=number, **self.values)


def asked_page() -> int:
    """Return the page the address asks for, from 1."""
    return max(1, request.args.get("page", 1, whole))


def pages(total: int, size: int, endpoint: str, **values: Any) -> Pages:
    """Return where the asked page stands in a list of ``total``."""
    return Pages(asked_page(), max(1, -(-total // size)), endpoint, values)


def monday(text: str) -> date:
    """Return the Monday an address names; 404 for anything else."""
    day = typed_day(text)
    if day is None or day.weekday() != 0:
        raise NotFoundError(queries.MISSING)
    return day


def first_of_month(text: str) -> date:
    """Return the first day of the month an address names (``2026-11``); 404 for anything else."""
    day = typed_day(f"{text}-01")
    if day is None:
        raise NotFoundError(queries.MISSING)
    return day


def attachment(data: bytes, mimetype: str, name: str) -> Response:
    """Return a file to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype=mimetype, headers=headers)


def workbook(rows: Sequence[Sequence[Cell]], name: str) -> Response:
    """Return rows as a workbook."""
    return attachment(write_xlsx(rows), _XLSX, name)


def booking_url(agent: PersonFacts, day: date, evidence: str) -> str:
    """Return where a deduction is booked, filled in; nothing for who may not book it."""
    if _BOOK not in current_app.view_functions or not may(actor(), "deduction.book", agent.id):
        return ""
    return url_for(_BOOK, staff_no=agent.staff_no, day=day.isoformat(), evidence=evidence)


def note_view(subject: PersonId, what: str) -> None:
    """Note that somebody looked at another's record."""
    if subject != actor():
        with unit_of_work():
            log_view(actor(), subject, what, now())
