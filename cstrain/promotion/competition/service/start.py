"""Starting the rating: the panel with its conflicts, the colleagues who answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, Each
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.competition import queries, store
from cstrain.promotion.competition.facts import Candidate, Check, Competition, Phase
from cstrain.promotion.competition.models import (
    CompetitionColleague,
    CompetitionInterviewer,
    CompetitionTally,
)
from cstrain.promotion.competition.service.common import demand_permission, held, not_a_candidate, tell

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
    _check_panel(competition, candidates, panel, now)
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


def _check_panel(
    competition: Competition, candidates: Sequence[Candidate], panel: Sequence[PersonId], now: datetime
) -> None:
    today, least = local_date(now), competition.rules.interview.least
    able = {one.id: one.name for one in queries.able_to_interview(competition, candidates, today)}
    if len(panel) < least or not able.keys() >= set(panel):
        raise DomainError("没有开始：请选至少%(least)s位可以当面试官的人，候选人不能当。", least=least)
    names = {each.id: each.name for each in people.people([one.person for one in candidates], today).values()}
    tied = [
        {"who": able[one], "whom": names[candidate.person]}
        for one in panel
        for candidate, _why in queries.ties_of(one, candidates, competition.rules, today)[0]
    ]
    if tied:
        raise DomainError(
            "没有开始：%(ties)s。导师和直接上级要回避（%(clause)s），请换人。",
            ties=Each("%(who)s是%(whom)s的导师或直接上级", tied),
            clause=competition.rules.conflict_clause,
        )


def _write(
    competition: Competition,
    candidates: Sequence[Candidate],
    panel: Sequence[PersonId],
    colleagues: Sequence[PersonId],
    now: datetime,
) -> None:
    """Write the panel with declared ties, the colleagues, and a count of 0 for every answer there is."""
    today = local_date(now)
    for one in panel:
        allowed = queries.ties_of(one, candidates, competition.rules, today)[1]
        ties = [{"candidate": candidate.id, "office": office} for candidate, office in allowed]
        session().add(CompetitionInterviewer(competition_id=competition.id, person_id=one, ties=ties))
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
