"""Reading candidates: when each of them may sit, what they were granted, the room's code."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from cstrain.exams.facts import Accommodation as Granted
from cstrain.exams.facts import CandidateFacts, PersonalWindow
from cstrain.exams.models import Accommodation, Attempt, Candidate, Sitting, WrongCode
from cstrain.exams.rules import personal_window
from cstrain.exams.store import get_sitting
from cstrain.extensions import Line, columns, session
from cstrain.kernel.ids import PersonId


def common_window(sitting: Sitting | Line) -> PersonalWindow:
    """Return the window of everybody to whom nothing of their own was granted."""
    return personal_window(sitting.opens_at, sitting.closes_at, sitting.late_minutes, 0, None)


def window_of(sitting: Sitting | Line, candidate: Candidate | Line, given: Granted | None) -> PersonalWindow:
    """Return one candidate's window at a sitting."""
    return personal_window(
        sitting.opens_at, sitting.closes_at, sitting.late_minutes, candidate.extra_minutes, given
    )


_NEWEST = (
    sa.select(sa.func.max(Accommodation.id))
    .where(Accommodation.candidate_id == Candidate.id)
    .correlate(Candidate)
    .scalar_subquery()
)
"""The accommodation that counts for a candidate: the last one."""

_WINDOWS = (
    sa.select(
        Sitting.id,
        Sitting.opens_at,
        Sitting.closes_at,
        Sitting.late_minutes,
        Candidate.extra_minutes,
        Accommodation.id.label("given_id"),
    )
    .join(Candidate, Candidate.sitting_id == Sitting.id)
    .outerjoin(Accommodation, Accommodation.id == _NEWEST)
    .where(Candidate.person_id == sa.bindparam("person_id"))
)
_WINDOW = _WINDOWS.where(Sitting.id == sa.bindparam("sitting_id"))
_GIVEN = (
    sa.select(*Accommodation.__table__.columns)
    .where(Accommodation.candidate_id == sa.bindparam("candidate_id"))
    .order_by(Accommodation.id.desc())
    .limit(1)
)


def windows_of(person: PersonId, sitting_id: int | None = None) -> dict[int, PersonalWindow]:
    """Return a person's windows by sitting: of all they were invited to, or of one.

    One statement, and one more where something was granted.
    """
    asked = {"person_id": person} | ({} if sitting_id is None else {"sitting_id": sitting_id})
    rows = columns(_WINDOWS if sitting_id is None else _WINDOW, asked).all()
    given = _granted([row.given_id for row in rows if row.given_id is not None])
    return {row.id: window_of(row, row, given.get(row.given_id)) for row in rows}


def _granted(ids: Collection[int]) -> dict[int, Granted]:
    """Return accommodations by id; most people have none, and nothing is asked then."""
    if not ids:
        return {}
    rows = session().scalars(sa.select(Accommodation).where(Accommodation.id.in_(ids)))
    return {row.id: granted(row) for row in rows}


def newest_accommodation(candidate_id: int) -> Granted | None:
    """Return what counts for a candidate (the id of the entry), if anything was granted."""
    row = columns(_GIVEN, {"candidate_id": candidate_id}).one_or_none()
    return granted(row) if row is not None else None


def granted(row: Accommodation | Line) -> Granted:
    """Return a row as others may see it."""
    return Granted(
        row.opens_at,
        row.closes_at,
        row.extra_minutes,
        row.late,
        row.reason,
        PersonId(row.given_by),
        row.given_at,
    )


def candidates_of(sitting_id: int) -> dict[PersonId, int]:
    """Return the candidates of a sitting with the extra minutes that count."""
    rows = session().execute(
        sa.select(Candidate.person_id, sa.func.coalesce(Accommodation.extra_minutes, Candidate.extra_minutes))
        .outerjoin(Accommodation, Accommodation.id == _NEWEST)
        .where(Candidate.sitting_id == sitting_id)
        .order_by(Candidate.person_id)
    )
    return {PersonId(person): minutes for person, minutes in rows}


def candidates(sitting_id: int) -> list[CandidateFacts]:
    """Return every candidate of a sitting with window, accommodation and number of attempts.

    ``NotFoundError`` when there is no such sitting. Two statements, however many candidates.
    """
    sitting = get_sitting(sitting_id)
    attempts = (
        sa.select(sa.func.count())
        .where(Attempt.candidate_id == Candidate.id, Attempt.voided_at.is_(None))
        .scalar_subquery()
    )
    wrong = sa.select(sa.func.count()).where(WrongCode.candidate_id == Candidate.id).scalar_subquery()
    rows = session().execute(
        sa.select(Candidate, Accommodation, attempts, wrong)
        .outerjoin(Accommodation, Accommodation.id == _NEWEST)
        .where(Candidate.sitting_id == sitting_id)
        .order_by(Candidate.person_id)
    )
    found = []
    for candidate, row, started, wrongly in rows:
        given = granted(row) if row else None
        window = window_of(sitting, candidate, given)
        found.append(CandidateFacts(PersonId(candidate.person_id), window, given, started, wrongly))
    return found


def accommodations(sitting_id: int, person: PersonId) -> list[Granted]:
    """Return all a candidate was granted, the newest first: nothing of it disappears."""
    rows = session().scalars(
        sa.select(Accommodation)
        .join(Candidate, Candidate.id == Accommodation.candidate_id)
        .where(Candidate.sitting_id == sitting_id, Candidate.person_id == person)
        .order_by(Accommodation.id.desc())
    )
    return [granted(row) for row in rows]


def last_end(sitting: Sitting) -> datetime:
    """Return when the last window of anybody at a sitting ends."""
    own = session().scalar(
        sa.select(sa.func.max(Accommodation.closes_at))
        .join(Candidate, Candidate.id == Accommodation.candidate_id)
        .where(Candidate.sitting_id == sitting.id)
    )
    return max(sitting.closes_at, own) if own is not None else sitting.closes_at


def room_code(sitting_id: int, reader: PersonId, at: datetime) -> str | None:
    """Return the code to show in the room; ``None`` if none is asked any more, or the reader sits it."""
    sitting = get_sitting(sitting_id)
    if sitting.code is None or sitting.cancelled_at is not None:
        return None
    return None if at >= last_end(sitting) or reader in candidates_of(sitting_id) else sitting.code
