"""What quality sampling does without being asked: each morning it draws the day before and tells who
watches it; once a day it empties transcripts that are too old."""

from __future__ import annotations

import logging
from datetime import date, datetime

from cstrain.extensions import zone
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId, new_token
from cstrain.performance.quality import queries, rules, service
from cstrain.unit_of_work import unit_of_work

_log = logging.getLogger(__name__)


def run(now: datetime) -> int:
    """Draw every day that is over and has chats, each in its own unit of work; return how many."""
    local = now.astimezone(zone())
    last = rules.last_day_to_draw(local.date(), local.hour, queries.quality_rules())
    drawn: dict[date, list[PersonId]] = {}
    for one in queries.undrawn(last):
        try:
            with unit_of_work():
                service.draw(None, now, one.person_id, one.day, new_token())
        except DomainError:
            _log.exception("day %s of person %s could not be drawn", one.day, one.person_id)
            continue
        drawn.setdefault(one.day, []).append(one.person_id)
    if agents := drawn.get(last):
        with unit_of_work():
            service.report_day(now, last, agents)
    if local.hour >= queries.quality_rules().draw_hour and not queries.emptied_on(local.date()):
        _empty(now)
    return sum(len(each) for each in drawn.values())


def _empty(now: datetime) -> None:
    """Empty every transcript that is too old, a part at a time, each in its own unit of work."""
    number, part = 0, -1
    while part:
        with unit_of_work():
            part = service.empty_transcripts(now)
        number += part
    with unit_of_work():
        service.empty_files(now)
        service.note_emptied(now, number)
