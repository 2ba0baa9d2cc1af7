"""Who may apply in a competition now; who may not hears why and what to do before they write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import Status
from cstrain.promotion.competition.facts import Candidate, Check, Competition, Phase
from cstrain.promotion.competition.queries.records import events_of


def may_apply(person: PersonId, one: Competition, candidates: Sequence[Candidate], today: date) -> bool:
    """Tell whether somebody may apply now: converted, in the window, once, and without a part in it."""
    return one.phase is Phase.OPEN and barred(person, one, candidates, today) is None


def barred(
    person: PersonId, one: Competition, candidates: Sequence[Candidate], today: date
) -> DomainError | None:
    """Return why somebody may not apply in a competition now, and what to do; ``None`` when they may."""
    if one.phase is Phase.ANNOUNCED:
        return ConflictError("不能报名：还没到报名时间，%(day)s开始。请到时再来。", day=one.opens_on)
    if one.phase is not Phase.OPEN:
        return ConflictError("不能报名：报名在%(day)s截止了。可以等下一次竞聘。", day=one.closes_on)
    mine = next((each for each in candidates if each.person == person), None)
    if mine is not None:
        return _twice(mine)
    if people.status_of(person, today) is not Status.CONVERTED:
        return ForbiddenError(
            "不能报名：只有已转正的员工可以报名（%(clause)s）。转正以后可以报下一次竞聘。",
            clause=one.rules.who_clause,
        )
    return _has_part(person, one)


def _twice(mine: Candidate) -> DomainError:
    if mine.check is Check.WITHDRAWN:
        return ConflictError("不能报名：这次竞聘你报过名又撤回了，不能再报。可以等下一次竞聘。")
    return ConflictError("不能报名：你已经报名了，不用再报。可以在竞聘页上看你的报名表。")


def _has_part(person: PersonId, one: Competition) -> DomainError | None:
    if person == one.opened_by:
        return ForbiddenError("不能报名：这次竞聘是你发布的，不能自己报名。可以报别的竞聘。")
    if any(event.by == person for event in events_of(one.id)):
        return ForbiddenError("不能报名：你已经办过这次竞聘里别人的报名，不能自己报名。可以报别的竞聘。")
    return None
