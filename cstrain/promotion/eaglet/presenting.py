"""Plans as pages and papers show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cstrain.performance.discipline.policy import bare_label
from cstrain.promotion.eaglet import queries
from cstrain.promotion.eaglet.facts import Application, Heard, Plan, Screened


def with_days(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the system knew of an applicant with its days as days, for pages."""
    day = date.fromisoformat
    return {
        **known,
        "hired_on": day(known["hired_on"]),
        "service_since": day(known["service_since"]) if known["service_since"] else None,
        "registers": [[kind, day(on), *bare_label(kind, label)] for kind, on, label in known["registers"]],
        "months": [[day(month), score, grade] for month, score, grade in known["months"]],
    }


@dataclass(frozen=True, slots=True)
class OwnLine:
    """What became of an application: its line of the closed sheet, and its rank once the result is out."""

    screened: Screened
    heard: Heard | None


def applicant_line(plan: Plan, found: Application, today: date) -> OwnLine | None:
    """Return an application's line of the sheets; ``None`` before the screening is closed."""
    notice = next(one for one in plan.notices if one.id == found.notice)
    these = [one for one in queries.applications_of(plan.id, notice.id) if not one.withdrawn]
    if found.id not in {one.id for one in these}:
        return None
    sheet = queries.screening(plan, notice, [], today)
    line = next((one for one in sheet.lines if one.application == found.id), None)
    if sheet.closed is None or line is None:
        return None
    published = any(one.detail["notice"] == notice.id for one in queries.events_of(plan.id, "grouped"))
    result = queries.find_result(plan, notice, these, today) if published else None
    ranks = result.heard if result is not None else ()
    return OwnLine(line, next((one for one in ranks if one.application == found.id), None))
