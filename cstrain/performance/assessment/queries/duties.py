"""What waits for somebody: sheets to rate, to review, contests, plans, interviews, follow-ups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cstrain.access import may
from cstrain.extensions import local_date
from cstrain.kernel.calendar import add_months
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.assessment import rules
from cstrain.performance.assessment.facts import Seats, Sheet, State
from cstrain.performance.assessment.queries import interviews, plans, sheets
from cstrain.performance.rules import is_grade_at_least
from cstrain.performance.store import month_rules

_MONTHS_BACK = 3


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do: its kind, where, about whom, the month, until when; ``count`` where it is several."""

    kind: str
    url: str
    about: PersonId | None = None
    month: date | None = None
    until: date | None = None
    count: int = 1
    what: str = ""


def duties(person: PersonId, today: date) -> list[Duty]:
    """Return everything that waits for somebody, in the order of a home page."""
    return [
        *_own(person, today),
        *sheet_duties(person, today),
        *_plans(person, today),
        *_talks(person, today),
    ]


def _own(person: PersonId, today: date) -> Iterator[Duty]:
    for one in sheets.sheets_of_person(person):
        if rules.state(one, None, today) is State.FINAL and one.final is not None:
            yield Duty("answer", f"/assessment/sheets/{one.id}", None, one.month, one.final.contest_until)
    for talk in interviews.unsigned_of(person):
        yield Duty("sign", f"/assessment/interviews/{talk.id}", None, talk.month)


def sheet_duties(person: PersonId, today: date) -> list[Duty]:
    """Return the sheets to rate (one line a round), to review and the contests to decide."""
    rates, reviews = may(person, "assessment.rate"), may(person, "assessment.review")
    if not (rates or reviews):
        return []
    every = sheets.unfinished_sheets()
    held = sheets.seats_of(every, today)
    found: list[Duty] = []
    if rates:
        mine = [one for one in every if rate_duties(one, held[one.id], person)]
        for number in dict.fromkeys(one.round.id for one in mine):
            some = [one for one in mine if one.round.id == number]
            url = f"/assessment/sheets/{some[0].id}/rate"
            found.append(Duty("rate", url, some[0].person_id, some[0].month, some[0].round.due_on, len(some)))
    if reviews:
        found += [duty for one in every if (duty := _review(one, held[one.id], person, today)) is not None]
    return found


def rate_duties(one: Sheet, held: Seats, person: PersonId) -> str | None:
    """Return the office for which somebody has to rate a sheet now; one person rates once."""
    if one.final is not None or person == one.person_id:
        return None
    mine = (each.id for each in one.missing if person in held.offices[each.id])
    return next((office for office in mine if not rules.has_other_office(one, person, office)), None)


def _review(one: Sheet, held: Seats, person: PersonId, today: date) -> Duty | None:
    if person not in held.directors:
        return None
    stands = rules.state(one, held, today)
    url = f"/assessment/sheets/{one.id}"
    if stands is State.REVIEW:
        return Duty("review", url, one.person_id, one.month)
    if stands is State.CONTESTED and one.answer is not None:
        return Duty("contest", url, one.person_id, one.month, one.answer.decide_by)
    return None


def _plans(person: PersonId, today: date) -> Iterator[Duty]:
    wanted = {"drafted": "plan.check", "checked": "plan.approve"}
    held = {state: may(person, permission) for state, permission in wanted.items()}
    if not any(held.values()):
        return
    for one in plans.waiting_plans():
        if person in {one.drafted_by, one.checked_by} or not held[one.state]:
            continue
        if plans.within(one.department_id, plans.reach(person, wanted[one.state], today)):
            yield Duty(
                f"plan_{one.state}", f"/assessment/plans/{one.id}", None, one.effective_from, what=one.post
            )


def _talks(person: PersonId, today: date) -> Iterator[Duty]:
    for talk, action in interviews.open_actions(person):
        if action.due_on <= today:
            yield Duty(
                "follow", f"/assessment/interviews/{talk.id}", talk.person_id, talk.month, action.due_on
            )
    if may(person, "interview.hold"):
        for one in without_interview(today):
            if may_hold(person, one.person_id, today):
                url = f"/assessment/interviews/new?person={one.person_id}&month={one.month:%Y-%m}"
                yield Duty("interview", url, one.person_id, one.month, interview_by(one))


def may_hold(person: PersonId, subject: PersonId, today: date) -> bool:
    """Tell whether an interview falls to somebody: who leads or heads the person's own department."""
    place = people.get_person(subject, today).department_id
    near = people.department_ids_headed(person, today, ("group_leader", "supervisor"))
    return person != subject and place in near


def interview_by(one: Sheet) -> date | None:
    """Return the last day of the interview after a result below qualified."""
    if one.final is None:
        return None
    return local_date(one.final.at) + timedelta(days=one.round.rules.interview_within)


def without_interview(today: date) -> list[Sheet]:
    """Return the sheets of the last months that ended below qualified and were not talked about yet."""
    since = add_months(today.replace(day=1), -_MONTHS_BACK)
    below = [
        one
        for one in sheets.final_sheets(since)
        if (last := one.counts) is not None
        and last.grade is not None
        and not is_grade_at_least(last.grade, month_rules(one.month).qualified)
    ]
    talked = interviews.interviewed({one.person_id for one in below})
    return [one for one in below if (one.person_id, f"{one.month:%Y-%m}") not in talked]
