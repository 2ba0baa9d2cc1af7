"""No effect without its chain: every changed state and every given office is traced back through the tables.

What a promotion, a rating, a competition, an Eaglet plan, a move or a succession changes of a person leaves
a row whose ``source`` says what it follows from. Here each is followed back to who agreed to it, and when.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks.duties.road import Check
from benchmarks.duties.world import World

_SHANGHAI = timedelta(hours=8)
Chain = Callable[["Tables", Any, int], Iterator[str]]


def local_day(value: object) -> date:
    """Return the company's day of an instant as either database gives it."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (found.replace(tzinfo=None) - (found.utcoffset() or timedelta()) + _SHANGHAI).date()


def day(value: object) -> date:
    """Return a date as either database gives it."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def kept(value: Any) -> Any:
    """Return a JSON column's content as either database gives it."""
    return json.loads(value) if isinstance(value, str) else value


class Tables:
    """Rows as they stand, oldest first."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def rows(self, table: str, **where: object) -> list[Any]:
        """Return the rows whose columns have these values."""
        wanted = " AND ".join(f"{name} = :{name}" for name in where) or "1 = 1"
        sql = f"SELECT * FROM {table} WHERE {wanted} ORDER BY id"
        return list(self.connection.execute(sa.text(sql), where))

    def one(self, table: str, **where: object) -> Any:
        """Return the newest of them, or ``None``."""
        return next(iter(self.rows(table, **where)[::-1]), None)


def states(_world: World, connection: sa.Connection) -> Iterator[str]:
    """A state that follows from nothing, or from something that was not done in full by those who must."""
    tables = Tables(connection)
    first: dict[tuple[int, str], Any] = {}
    for row in tables.rows("employment_state"):
        if row.recorded_by is not None:
            first.setdefault((row.person_id, row.source), row)
    for (person, source), row in first.items():
        kind, _colon, number = source.partition(":")
        chain = _CHAINS.get(kind)
        if chain is None:
            yield f"state {row.id} of {person} follows from nothing that is known: {source}"
        else:
            yield from (
                f"state {row.id} of {person}, {source}: {says}" for says in chain(tables, row, int(number))
            )


def _eaglet(tables: Tables, row: Any, plan: int) -> Iterator[str]:
    """Closed by two; a member who stayed and passed both papers, or is exempt; to the VIP department."""
    closing = next((one for one in tables.rows("eaglet_closing", plan_id=plan) if one.agreed), None)
    if closing is None or tables.one("eaglet_event", plan_id=plan, kind="closed") is None:
        yield "the plan was not closed by two"
        return
    if row.recorded_by != closing.answered_by or day(row.effective_from) != day(closing.effective_on):
        yield "by another, or from another day, than the closing says"
    vip = [
        one for one in tables.rows("eaglet_department", place="vip") if _at(one.set_at, closing.answered_at)
    ]
    if not vip or vip[-1].department_id != row.department_id:
        yield "not to the VIP department"
    if tables.one("eaglet_member", plan_id=plan, person_id=row.person_id) is None:
        yield "not a member of the group"
    for removal in tables.rows("eaglet_removal", plan_id=plan, about_id=row.person_id):
        if removal.removed and not removal.upheld:
            yield "removed from the group"
    yield from _papers(tables, row, plan, closing)


def _papers(tables: Tables, row: Any, plan: int, closing: Any) -> Iterator[str]:
    for paper in kept(tables.one("eaglet_plan", id=plan).rules)["papers"]:
        if not _through(tables, plan, paper, row.person_id, closing.answered_at):
            yield f"neither passed nor exempt from {paper}"


def _at(first: object, then: object) -> bool:
    return str(first) <= str(then)


def _through(tables: Tables, plan: int, paper: str, person: int, at: object) -> bool:
    """Tell whether somebody passed a plan's unified sitting of a paper, or was exempt before the end."""
    for one in tables.rows("exemption", person_id=person, paper_ref=paper):
        if one.granted and one.decided_by != person and _at(one.decided_at, at):
            return True
    exam = tables.one("eaglet_exam", plan_id=plan, paper=paper)
    if exam is None:
        return False
    for attempt in tables.rows("attempt", sitting_id=exam.sitting_id, person_id=person):
        blueprint = kept(tables.one("paper", id=attempt.paper_id).blueprint)
        release, result = (
            tables.one("release", attempt_id=attempt.id),
            tables.one("result", attempt_id=attempt.id),
        )
        two = release is not None and release.released_by not in {None, release.proposed_by}
        if attempt.voided_at is None and two and float(result.raw) >= float(blueprint.get("pass_mark", 80)):
            return True
    return False


_STEPS = {"transfer": ("release", "receive", "arrange"), "initial": ("rate", "rate_hr", "confirm")}


def _move(tables: Tables, row: Any, case: int) -> Iterator[str]:
    """Every step taken, each by another, the last one agreed to by who recorded it."""
    found, events = tables.one("move_case", id=case), tables.rows("move_event", case_id=case)
    taken = {one.kind: one for one in events if one.agreed is not False or one.kind == "release"}
    steps = _STEPS.get(found.kind, ()) if found is not None else ()
    if not steps or found.outcome != "granted" or found.person_id != row.person_id:
        yield "nothing was granted to this person"
        return
    if not set(steps) <= set(taken):
        yield "without one of its steps"
        return
    actors = [taken[one].by_id for one in steps]
    last = taken[steps[-1]]
    if len(set(actors)) < len(actors) or row.person_id in actors or last.by_id != row.recorded_by:
        yield "its steps were not taken by three others"
    if day(row.effective_from) < date.fromisoformat(kept(last.detail)["on"]):
        yield "before the day that was agreed to"


