"""Runs, lines and what happened to them; a fixed number of statements however many people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people
from cstrain.people.facts import StandingFacts, Status
from cstrain.promotion import ladders
from cstrain.promotion.rating import models, rules, store
from cstrain.promotion.rating.facts import (
    Comment,
    Confirmation,
    Contest,
    Effect,
    Late,
    Line,
    Origin,
    Outcome,
    Quarter,
    Run,
    Stage,
    Why,
)

_LINE = models.RatingLine


def edition_of(run: Run) -> Ladder:
    """Return the edition of the ladder that a run used."""
    return ladders.edition(run.ladder_ref, run.edition)


def runs() -> list[Run]:
    """Return all runs, the newest quarter first."""
    table = models.RatingRun
    rows = session().scalars(sa.select(table).order_by(table.quarter.desc(), table.ladder_ref))
    return [_run(row) for row in rows]


def run(run_id: int) -> Run:
    """Return a run; raises ``NotFoundError``."""
    row = session().get(models.RatingRun, run_id)
    if row is None:
        raise NotFoundError(store.MISSING)
    return _run(row)


def find_run(ladder_ref: str, quarter: Quarter) -> Run | None:
    """Return the run of a quarter of a ladder, ``None`` before it was started."""
    table = models.RatingRun
    row = session().scalar(
        sa.select(table).where(table.ladder_ref == ladder_ref, table.quarter == quarter.first)
    )
    return _run(row) if row is not None else None


def _run(row: models.RatingRun) -> Run:
    ladder = ladders.edition(row.ladder_ref, row.edition)
    return Run(
        row.id,
        row.ladder_ref,
        row.edition,
        row.rules,
        ladder.title,
        ladder.titles,
        Quarter(row.quarter),
        PersonId(row.started_by),
        row.started_at,
    )


def lines(run_id: int, only: Collection[PersonId] | None = None) -> list[Line]:
    """Return the newest line of everybody in a run (or of ``only``), without the sealed texts."""
    newest: dict[PersonId, Line] = {}
    for one in _lines(_LINE.run_id == run_id, *([] if only is None else [_LINE.person_id.in_(only)])):
        newest[one.person] = one
    return list(newest.values())


def line(line_id: int) -> Line:
    """Return one line, the newest or an earlier one; raises ``NotFoundError``."""
    found = _lines(_LINE.id == line_id)
    if not found:
        raise NotFoundError(store.MISSING)
    return found[0]


def revisions(run_id: int, person: PersonId) -> list[Line]:
    """Return all lines of a person in a run, the oldest first."""
    return _lines(_LINE.run_id == run_id, _LINE.person_id == person)


def lines_of(person: PersonId) -> list[Line]:
    """Return somebody's newest line in each run, the newest run first."""
    newest = {one.run: one for one in _lines(_LINE.person_id == person)}
    return sorted(newest.values(), key=lambda one: one.run, reverse=True)


def _lines(*conditions: Any) -> list[Line]:
    """Return lines by run and number with their contest and effect. Three statements."""
    statement = sa.select(*[one for one in _LINE.__table__.c if one.name != "content"]).where(*conditions)
    rows = list(session().execute(statement.order_by(_LINE.run_id, _LINE.number, _LINE.id)))
    ids = sa.select(_LINE.id).where(*conditions)
    contest, effect = models.RatingContest, models.RatingEffect
    contests = {
        each.line_id: _contest(each)
        for each in session().scalars(sa.select(contest).where(contest.line_id.in_(ids)))
    }
    effects = {
        each.line_id: _effect(each)
        for each in session().scalars(sa.select(effect).where(effect.line_id.in_(ids)))
    }
    return [_line(row, contests.get(row.id), effects.get(row.id)) for row in rows]


def _line(row: Any, contest: Contest | None, effect: Effect | None) -> Line:
    return Line(
        row.id,
        row.run_id,
        PersonId(row.person_id),
        row.number,
        DepartmentId(row.department_id),
        Outcome(row.outcome),
        row.level,
        row.goal,
        Why(row.why),
        row.below,
        Origin(row.origin),
        PersonId(row.ran_by),
        PersonId(row.second_by) if row.second_by is not None else None,
        row.made_at,
        row.reason,
        row.contest_until,
        row.sha256,
        contest,
        effect,
    )


def _contest(row: models.RatingContest) -> Contest:
    return Contest(
        row.id,
        row.line_id,
        row.run_id,
        PersonId(row.person_id),
        row.text,
        row.filed_at,
        row.decide_by,
        PersonId(row.decided_by) if row.decided_by is not None else None,
        row.decided_at,
        row.upheld,
        row.reason,
    )


