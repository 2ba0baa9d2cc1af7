"""Starting the rating: the panel with its conflicts, the colleagues who answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.promotion.competition import queries, store
from cstrain.promotion.competition.facts import Candidate, Check, Competition, Phase
from cstrain.promotion.competition.models import CompetitionColleague, CompetitionTally
from cstrain.promotion.competition.service.common import demand_permission, held, not_a_candidate, tell
from cstrain.promotion.competition.service.panel import appoint, check_panel

_OPEN = (Check.WAITS_OPINION, Check.WAITS_CHECK)


def start(actor: PersonId, now: datetime, competition_id: int, interviewers: Sequence[PersonId]) -> None:
    """Close the examination of applications, appoint the panel and ask the colleagues.

    Refused while an application waits, with too few interviewers or colleagues, and with an interviewer who
    is tied to a candidate (rules, ``conflict_clause``): the sentence names both.
    """
    demand_permission(actor, "competition.manage")
    competition = held(competition_id, now, {Phase.CHECKING})
    not_a_candidate(actor, competition)
    every = queries.candidates_of([competition_id])
    if any(one.check in _OPEN for one in every):
        raise ConflictError("还不能开始评分：有报名还没有审查完。")
    candidates = [one for one in every if one.check is Check.PASSED]
    if not candidates:
        raise ConflictError("还不能开始评分：没有通过资格审查的人。")
    panel = list(dict.fromkeys(interviewers))
    check_panel(competition, candidates, panel, now)
    colleagues = queries.voters(competition, candidates, panel, local_date(now))
    least = competition.rules.colleagues.least
    if len(colleagues) < least:
        raise DomainError(
            "还不能开始评分：能匿名打分的同事只有%(n)s位，至少要%(least)s位。", n=len(colleagues), least=least
        )
    _write(competition, candidates, panel, colleagues, now)
    store.add_event(competition_id, "started", actor, now, once="started")
    numbers = {"candidates": len(candidates), "interviewers": len(panel), "colleagues": len(colleagues)}
    record(actor, "competition.start", f"competition:{competition_id}", **numbers)
    for one in panel:
        tell(one, "请为“%(post)s”竞聘面试打分。", competition, now)
    for one in colleagues:
        tell(one, "请为“%(post)s”竞聘匿名打分。", competition, now)


def _write(
    competition: Competition,
    candidates: Sequence[Candidate],
    panel: Sequence[PersonId],
    colleagues: Sequence[PersonId],
    now: datetime,
) -> None:
    """Write the panel with declared ties, the colleagues, and a count of 0 for every answer there is."""
    for one in panel:
        appoint(competition, candidates, one, now)
    for one in colleagues:
        session().add(CompetitionColleague(competition_id=competition.id, person_id=one))
    sheet = competition.rules.colleagues
    session().add_all(
        CompetitionTally(candidate_id=one.id, item=item.id, answer=answer.id, chosen=0)
        for one in candidates
        for item in sheet.items
        for answer in sheet.answers
    )
    session().flush()