def _succession(tables: Tables, row: Any, number: int) -> Iterator[str]:
    yield from _appointed(tables, number, row.person_id, day(row.effective_from))


def _appointed(tables: Tables, number: int, person: int, on: date) -> Iterator[str]:
    """Chosen by one, agreed to by another, a notice closed after its last day, no objection left or won."""
    act = tables.one("succession_act", succession_id=number, person_id=person, outcome="appointed")
    if act is None or not act.agreed or act.answered_by in {None, act.proposed_by}:
        yield "not chosen by two"
        return
    if person in {act.proposed_by, act.answered_by, act.closed_by}:
        yield "chosen or appointed by themself"
    if local_day(act.closed_at) <= day(act.last_day) or on <= day(act.last_day) or on < day(act.starts_on):
        yield "appointed before the notice was over"
    for one in tables.rows("succession_objection", act_id=act.id):
        late = one.answered_at is None or not _at(one.answered_at, act.closed_at)
        if late or one.upheld:
            yield f"objection {one.id} was not answered, or upheld"


def _competition(tables: Tables, row: Any, number: int) -> Iterator[str]:
    yield from _confirmed(tables, number, row.person_id, day(row.effective_from), row.recorded_by)


def _confirmed(tables: Tables, number: int, person: int, on: date, by: int) -> Iterator[str]:
    """Confirmed by two after the trial, with a notice that closed clean."""
    who = tables.one("competition_candidate", competition_id=number, person_id=person)
    trial = tables.one("competition_trial", candidate_id=who.id) if who is not None else None
    if who is None or trial is None:
        yield "without a trial"
        return
    acts = [one for one in tables.rows("competition_act", candidate_id=who.id) if one.agreed]
    ends = [one for one in acts if kept(one.content).get("confirmed") and one.proposed_by != one.answered_by]
    if not ends or ends[-1].answered_by != by or person in {ends[-1].proposed_by, by}:
        yield "not confirmed by two others"
        return
    notice = tables.one("competition_notice", candidate_id=who.id)
    if notice is None or notice.outcome != "clean" or not _at(notice.closed_at, ends[-1].proposed_at):
        yield "without a notice that had closed clean"
    elif on <= max(day(trial.ends_on), day(notice.last_day)):
        yield "before the trial and the notice were over"


def _rating(tables: Tables, row: Any, run: int) -> Iterator[str]:
    """An effect of the run (late data may end in a second one), agreed to by who neither proposed nor ran."""
    effects = tables.rows("rating_effect", run_id=run, person_id=row.person_id)
    said = (row.level, day(row.effective_from))
    effect = next((one for one in effects if (one.after, day(one.effective_on)) == said), None)
    if effect is None:
        yield "without an effect of the run"
        return
    started = tables.one("rating_run", id=run).started_by
    if row.recorded_by != effect.confirmed_by or effect.confirmed_by in {effect.proposed_by, started}:
        yield "not confirmed by another"


def _nothing(_tables: Tables, _row: Any, _number: int) -> Iterator[str]:
    """Applications have a check of their own."""
    yield from ()


_CHAINS: dict[str, Chain] = {
    "application": _nothing,
    "competition": _competition,
    "eaglet": _eaglet,
    "move": _move,
    "rating": _rating,
    "succession": _succession,
}


def offices(_world: World, connection: sa.Connection) -> Iterator[str]:
    """An office given to somebody without a trial, a confirmation after it, or a succession."""
    tables = Tables(connection)
    for row in tables.rows("role_assignment"):
        if row.granted_by is None or tables.one("competition_trial", role_id=row.id) is not None:
            continue
        on, says = day(row.valid_from), ["nobody was to have it"]
        for one in tables.rows("succession", department_id=row.department_id, outcome="filled"):
            if row.role == "supervisor" and says:
                says = list(_appointed(tables, one.id, row.person_id, on))
        for one in tables.rows("competition_candidate", person_id=row.person_id):
            if row.role != "supervisor" and says:
                says = list(_confirmed(tables, one.competition_id, row.person_id, on, row.granted_by))
        yield from (f"office {row.id} ({row.role}) of {row.person_id}: {one}" for one in says)


def contested_ratings(_world: World, connection: sa.Connection) -> Iterator[str]:
    """A rating proposed before its time to contest was over, or by or about somebody rated in the run."""
    tables = Tables(connection)
    lines = {one.id: one for one in tables.rows("rating_line")}
    rated = {(one.run_id, one.person_id) for one in lines.values()}
    for effect in tables.rows("rating_effect"):
        agreed, line = tables.one("rating_confirmation", id=effect.confirmation_id), lines[effect.line_id]
        contest = tables.one("rating_contest", line_id=line.id)  # once answered it cannot be contested again
        answered = contest is not None and contest.decided_at is not None
        final = line.origin == "contest" or (answered and _at(contest.decided_at, agreed.proposed_at))
        if not final and local_day(agreed.proposed_at) <= day(line.contest_until):
            yield f"effect {effect.id} proposed while it might be contested"
        if contest is not None and not final:
            yield f"effect {effect.id} proposed before its contest was answered"
        if {(effect.run_id, agreed.proposed_by), (effect.run_id, agreed.answered_by)} & rated:
            yield f"effect {effect.id} proposed or confirmed by somebody rated in the run"


CHECKS: Sequence[Check] = (states, offices, contested_ratings)
