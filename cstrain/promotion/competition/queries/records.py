"""Competitions, applications, panels and acts, as they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.promotion.competition import models, rules, store
from cstrain.promotion.competition.facts import Act, Candidate, Check, Competition, Event, Interviewer, Trial
from cstrain.promotion.competition.policy import CompetitionRules

_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class CompetitionPage:
    """One page of competitions, the newest first."""

    rows: tuple[Competition, ...]
    page: int
    pages: int
    total: int


def competition(competition_id: int, today: date) -> Competition:
    """Return a competition as it stands on a day; raises ``NotFoundError``."""
    return _facts([store.row(competition_id)], today)[0]


def competitions(today: date, page: int = 1) -> CompetitionPage:
    """Return a page of all competitions."""
    total = session().scalar(sa.select(sa.func.count()).select_from(models.Competition)) or 0
    pages = max(1, -(-total // _A_PAGE))
    at = min(max(page, 1), pages)
    statement = sa.select(models.Competition).order_by(models.Competition.id.desc())
    rows = list(session().scalars(statement.limit(_A_PAGE).offset((at - 1) * _A_PAGE)))
    return CompetitionPage(tuple(_facts(rows, today)), at, pages, total)


def unfinished(today: date) -> list[Competition]:
    """Return the competitions that are not over, the oldest first."""
    ended = sa.select(models.CompetitionEvent.competition_id).where(models.CompetitionEvent.kind == "ended")
    statement = sa.select(models.Competition).where(models.Competition.id.not_in(ended))
    return _facts(list(session().scalars(statement.order_by(models.Competition.id))), today)


def _facts(rows: Sequence[models.Competition], today: date) -> list[Competition]:
    if not rows:
        return []
    names = {place.id: place.name for place in people.departments()}
    kinds: dict[int, set[str]] = {}
    event = models.CompetitionEvent
    for one, kind in session().execute(
        sa.select(event.competition_id, event.kind).where(
            event.competition_id.in_([each.id for each in rows]), event.candidate_id.is_(None)
        )
    ):
        kinds.setdefault(one, set()).add(kind)
    return [
        Competition(
            row.id,
            row.post,
            DepartmentId(row.department_id),
            names[DepartmentId(row.department_id)],
            row.seats,
            row.notice,
            row.opens_on,
            row.closes_on,
            CompetitionRules.model_validate(row.rules),
            PersonId(row.opened_by),
            row.opened_at,
            rules.phase_of(frozenset(kinds.get(row.id, ())), row.opens_on, row.closes_on, today),
        )
        for row in rows
    ]


def events_of(competition_id: int) -> list[Event]:
    """Return everything that happened in a competition, in order."""
    event = models.CompetitionEvent
    rows = session().scalars(
        sa.select(event).where(event.competition_id == competition_id).order_by(event.id)
    )
    return [_event(row) for row in rows]


def _event(row: models.CompetitionEvent) -> Event:
    by = PersonId(row.by_id) if row.by_id is not None else None
    return Event(row.kind, by, row.at, row.candidate_id, row.detail)


def candidates_of(competition_ids: Collection[int]) -> list[Candidate]:
    """Return all applications to these competitions, in the order in which they came."""
    table = models.CompetitionCandidate
    rows = session().scalars(
        sa.select(table).where(table.competition_id.in_(competition_ids)).order_by(table.id)
    )
    return _candidates(list(rows))


def candidate(candidate_id: int) -> Candidate:
    """Return an application; raises ``NotFoundError``."""
    return _candidates([store.candidate_row(candidate_id)])[0]


def applications_of(person: PersonId) -> list[Candidate]:
    """Return somebody's own applications, the newest first."""
    table = models.CompetitionCandidate
    rows = session().scalars(sa.select(table).where(table.person_id == person).order_by(table.id.desc()))
    return _candidates(list(rows))


def _candidates(rows: Sequence[models.CompetitionCandidate]) -> list[Candidate]:
    event = models.CompetitionEvent
    happened: dict[int, list[Event]] = {}
    found = session().scalars(
        sa.select(event).where(event.candidate_id.in_([row.id for row in rows])).order_by(event.id)
    )
    for each in found:
        happened.setdefault(each.candidate_id or 0, []).append(_event(each))
    return [_candidate(row, happened.get(row.id, [])) for row in rows]


def _candidate(row: models.CompetitionCandidate, events: Sequence[Event]) -> Candidate:
    return Candidate(
        row.id,
        row.competition_id,
        PersonId(row.person_id),
        row.applied_at,
        row.known,
        row.said,
        rules.check_of(events),
        _last(events, {"opinion"}),
        _last(events, {"passed", "returned"}),
    )


def _last(events: Iterable[Event], kinds: Collection[str]) -> Event | None:
    found = [event for event in events if event.kind in kinds]
    return found[-1] if found else None


def passed(competition_id: int) -> list[Candidate]:
    """Return who takes part: applications that HR passed and nobody withdrew."""
    return [one for one in candidates_of([competition_id]) if one.check is Check.PASSED]


def panel_of(competition_id: int) -> list[Interviewer]:
    """Return the panel in the order of appointment, with who is recused and why."""
    why = {
        event.detail["person"]: str(event.detail["reason"])
        for event in events_of(competition_id)
        if event.kind == "recused"
    }
    table = models.CompetitionInterviewer
    rows = session().scalars(
        sa.select(table).where(table.competition_id == competition_id).order_by(table.id)
    )
    return [Interviewer(PersonId(row.person_id), tuple(row.ties), why.get(row.person_id)) for row in rows]


def colleagues_of(competition_id: int) -> frozenset[PersonId]:
    """Return who may answer as a colleague."""
    table = models.CompetitionColleague
    rows = session().scalars(sa.select(table.person_id).where(table.competition_id == competition_id))
    return frozenset(PersonId(one) for one in rows)


def acts_of(competition_id: int) -> list[Act]:
    """Return the acts by two persons in order."""
    table = models.CompetitionAct
    rows = session().scalars(
        sa.select(table).where(table.competition_id == competition_id).order_by(table.id)
    )
    return [act_facts(row) for row in rows]


def act_facts(row: models.CompetitionAct) -> Act:
    """Return the facts of an act's row."""
    return Act(
        row.id,
        row.subject.partition(":")[0],
        row.candidate_id,
        row.content,
        row.reason,
        PersonId(row.proposed_by),
        row.proposed_at,
        PersonId(row.answered_by) if row.answered_by is not None else None,
        row.answered_at,
        row.agreed,
        row.answer,
    )


def trials_of(competition_id: int) -> list[Trial]:
    """Return who is or was on trial, and what came of it."""
    ends = {
        act.candidate: bool(act.content["confirmed"])
        for act in acts_of(competition_id)
        if act.kind == "trial" and act.agreed
    }
    table = models.CompetitionTrial
    rows = session().scalars(
        sa.select(table).where(table.competition_id == competition_id).order_by(table.id)
    )
    return [Trial(row.candidate_id, row.starts_on, row.ends_on, ends.get(row.candidate_id)) for row in rows]
