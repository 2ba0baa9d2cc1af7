"""Applications: made by converted staff, seen by the present department, checked by HR."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import Status
from cstrain.promotion.competition import queries, store
from cstrain.promotion.competition.facts import Candidate, Check, Competition, Phase
from cstrain.promotion.competition.models import CompetitionCandidate
from cstrain.promotion.competition.service.common import (
    demand_permission,
    held,
    needed,
    not_a_candidate,
    tell,
)
from cstrain.unit_of_work import flush_unique

_TWICE = "你已经报名了，不用再报。"
SAID = ("experience", "achievements", "reasons", "strengths", "plans", "career")
"""What an applicant writes: work so far, results, why, strengths, plans for the post, career."""
_MOST = 2000
_BEFORE_RATING = {Phase.OPEN, Phase.CHECKING}


def apply(actor: PersonId, now: datetime, competition_id: int, said: Mapping[str, str]) -> int:
    """Apply for the post; what the system knows that day is kept with the form. Returns the application's id.

    Only converted staff (rules, ``who_clause``), only within the window, once; not who has already acted on
    the application of a rival.
    """
    competition = held(competition_id, now, {Phase.OPEN})
    today = local_date(now)
    why = queries.barred(actor, competition, queries.candidates_of([competition_id]), today)
    if why is not None:
        raise why
    kept = {name: needed(said.get(name, ""), _MOST) for name in SAID}
    row = CompetitionCandidate(
        competition_id=competition_id,
        person_id=actor,
        known=queries.known_of(actor, today),
        said=kept,
        applied_at=now,
    )
    session().add(row)
    flush_unique(_TWICE)
    record(actor, "competition.apply", f"competition:{competition_id}", candidate=row.id)
    for superior in people.direct_superiors_of(actor, today):
        tell(superior, "有人报名“%(post)s”竞聘，请填写部门意见。", competition, now)
    return row.id


def withdraw(actor: PersonId, now: datetime, candidate_id: int) -> None:
    """Withdraw one's own application, for good, before the calculation; what was written stays on record."""
    row = store.candidate_row(candidate_id)
    if row.person_id != actor:
        raise ForbiddenError("只有本人可以撤回报名。")
    held(row.competition_id, now, {*_BEFORE_RATING, Phase.RATING})
    store.add_event(
        row.competition_id, "withdrawn", actor, now, candidate=row, once=f"withdrawn:{candidate_id}"
    )
    record(actor, "competition.withdraw", f"competition:{row.competition_id}", candidate=candidate_id)


def _application(actor: PersonId, now: datetime, candidate_id: int) -> tuple[Competition, Candidate]:
    """Lock the competition of an application that is being examined; never one's own, nor a rival's."""
    row = store.candidate_row(candidate_id)
    if row.person_id == actor:
        raise ForbiddenError("不能办理关于自己的事项。请由别人来办。")
    competition = held(row.competition_id, now, _BEFORE_RATING)
    not_a_candidate(actor, competition)
    candidate = queries.candidate(candidate_id)
    if candidate.check is Check.WITHDRAWN:
        raise ConflictError("本人已经撤回报名，不用再办。")
    return competition, candidate


def give_opinion(actor: PersonId, now: datetime, candidate_id: int, *, agrees: bool, text: str) -> None:
    """Give the present department's opinion on an application, once."""
    competition, candidate = _application(actor, now, candidate_id)
    demand_permission(actor, "competition.opine", candidate.person)
    store.add_event(
        competition.id,
        "opinion",
        actor,
        now,
        {"agrees": agrees, "text": needed(text)},
        store.candidate_row(candidate_id),
        once=f"opinion:{candidate_id}",
    )
    record(actor, "competition.opine", f"competition:{competition.id}", candidate=candidate_id, agrees=agrees)
    tell(candidate.person, "你报名的“%(post)s”竞聘，部门已填写意见，等人力资源部审查。", competition, now)


def check(
    actor: PersonId, now: datetime, candidate_id: int, *, passes: bool, clause: str = "", note: str = ""
) -> None:
    """HR's check of an application: it passes, or goes back with the clause that is not met.

    What was decided is checked again by somebody else only, before the rating starts.
    """
    competition, candidate = _application(actor, now, candidate_id)
    demand_permission(actor, "competition.check", candidate.person)
    if candidate.opinion is None:
        raise ConflictError("还不能审查：先要有现部门的意见。")
    if candidate.checked is not None and candidate.checked.by == actor:
        raise ForbiddenError("你已经审查过。要改结论，请由另一位同事复核。")
    converted = people.get_person(candidate.person, local_date(now)).status is Status.CONVERTED
    if passes and not converted:
        raise DomainError(
            "没有保存：这位员工现在不是已转正员工，不符合%(clause)s。", clause=competition.rules.who_clause
        )
    detail = {"note": note.strip()[:1000]} | ({} if passes else {"clause": needed(clause, 200)})
    kind = "passed" if passes else "returned"
    store.add_event(competition.id, kind, actor, now, detail, store.candidate_row(candidate_id))
    record(actor, "competition.check", f"competition:{competition.id}", candidate=candidate_id, passes=passes)
    message = (
        "你报名的“%(post)s”竞聘通过资格审查。"
        if passes
        else "你报名的“%(post)s”竞聘没有通过资格审查，依据的条款在报名表上。"
    )
    tell(candidate.person, message, competition, now)