def _effect(row: models.RatingEffect) -> Effect:
    return Effect(
        row.line_id,
        row.run_id,
        PersonId(row.person_id),
        row.before,
        row.after,
        row.effective_on,
        PersonId(row.proposed_by),
        PersonId(row.confirmed_by),
    )


def open_contests() -> list[Contest]:
    """Return the contests that nobody has decided, the oldest first."""
    table = models.RatingContest
    rows = session().scalars(sa.select(table).where(table.decided_at.is_(None)).order_by(table.id))
    return [_contest(row) for row in rows]


def comments(run_id: int) -> list[Comment]:
    """Return what was written beside the lines of a run, in order."""
    table = models.RatingComment
    rows = session().scalars(sa.select(table).where(table.run_id == run_id).order_by(table.id))
    return [
        Comment(row.run_id, PersonId(row.person_id), PersonId(row.by_id), row.text, row.at) for row in rows
    ]


def waiting_late(run_id: int | None = None) -> list[Late]:
    """Return the new proposals that wait for a second person, of one run or all."""
    table = models.RatingLate
    statement = sa.select(table).where(table.answered_at.is_(None)).order_by(table.id)
    rows = session().scalars(statement if run_id is None else statement.where(table.run_id == run_id))
    return [
        Late(
            row.id,
            row.run_id,
            PersonId(row.person_id),
            Outcome(row.outcome),
            row.level,
            row.goal,
            row.reason,
            PersonId(row.asked_by),
            row.asked_at,
        )
        for row in rows
    ]


def confirmations(run_id: int) -> list[Confirmation]:
    """Return what was proposed to take effect in a run, in order."""
    table = models.RatingConfirmation
    rows = session().scalars(sa.select(table).where(table.run_id == run_id).order_by(table.id))
    return [_confirmation(row) for row in rows]


def waiting_confirmations() -> list[Confirmation]:
    """Return the proposals of all runs that wait for a second person."""
    table = models.RatingConfirmation
    rows = session().scalars(sa.select(table).where(table.answered_at.is_(None)).order_by(table.id))
    return [_confirmation(row) for row in rows]


def _confirmation(row: models.RatingConfirmation) -> Confirmation:
    return Confirmation(
        row.id,
        row.run_id,
        tuple(row.lines),
        row.effective_on,
        row.note,
        PersonId(row.proposed_by),
        row.proposed_at,
        PersonId(row.answered_by) if row.answered_by is not None else None,
        row.answered_at,
        row.agreed,
        row.answer,
    )


def stages(run_id: int, found: Collection[Line], today: date) -> dict[int, Stage]:
    """Return where each of these newest lines of a run stands, by line id."""
    late = {one.person: one for one in waiting_late(run_id)}
    proposed = {id_: one for one in confirmations(run_id) if one.agreed is None for id_ in one.lines}
    now_standing = people.standings([one.person for one in found], today)
    earlier = before_effects(run_id)
    return {
        one.id: rules.stage_of(
            one,
            today,
            late.get(one.person) or proposed.get(one.id),
            has_moved(one, now_standing.get(one.person), earlier.get(one.person)),
        )
        for one in found
    }


def before_effects(run_id: int) -> dict[PersonId, str | None]:
    """Return the level that an earlier line of the run has already given somebody, by person."""
    table = models.RatingEffect
    rows = session().scalars(sa.select(table).where(table.run_id == run_id).order_by(table.id))
    return {PersonId(row.person_id): row.after for row in rows}


def has_moved(one: Line, standing: StandingFacts | None, given: str | None) -> bool:
    """Tell whether a person has left, or holds a level that neither the rating nor its effect knows."""
    if standing is None or standing.status is Status.LEFT:
        return True
    level = str(standing.level) if standing.level else None
    return level not in {one.level, given or one.level}


def acted_in(run_id: int) -> set[PersonId]:
    """Return who ran, asked for, agreed to or confirmed anything in a run: they do not judge its contests."""
    row = session().get(models.RatingRun, run_id)
    found: set[int | None] = {row.started_by if row is not None else None}
    late, confirmation = models.RatingLate, models.RatingConfirmation
    for statement in (
        sa.select(late.asked_by, late.answered_by).where(late.run_id == run_id),
        sa.select(confirmation.proposed_by, confirmation.answered_by).where(confirmation.run_id == run_id),
    ):
        for first, second in session().execute(statement):
            found |= {first, second}
    return {PersonId(one) for one in found if one is not None}


def judged_in(run_id: int) -> set[PersonId]:
    """Return who has decided a contest of a run: not those to put it into effect."""
    table = models.RatingContest
    statement = sa.select(table.decided_by).where(table.run_id == run_id, table.decided_by.is_not(None))
    return {PersonId(one) for one in session().scalars(statement) if one is not None}
