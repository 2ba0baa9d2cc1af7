"""Interviews with what was agreed on and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.performance.assessment.facts import Action, FollowUp, Interview
from cstrain.performance.assessment.models import (
    InterviewAction,
    InterviewFollowUp,
    InterviewSignature,
    PerformanceInterview,
)
from cstrain.performance.assessment.policy import PAGE_SIZE
from cstrain.performance.assessment.store import MISSING


def interview(interview_id: int) -> Interview:
    """Return an interview; raises ``NotFoundError``."""
    row = session().get(PerformanceInterview, interview_id)
    if row is None:
        raise NotFoundError(MISSING)
    return _facts([row])[0]


def interviews_about(person: PersonId) -> list[Interview]:
    """Return the interviews with a person, newest first."""
    return _facts(_rows(PerformanceInterview.person_id == person))


def interviews_page(seen: Collection[PersonId] | None, page: int) -> tuple[list[Interview], int]:
    """Return a page of interviews with these people (``None``: everybody), newest first, and how many."""
    scope = sa.true() if seen is None else PerformanceInterview.person_id.in_(sorted(seen))
    total = session().scalar(sa.select(sa.func.count()).select_from(PerformanceInterview).where(scope)) or 0
    return _facts(_rows(scope, PAGE_SIZE, (page - 1) * PAGE_SIZE)), total


def unsigned_of(person: PersonId) -> list[Interview]:
    """Return the interviews that wait for a person's signature."""
    signed = sa.select(InterviewSignature.id).where(
        InterviewSignature.interview_id == PerformanceInterview.id
    )
    return _facts(_rows((PerformanceInterview.person_id == person) & ~signed.exists()))


def open_actions(holder: PersonId | None = None) -> list[tuple[Interview, Action]]:
    """Return what was agreed on and is not settled (in the interviews of one holder), by day."""
    settled = sa.select(InterviewFollowUp.id).where(
        InterviewFollowUp.action_id == InterviewAction.id, InterviewFollowUp.outcome != "moved"
    )
    waits = (
        sa.select(InterviewAction.id)
        .where(InterviewAction.interview_id == PerformanceInterview.id, ~settled.exists())
        .exists()
    )
    mine = sa.true() if holder is None else PerformanceInterview.held_by == holder
    pairs = [
        (one, each) for one in _facts(_rows(waits & mine)) for each in one.actions if each.outcome is None
    ]
    return sorted(pairs, key=lambda pair: (pair[1].due_on, pair[1].id))


def interviewed(people: Collection[PersonId]) -> set[tuple[PersonId, str]]:
    """Return which people had an interview about which month (``2026-10``)."""
    wanted = sa.select(PerformanceInterview.person_id, PerformanceInterview.month).where(
        PerformanceInterview.person_id.in_(people)
    )
    return {(PersonId(row.person_id), f"{row.month:%Y-%m}") for row in session().execute(wanted)}


def _rows(
    condition: sa.ColumnElement[bool], limit: int | None = None, offset: int = 0
) -> list[PerformanceInterview]:
    wanted = sa.select(PerformanceInterview).where(condition)
    wanted = wanted.order_by(PerformanceInterview.held_on.desc(), PerformanceInterview.id.desc())
    return list(session().scalars(wanted.limit(limit).offset(offset)))


def _facts(rows: Collection[PerformanceInterview]) -> list[Interview]:
    ids = [row.id for row in rows]
    signatures = {
        row.interview_id: row
        for row in session().scalars(
            sa.select(InterviewSignature).where(InterviewSignature.interview_id.in_(ids))
        )
    }
    actions = _actions(ids)
    return [
        Interview(
            row.id,
            PersonId(row.person_id),
            row.month,
            row.held_on,
            row.discussed,
            PersonId(row.held_by),
            row.entered_at,
            signatures[row.id].signed_at if row.id in signatures else None,
            signatures[row.id].remark if row.id in signatures else "",
            tuple(actions[row.id]),
        )
        for row in rows
    ]


def _actions(interviews: Collection[int]) -> dict[int, list[Action]]:
    wanted = sa.select(InterviewAction).where(InterviewAction.interview_id.in_(interviews))
    rows = list(session().scalars(wanted.order_by(InterviewAction.interview_id, InterviewAction.number)))
    notes: dict[int, list[FollowUp]] = defaultdict(list)
    days: dict[int, list[InterviewFollowUp]] = defaultdict(list)
    statement = sa.select(InterviewFollowUp).where(InterviewFollowUp.action_id.in_([row.id for row in rows]))
    for note in session().scalars(statement.order_by(InterviewFollowUp.action_id, InterviewFollowUp.number)):
        days[note.action_id].append(note)
        notes[note.action_id].append(
            FollowUp(note.outcome, note.due_on, note.note, PersonId(note.noted_by), note.noted_at)
        )
    found: dict[int, list[Action]] = defaultdict(list)
    for row in rows:
        moved = [note.due_on for note in days[row.id] if note.due_on is not None]
        due = moved[-1] if moved else row.due_on
        found[row.interview_id].append(Action(row.id, row.number, row.text, due, tuple(notes[row.id])))
    return found
