"""Contests: filed by the person in time, decided by somebody who had no part in the rating."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from cstrain.access import may, roles_granting
from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion.rating import queries, rules, store
from cstrain.promotion.rating.facts import Line, Outcome, Run
from cstrain.promotion.rating.models import RatingContest, RatingLine
from cstrain.promotion.rating.service.common import (
    columns,
    demand_permission,
    holders,
    needed,
    seal_base,
    seal_line,
    tell,
)
from cstrain.unit_of_work import flush_unique, locked


def contest(actor: PersonId, now: datetime, line_id: int, text: str) -> int:
    """File one's own word against a result, once and in time; nothing takes effect until it is answered."""
    found = queries.line(line_id)
    store.lock_run(found.run)
    line = newest(found.run, found.person)
    if line.id != line_id:
        raise ConflictError("没有提交：这次评级已经有新的结果。请刷新后再看。")
    rules.check_contest(line, actor, local_date(now))
    run = queries.run(line.run)
    calendar = people.work_calendar(actor)
    row = RatingContest(
        line_id=line.id,
        run_id=line.run,
        person_id=line.person,
        ran_by=line.ran_by,
        second_by=line.second_by,
        text=needed(text),
        filed_at=now,
        decide_by=calendar.nth_working_day_after(local_date(now), store.rules_of(run).decide_within),
    )
    session().add(row)
    flush_unique(store.AT_ONCE)
    record(actor, "rating.contest", f"rating_line:{line.id}", contest=row.id)
    able = [
        one
        for one in holders(roles_granting("rating.decide"), now, [actor])
        if may(one, "rating.decide", actor) and queries.may_judge(one, line.run, actor)
    ]
    name = people.get_person(actor, local_date(now)).name
    url = f"/ratings/lines/{line.id}"
    tell(able, "%(name)s对%(year)s年第%(n)s季度的评级提出申诉，请答复。", run.quarter, url, now, name=name)
    return row.id


def decide(actor: PersonId, now: datetime, contest_id: int, *, upheld: bool, reason: str) -> Outcome:
    """Answer a contest; upheld, the quarter is judged again on today's records and a new line is written.

    Returns the outcome that counts now. Upheld it is what today's records give where that is better, else a
    fall is taken back; nobody rises against the figures. Refused for whoever had a part in the rating.
    """
    found = session().get(RatingContest, contest_id)
    if found is None:
        raise NotFoundError(store.MISSING)
    demand_permission(actor, "rating.decide", PersonId(found.person_id))
    store.lock_run(found.run_id)
    row = session().scalars(locked(sa.select(RatingContest).where(RatingContest.id == contest_id))).one()
    if row.decided_at is not None:
        raise ConflictError("这个申诉已经答复。请刷新后再看。")
    person = PersonId(row.person_id)
    wrote = {one.by for one in queries.comments(row.run_id) if one.person == person}
    rules.check_judge(actor, person, queries.acted_in(row.run_id) | wrote)
    run, line = queries.run(row.run_id), newest(row.run_id, person)
    row.upheld, row.reason = upheld, needed(reason)
    row.decided_by, row.decided_at = actor, now
    session().flush()
    outcome = _again(actor, now, run, line, row.reason) if upheld else line.outcome
    record(actor, "rating.decide", f"rating_line:{line.id}", contest=row.id, upheld=upheld, outcome=outcome)
    url = f"/ratings/lines/{newest(run.id, person).id}"
    tell([person, run.started_by], _ANSWERED[upheld], run.quarter, url, now)
    return outcome


_ANSWERED = {
    True: "%(year)s年第%(n)s季度评级的申诉成立，结果已经更正。",
    False: "%(year)s年第%(n)s季度评级的申诉没有成立，请查看答复。",
}


def newest(run_id: int, person: PersonId) -> Line:
    """Return somebody's newest line in a run."""
    found = queries.lines(run_id, [person])
    if not found:
        raise NotFoundError(store.MISSING)
    return found[0]


def _again(actor: PersonId, now: datetime, run: Run, line: Line, reason: str) -> Outcome:
    """Judge the quarter again and write the line of an upheld contest."""
    ladder, today = queries.edition_of(run), local_date(now)
    judged = next(iter(queries.judge(ladder, run.quarter, today, [line.person])), None)
    if judged is None or not judged.people:
        raise ForbiddenError("没有保存：这个人已经不在职。")
    one = judged.people[0]
    outcome = rules.after_contest(line.outcome, one.rated.outcome)
    counts = (
        one.rated if outcome is one.rated.outcome else replace(one.rated, outcome=outcome, goal=line.level)
    )
    base = seal_base(run.id, judged.department, judged.comparison)
    text, sha256 = seal_line(one, ladder, run.quarter, base, store.rules_of(run), today)
    session().add(
        RatingLine(
            run_id=run.id,
            person_id=line.person,
            number=line.number + 1,
            department_id=judged.department,
            **columns(counts),
            origin="contest",
            reason=reason,
            ran_by=line.ran_by,
            second_by=actor,
            made_at=now,
            contest_until=line.contest_until,
            base_id=base.id,
            content=text,
            sha256=sha256,
        )
    )
    flush_unique(store.AT_ONCE)
    return outcome
