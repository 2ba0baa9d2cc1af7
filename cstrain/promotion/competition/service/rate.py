"""Sheets and colleagues' answers, sealed until everything is in; and the calculation that opens them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.rubric import RubricError
from cstrain.judgement.sealing import seal
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.promotion.competition import queries, rules, store
from cstrain.promotion.competition.facts import Candidate, Check, Competition, Phase
from cstrain.promotion.competition.models import CompetitionBallot, CompetitionSheet, CompetitionTally
from cstrain.promotion.competition.policy import RATES, SHEETS, Colleagues, CompetitionRules
from cstrain.promotion.competition.service.common import (
    demand_permission,
    held,
    not_a_candidate,
    tell,
)
from cstrain.promotion.competition.service.panel import demand_untied
from cstrain.unit_of_work import flush_unique

_TAKEN = "这份评分表已经有人交了，或者你已经给这位候选人打过别的表。没有保存。"
_ANSWERED = "你已经给这位同事打过分，不能再打。"
_MOST_NOTE = 1000


def _about(actor: PersonId, now: datetime, candidate_id: int) -> tuple[Competition, Candidate]:
    """Lock the competition in which a candidate is being rated; nobody rates themself or a rival."""
    row = store.candidate_row(candidate_id)
    if row.person_id == actor:
        raise ForbiddenError("不能给自己打分。")
    competition = held(row.competition_id, now, {Phase.RATING})
    not_a_candidate(actor, competition)
    candidate = queries.candidate(candidate_id)
    if candidate.check is not Check.PASSED:
        raise ConflictError("这位员工不在候选人里，不用打分。")
    return competition, candidate


def hand_in(
    actor: PersonId,
    now: datetime,
    candidate_id: int,
    kind: str,
    points: Mapping[str, Decimal | None],
    note: str = "",
) -> None:
    """Hand in a sheet about a candidate; it is sealed at once and cannot be changed.

    ``kind``: ``ability`` (the supervisor), ``manager``, or ``interview`` (the panel). One person hands in one
    sheet about a candidate; of the first two there is one each.
    """
    competition, candidate = _about(actor, now, candidate_id)
    if kind not in SHEETS:
        raise NotFoundError(store.MISSING)
    _demand_office(actor, competition, candidate, kind, now)
    kept = _points(competition.rules, kind, points)
    row = CompetitionSheet(
        competition_id=competition.id,
        candidate_id=candidate_id,
        about_id=candidate.person,
        kind=kind,
        rater_id=actor,
        points=kept,
        note=note.strip()[:_MOST_NOTE],
        sealed_at=now,
    )
    session().add(row)
    flush_unique(_TAKEN)
    record(actor, "competition.hand_in", f"competition:{competition.id}", candidate=candidate_id, sheet=kind)


def _demand_office(
    actor: PersonId, competition: Competition, candidate: Candidate, kind: str, now: datetime
) -> None:
    if kind != "interview":
        demand_permission(actor, RATES[kind], candidate.person)
    elif not any(one.person == actor and one.recused is None for one in queries.panel_of(competition.id)):
        raise ForbiddenError("你不是这次竞聘的面试官，不能打分。")
    else:
        demand_untied(actor, competition, candidate, now)


def _points(chapter: CompetitionRules, kind: str, points: Mapping[str, Decimal | None]) -> dict[str, str]:
    given = {name: value for name, value in points.items() if value is not None}
    try:
        chapter.sheet(kind).rubric.share(given)
    except RubricError as error:
        raise DomainError("没有交：“%(item)s”还没有打分，或者超出满分。", item=error.criterion) from None
    return {name: f"{value:f}" for name, value in given.items()}


def answer_as_colleague(
    actor: PersonId, now: datetime, candidate_id: int, answers: Mapping[str, str]
) -> None:
    """Answer about a candidate as a colleague, once; what was answered is kept without the name.

    Every count of the candidate is written, whatever was chosen: the rows tell nothing of who chose what.
    """
    competition, candidate = _about(actor, now, candidate_id)
    if actor not in queries.colleagues_of(competition.id):
        raise ForbiddenError("这次竞聘没有请你打分。")
    if any(event.kind == "ballot_closed" for event in queries.events_of(competition.id)):
        raise ConflictError("同事打分已经截止。")
    chosen = _chosen(competition.rules.colleagues, answers)
    session().add(CompetitionBallot(candidate_id=candidate_id, about_id=candidate.person, rater_id=actor))
    flush_unique(_ANSWERED)
    table = CompetitionTally
    hit = sa.or_(*(sa.and_(table.item == item, table.answer == answer) for item, answer in chosen.items()))
    session().execute(
        sa.update(table)
        .where(table.candidate_id == candidate_id)
        .values(chosen=table.chosen + sa.case((hit, 1), else_=0))
        .execution_options(synchronize_session=False)
    )
    record(actor, "competition.answer", f"competition:{competition.id}")


def _chosen(sheet: Colleagues, answers: Mapping[str, str]) -> dict[str, str]:
    known = {answer.id for answer in sheet.answers}
    chosen = {item.id: answers.get(item.id, "") for item in sheet.items}
    if not set(chosen.values()) <= known:
        raise DomainError("没有交：每一项都要选。")
    return chosen


def close_ballot(actor: PersonId, now: datetime, competition_id: int) -> None:
    """End the colleagues' answering although some have not answered; enough must have about everybody."""
    demand_permission(actor, "competition.manage")
    competition = held(competition_id, now, {Phase.RATING})
    not_a_candidate(actor, competition)
    state = queries.progress(competition, local_date(now))
    least = competition.rules.colleagues.least
    fewest = min(sum(one == each.id for one, _rater in state.answered) for each in state.candidates)
    if fewest < least:
        raise ConflictError(
            "还不能截止：有候选人只有%(n)s位同事打分，至少要%(least)s位。", n=fewest, least=least
        )
    store.add_event(competition_id, "ballot_closed", actor, now, once="ballot_closed")
    record(actor, "competition.close_ballot", f"competition:{competition_id}")


def calculate(actor: PersonId, now: datetime, competition_id: int) -> None:
    """Open the seals and work the ranking out, once everything is in; inputs and result are sealed together.

    Refused while a factor of any candidate is missing; the page names it.
    """
    demand_permission(actor, "competition.manage")
    competition = held(competition_id, now, {Phase.RATING})
    not_a_candidate(actor, competition)
    today = local_date(now)
    state = queries.progress(competition, today)
    if state.missing or not state.candidates:
        raise ConflictError("还不能统分：还缺%(n)s项，缺什么列在下面。", n=len(state.missing))
    months = queries.scores_of(competition, [one.person for one in state.candidates], today)
    inputs = queries.inputs_when_complete(competition, state, months)
    places = rules.ranking((rules.scored(one, competition.rules) for one in inputs), competition.rules)
    content = {
        "competition": competition_id,
        "rules": competition.rules.model_dump(mode="json"),
        "inputs": [rules.inputs_record(one) for one in inputs],
        "result": rules.result_record(places),
    }
    text, digest = seal(content)
    store.add_event(
        competition_id, "calculated", actor, now, {"sealed": text, "sha256": digest}, once="calculated"
    )
    record(actor, "competition.calculate", f"competition:{competition_id}", sha256=digest)
    for one in state.candidates:
        tell(one.person, "“%(post)s”竞聘已统分，可以查看和核对。", competition, now)
