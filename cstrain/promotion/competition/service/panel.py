"""The panel: who may sit on it, who steps back, and who takes over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, Each, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.competition import queries, store
from cstrain.promotion.competition.facts import Candidate, Competition, Phase
from cstrain.promotion.competition.models import CompetitionInterviewer
from cstrain.promotion.competition.service.common import (
    demand_permission,
    held,
    needed,
    not_a_candidate,
    tell,
)


def check_panel(
    competition: Competition, candidates: Sequence[Candidate], panel: Sequence[PersonId], now: datetime
) -> None:
    """Refuse a panel that is too small, has somebody who may not interview, or who is tied to a candidate."""
    today, least = local_date(now), competition.rules.interview.least
    able = {one.id for one in queries.able_to_interview(competition, candidates, today)}
    if len(panel) < least or not able >= set(panel):
        raise DomainError("没有开始：请选至少%(least)s位可以当面试官的人，候选人不能当。", least=least)
    if tied := _ties(competition, candidates, panel, now):
        raise DomainError(
            "没有开始：%(ties)s。导师和直接上级要回避（%(clause)s），请换人。",
            ties=tied,
            clause=competition.rules.conflict_clause,
        )


def _ties(
    competition: Competition, candidates: Sequence[Candidate], panel: Sequence[PersonId], now: datetime
) -> Each | None:
    """Name the ties that keep people from interviewing candidates; ``None`` without any."""
    today = local_date(now)
    found = [
        (one, candidate.person)
        for one in panel
        for candidate, _why in queries.ties_of(one, candidates, competition.rules, today)[0]
    ]
    if not found:
        return None
    names = people.people({one for pair in found for one in pair}, today)
    rows = [{"who": names[who].name, "whom": names[whom].name} for who, whom in found]
    return Each("%(who)s是%(whom)s的导师或直接上级", rows)


def demand_untied(actor: PersonId, competition: Competition, candidate: Candidate, now: datetime) -> None:
    """Refuse an interviewer who has become the candidate's mentor or direct superior since the start."""
    if tied := _ties(competition, [candidate], [actor], now):
        raise ForbiddenError(
            "不能打分：%(ties)s，要回避（%(clause)s）。请告诉人力资源部，换人接替。",
            ties=tied,
            clause=competition.rules.conflict_clause,
        )


def appoint(
    competition: Competition, candidates: Sequence[Candidate], person: PersonId, now: datetime
) -> None:
    """Put somebody on the panel, with the ties that the rules allow and declare."""
    allowed = queries.ties_of(person, candidates, competition.rules, local_date(now))[1]
    ties = [{"candidate": candidate.id, "office": office} for candidate, office in allowed]
    session().add(CompetitionInterviewer(competition_id=competition.id, person_id=person, ties=ties))


def recuse(
    actor: PersonId,
    now: datetime,
    competition_id: int,
    person: PersonId,
    reason: str,
    successor: PersonId | None = None,
) -> None:
    """Take an interviewer off the panel, by themself or by HR, with a reason; their sheets do not count.

    HR may name who takes over, and must where the panel would fall below its least number: somebody who may
    interview, was not on the panel, was not asked as a colleague, and is tied to no candidate.
    """
    competition = held(competition_id, now, {Phase.RATING})
    if actor != person or successor is not None:
        demand_permission(actor, "competition.manage")
        not_a_candidate(actor, competition)
    sitting = [one.person for one in queries.panel_of(competition_id) if one.recused is None]
    if person not in sitting:
        raise NotFoundError(store.MISSING)
    least = competition.rules.interview.least
    if successor is not None:
        _take_over(competition, successor, now)
    elif len(sitting) <= least:
        raise ConflictError("没有回避：面试官至少要%(least)s位。请由人力资源部选接替的人。", least=least)
    detail = {"person": person, "reason": needed(reason), "successor": successor}
    store.add_event(competition_id, "recused", actor, now, detail, once=f"recused:{person}")
    record(actor, "competition.recuse", f"competition:{competition_id}", person=person, successor=successor)


def _take_over(competition: Competition, person: PersonId, now: datetime) -> None:
    candidates, today = queries.passed(competition.id), local_date(now)
    state = queries.progress(competition, today)
    able = {one.id for one in queries.able_to_take_over(competition, state, today)}
    if person not in able:
        raise DomainError("没有回避：接替的人不能当面试官，或者已经参加了这次竞聘的打分。请换人。")
    if tied := _ties(competition, candidates, [person], now):
        raise DomainError(
            "没有回避：%(ties)s。导师和直接上级要回避（%(clause)s），请换人。",
            ties=tied,
            clause=competition.rules.conflict_clause,
        )
    appoint(competition, candidates, person, now)
    session().flush()
    tell(person, "请为“%(post)s”竞聘面试打分。", competition, now)
