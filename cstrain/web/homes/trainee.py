"""The home of trainees: the strip of days, today's list, the next exam, scores, the mentor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext

from cstrain.exams import queries as exams
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.onboarding import queries as onboarding
from cstrain.onboarding.facts import SignFacts, Timeline, subjects_of
from cstrain.onboarding.presenting import (
    Item,
    checklist,
    heading,
    next_exam,
    own_day_url,
    own_left,
    score_rows,
    strip_weeks,
)
from cstrain.people import queries as people
from cstrain.web.homes.part import PARTS, Part


@PARTS.register("00-trainee")
def trainee(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return the part of somebody who follows a programme; ``None`` for everybody else."""
    enrolled = onboarding.open_enrolment_of(person)
    if "trainee" not in roles or enrolled is None:
        return None
    line = onboarding.timeline(enrolled.id, now)
    values = _values(line, person, now)
    return Part(
        quiet=heading(line, line.current),
        lead=_lead(line, values["checklist"]),
        title="",
        tasks=(),
        empty="",
        template="web/_trainee.html",
        values=values,
        listed=len(own_left(line)),
        day=line.current.number if line.current is not None and line.current.on_day == line.today else None,
    )


def _lead(line: Timeline, checklist: Sequence[Item]) -> str:
    """Say which day it is and what comes first; nothing when nothing can be done now."""
    following = next((item for item in checklist if item.state == "is-next"), None)
    if following is None or line.current is None:
        return ""
    day = line.current.number
    return str(gettext("第%(number)s天，先完成%(what)s。", number=day, what=following.what))


def _values(line: Timeline, person: PersonId, now: datetime) -> dict[str, Any]:
    sittings = exams.sittings_of(person)
    mentor = people.get_person(line.mentor.mentor, local_date(now)) if line.mentor is not None else None
    day = line.current
    mine = subjects_of(line.enrolment, day.number) if day is not None else frozenset()
    of_day = {one.paper.ref: one for one in sittings if one.subject in mine}
    signer = mentor.name if mentor is not None else gettext("导师")
    return {
        "line": line,
        "day": day,
        "weeks": strip_weeks(line, own_day_url(line)),
        "checklist": checklist(line, day, of_day, now, signer) if day is not None else [],
        "scores": score_rows(line),
        "exam": next_exam(sittings, line, now),
        "mentor": mentor,
        "remark": _last_remark(line),
        "now": now,
    }


def _last_remark(line: Timeline) -> SignFacts | None:
    """Return the latest signature that carries a remark."""
    return next((sign for sign in reversed(line.signed) if sign.remark), None)
