"""Who is chosen, and how a trial ended: proposed by one person, answered by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.promotion.competition import queries, rules, store
from cstrain.promotion.competition.facts import Competition, Phase, Trial
from cstrain.promotion.competition.models import CompetitionAct, CompetitionTrial
from cstrain.promotion.competition.service.common import (
    demand_permission,
    held,
    needed,
    not_a_candidate,
    tell,
)
from cstrain.promotion.competition.service.notices import may_be_confirmed
from cstrain.unit_of_work import flush_unique, locked

_OPEN = "已经有人提出，正在等另一个人答复。请刷新后再看。"


def propose_choice(
    actor: PersonId,
    now: datetime,
    competition_id: int,
    chosen: Sequence[int],
    starts_on: date,
    reason: str,
) -> int:
    """Propose who goes on trial from a day on: the first of the ranking, or nobody. Returns the act's id."""
    demand_permission(actor, "competition.decide")
    competition = held(competition_id, now, {Phase.CALCULATED})
    not_a_candidate(actor, competition)
    places = queries.calculation(competition_id).places
    if not rules.winners_fit(chosen, places, competition.seats):
        raise DomainError("没有提出：只能按名次从前往后选，不能超过%(seats)s人。", seats=competition.seats)
    if starts_on < local_date(now):
        raise DomainError("没有提出：试岗开始日不能早于今天。")
    content = {"chosen": list(chosen), "starts_on": starts_on.isoformat()}
    return _propose(actor, now, competition, "choice", None, content, reason)


def propose_trial_end(
    actor: PersonId, now: datetime, candidate_id: int, *, confirmed: bool, reason: str
) -> int:
    """Propose whether somebody is confirmed in the post after the trial, in its last days or later.

    To confirm, the public notice has closed clean; after an upheld objection the opposite may be proposed at
    once.
    """
    row = store.candidate_row(candidate_id)
    demand_permission(actor, "competition.decide", PersonId(row.person_id))
    competition = held(row.competition_id, now, {Phase.DECIDED})
    not_a_candidate(actor, competition)
    trial = next((one for one in queries.trials_of(competition.id) if one.candidate == candidate_id), None)
    if trial is None:
        raise NotFoundError(store.MISSING)
    if trial.confirmed is not None:
        raise ConflictError("试岗结果已经定了。请刷新后再看。")
    if confirmed:
        may_be_confirmed(competition.rules.role, candidate_id, now)
    first = trial.ends_on - timedelta(days=competition.rules.trial_decided_before)
    if local_date(now) < first and (confirmed or not _stopped(candidate_id)):
        raise ConflictError(
            "还不能提出：试岗到%(end)s，%(first)s起可以提出。", end=trial.ends_on, first=first
        )
    return _propose(actor, now, competition, "trial", candidate_id, {"confirmed": confirmed}, reason)


def _propose(
    actor: PersonId,
    now: datetime,
    competition: Competition,
    kind: str,
    candidate_id: int | None,
    content: Mapping[str, object],
    reason: str,
) -> int:
    about = store.candidate_row(candidate_id).person_id if candidate_id is not None else None
    row = CompetitionAct(
        competition_id=competition.id,
        subject=kind if candidate_id is None else f"{kind}:{candidate_id}",
        candidate_id=candidate_id,
        about_id=about,
        content=dict(content),
        reason=needed(reason),
        proposed_by=actor,
        proposed_at=now,
        answer="",
    )
    session().add(row)
    flush_unique(_OPEN)
    record(actor, f"competition.propose_{kind}", f"competition:{competition.id}", act=row.id)
    return row.id


