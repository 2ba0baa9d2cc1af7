"""What waits for somebody in moves: steps of cases, appeals, a supervisor's succession."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.promotion.moves import queries
from cstrain.promotion.moves.queries import DUTY_WORDS, Duty
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("82-moves")
def moves(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what somebody has to do in moves; ``None`` when nothing waits."""
    today = local_date(now)
    duties = queries.duties(person, today)
    if not duties:
        return None
    names = people.people({one.person for one in duties if one.person is not None}, today)
    tasks = [
        Task("is-later", gettext(DUTY_WORDS[one.kind]), _about(one, names), _url(one), gettext("去办"))
        for one in duties
    ]
    return Part(
        lead="",
        title=gettext("调动"),
        tasks=with_next(tasks),
        empty="",
    )


def _about(duty: Duty, names: dict[PersonId, PersonFacts]) -> tuple[str, ...]:
    place = (duty.succession.department_name,) if duty.succession is not None else ()
    return (*((names[duty.person].name,) if duty.person is not None else ()), *place)


def _url(duty: Duty) -> str:
    if duty.succession is not None:
        return url_for("successions.show", succession_id=duty.succession.id)
    return url_for("moves.show", case_id=duty.case.id if duty.case is not None else 0)
