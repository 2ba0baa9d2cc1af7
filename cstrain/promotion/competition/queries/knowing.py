"""What the system knows of somebody for the application form 竞聘报名表."""

from __future__ import annotations

from datetime import date
from typing import Any

from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance import queries as performance
from cstrain.performance.discipline import queries as discipline

_SHOWN = ("award", "violation", "complaint", "proposal")
_MONTHS = 6


def known_of(person: PersonId, today: date) -> dict[str, Any]:
    """Return the form's filled-in part as plain data: post, dates, latest months, awards and violations."""
    facts = people.get_person(person, today)
    records = performance.months_of([person], today, last=_MONTHS)[person]
    return {
        "name": facts.name,
        "staff_no": facts.staff_no,
        "department": facts.department_name,
        "post": facts.post,
        "level": facts.level,
        "track": facts.track,
        "hired_on": facts.hire_date.isoformat(),
        "post_since": _post_since(person, today).isoformat(),
        "months": [
            {
                "month": one.month.isoformat(),
                "score": f"{one.values['score']:f}" if "score" in one.values else None,
                "grade": one.grade,
                "deductions": one.deductions,
                "points": one.points,
            }
            for one in records
        ],
        "registers": [
            [one.kind, one.on.isoformat(), one.label, one.ref]
            for one in discipline.registers_of([person], today).get(person, ())
            if one.kind in _SHOWN
        ],
    }


def _post_since(person: PersonId, today: date) -> date:
    """Return since when a person has held the present post without a break."""
    days = [one for one in people.state_days(person) if one.effective_from <= today]
    since = days[-1].effective_from
    for one in reversed(days):
        if one.state.post != days[-1].state.post:
            break
        since = one.effective_from
    return since