def answer_act(actor: PersonId, now: datetime, act_id: int, *, agreed: bool, text: str = "") -> int:
    """Agree to another's proposal, or send it back with a reason; returns the competition's id.

    Agreed, it takes effect at once: trials begin, or the post is kept or ends with the trial.
    """
    found = session().get(CompetitionAct, act_id)
    if found is None:
        raise NotFoundError(store.MISSING)
    demand_permission(actor, "competition.decide", PersonId(found.about_id) if found.about_id else None)
    competition = held(found.competition_id, now, {Phase.CALCULATED, Phase.DECIDED})
    not_a_candidate(actor, competition)
    row = session().scalars(locked(sa.select(CompetitionAct).where(CompetitionAct.id == act_id))).one()
    if row.answered_at is not None:
        raise ConflictError("这件事已经有人确认或退回。请刷新后再看。")
    if row.proposed_by == actor:
        raise ForbiddenError("这是你提出的，没有生效。请由另一个人确认。")
    row.answered_by, row.answered_at, row.agreed = actor, now, agreed
    row.answer = text.strip()[:1000] if agreed else needed(text)
    session().flush()
    record(actor, "competition.answer_act", f"competition:{competition.id}", act=act_id, agreed=agreed)
    if agreed and row.subject == "choice":
        _begin_trials(actor, now, competition, row)
    elif agreed:
        _end_trial(actor, now, competition, row)
    return competition.id


def _begin_trials(actor: PersonId, now: datetime, competition: Competition, row: CompetitionAct) -> None:
    """Give the chosen the role for the months of trial; without anybody chosen the competition is over."""
    starts_on = date.fromisoformat(row.content["starts_on"])
    ends_on = add_months(starts_on, competition.rules.trial_months) - timedelta(days=1)
    chosen = list(row.content["chosen"])
    for one in queries.passed(competition.id):
        if one.id not in chosen:
            tell(one.person, "“%(post)s”竞聘已有结果，请查看。", competition, now)
            continue
        role = people_service.grant_role(
            actor,
            now,
            one.person,
            competition.rules.role,
            valid_from=starts_on,
            valid_to=ends_on,
            department_id=competition.department,
        )
        session().add(
            CompetitionTrial(
                competition_id=competition.id,
                candidate_id=one.id,
                starts_on=starts_on,
                ends_on=ends_on,
                role_id=role,
            )
        )
        tell(one.person, "你在“%(post)s”竞聘中入选，将开始试岗。", competition, now)
    store.add_event(competition.id, "decided", actor, now, {"chosen": chosen}, once="decided")
    if not chosen:
        store.add_event(competition.id, "ended", actor, now, {"reason": row.reason}, once="ended")


def _end_trial(actor: PersonId, now: datetime, competition: Competition, row: CompetitionAct) -> None:
    """Confirm somebody in the post from the day after the trial, or let the role end with it."""
    trial = next(one for one in queries.trials_of(competition.id) if one.candidate == row.candidate_id)
    person = queries.candidate(trial.candidate).person
    if row.content["confirmed"]:
        notice = may_be_confirmed(competition.rules.role, trial.candidate, now)
        last = max(trial.ends_on, notice.last_day) if notice is not None else trial.ends_on
        _confirm(actor, now, competition, person, last + timedelta(days=1), row.reason)
        tell(person, "你的“%(post)s”试岗已确认。", competition, now)
    else:
        _leave_early(actor, now, trial)
        tell(person, "你的“%(post)s”试岗没有确认，理由在竞聘页上。", competition, now)
    if all(one.confirmed is not None for one in queries.trials_of(competition.id)):
        store.add_event(competition.id, "ended", actor, now, {"reason": ""}, once="ended")


def _leave_early(actor: PersonId, now: datetime, trial: Trial) -> None:
    """End the role of a trial that is stopped before its last day; at its end it lapses by itself."""
    if local_date(now) >= trial.ends_on or not _stopped(trial.candidate):
        return
    role = sa.select(CompetitionTrial.role_id).where(CompetitionTrial.candidate_id == trial.candidate)
    with suppress(ConflictError):  # somebody has ended the role already
        people_service.revoke_role(actor, now, session().scalars(role).one())


def _stopped(candidate_id: int) -> bool:
    found = queries.notice_of(candidate_id)
    return found is not None and found.outcome == "stopped"


def _confirm(
    actor: PersonId, now: datetime, competition: Competition, person: PersonId, on: date, reason: str
) -> None:
    place = competition.department
    people_service.grant_role(actor, now, person, competition.rules.role, valid_from=on, department_id=place)
    facts = people.get_person(person, on)
    if (facts.post, facts.department_id) != (competition.post, place):
        people_service.change_state(
            actor,
            now,
            person,
            on,
            reason=reason,
            source=f"competition:{competition.id}",
            post=competition.post,
            department_id=place,
        )
