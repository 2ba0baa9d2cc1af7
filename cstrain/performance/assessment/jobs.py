"""Reminders: points that are due, results to answer, contests to decide, what was agreed on in interviews."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from cstrain.extensions import local_date
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.performance.assessment import queries, rules
from cstrain.performance.assessment.facts import Seats, Sheet


@reminder("assessment.sheets")
def sheets_due(now: datetime) -> list[Due]:
    """Remind offices on the last day to rate, and directors on the last day to decide a contest."""
    today = local_date(now)
    every = queries.unfinished_sheets()
    held = queries.seats_of(every, today)
    found: dict[str, Due] = {}
    for one in every:
        for due in (*_rating(one, held[one.id], today), *_contest(one, held[one.id], today)):
            found.setdefault(due.key, due)
    return list(found.values())


def _rating(one: Sheet, held: Seats, today: date) -> Iterator[Due]:
    if one.final is not None or today < one.round.due_on:
        return
    for office in rules.waiting(one, held):
        for person in held.offices[office.id]:
            yield Due(
                person,
                "%(month)s的月度联合考核%(day)s到期，还有表没有评分。",
                key=f"assessment-rate:{one.round.id}:{person}",
                values={"month": f"{one.month:%Y-%m}", "day": one.round.due_on},
                url=f"/assessment/rounds/{one.round.id}",
                due_on=one.round.due_on,
            )


def _contest(one: Sheet, held: Seats, today: date) -> Iterator[Due]:
    until = one.answer.decide_by if one.answer is not None else None
    if until is None or one.decision is not None or today < until:
        return
    for person in held.directors:
        yield Due(
            person,
            "一张月度考核表的异议%(day)s到期，请马上决定。",
            key=f"assessment-contest:{one.id}:{person}",
            values={"day": until},
            url=f"/assessment/sheets/{one.id}",
            due_on=until,
        )


@reminder("assessment.interviews")
def interviews_due(now: datetime) -> list[Due]:
    """Remind who held an interview, and the person, on the day something agreed on falls due."""
    today = local_date(now)
    return [
        Due(
            person,
            "绩效面谈约定的事%(day)s到期。",
            key=f"interview-action:{action.id}:{action.due_on.isoformat()}:{person}",
            values={"day": action.due_on},
            url=f"/assessment/interviews/{talk.id}",
            due_on=action.due_on,
        )
        for talk, action in queries.open_actions()
        if action.due_on <= today
        for person in (talk.held_by, talk.person_id)
    ]
