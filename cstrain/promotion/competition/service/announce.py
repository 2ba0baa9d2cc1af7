"""Announcing a competition, and ending one before anybody is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.competition import queries, store
from cstrain.promotion.competition.facts import Check, Phase
from cstrain.promotion.competition.models import Competition
from cstrain.promotion.competition.service.common import (
    demand_permission,
    held,
    needed,
    not_a_candidate,
    tell,
)

_MOST_SEATS = 20
_MOST_NOTICE = 5000


@dataclass(frozen=True, slots=True)
class NewCompetition:
    """A post to compete for. ``opens_on`` and ``closes_on``: whole days of the window, both included."""

    post: str
    department_id: int
    seats: int
    notice: str
    opens_on: date
    closes_on: date


def announce(actor: PersonId, now: datetime, new: NewCompetition) -> int:
    """Announce a competition under the chapter now in force; returns its id.

    Raises ``DomainError`` for a window that lies in the past or ends before it begins.
    """
    demand_permission(actor, "competition.manage")
    people.department(new.department_id)
    if not 1 <= new.seats <= _MOST_SEATS:
        raise DomainError("没有发布：人数要在1到%(most)s之间。", most=_MOST_SEATS)
    if new.closes_on < new.opens_on or new.closes_on < local_date(now):
        raise DomainError("没有发布：报名截止日不能早于开始日，也不能早于今天。请改正日期。")
    chapter = store.chapter()
    row = Competition(
        post=needed(new.post, 60),
        department_id=new.department_id,
        seats=new.seats,
        notice=needed(new.notice, _MOST_NOTICE),
        opens_on=new.opens_on,
        closes_on=new.closes_on,
        rules=chapter.model_dump(mode="json"),
        opened_by=actor,
        opened_at=now,
    )
    session().add(row)
    session().flush()
    record(
        actor,
        "competition.announce",
        f"competition:{row.id}",
        department=new.department_id,
        seats=new.seats,
        edition=chapter.edition,
    )
    return row.id


def end(actor: PersonId, now: datetime, competition_id: int, reason: str) -> None:
    """End a competition before its calculation, with a reason that all see; applicants are told."""
    demand_permission(actor, "competition.manage")
    competition = held(competition_id, now, {Phase.ANNOUNCED, Phase.OPEN, Phase.CHECKING, Phase.RATING})
    not_a_candidate(actor, competition)
    store.add_event(competition_id, "ended", actor, now, {"reason": needed(reason)}, once="ended")
    record(actor, "competition.end", f"competition:{competition_id}")
    for one in queries.candidates_of([competition_id]):
        if one.check is not Check.WITHDRAWN:
            tell(one.person, "“%(post)s”竞聘已终止，原因在竞聘页上。", competition, now)
