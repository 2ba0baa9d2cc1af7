"""Once a day: who could apply is noted, and who newly could hears of it."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.promotion import ladders, presenting, queries
from cstrain.promotion.applications import queries as applications
from cstrain.promotion.facts import Eligible, Judged
from cstrain.promotion.models import EligibilityRun, EligiblePerson
from cstrain.unit_of_work import flush_unique

_TWICE = "今天已经判断过。"


def note_eligible(now: datetime) -> int:
    """Judge everybody by the ladder of their department and note who could apply; return how many could.

    Only steps whose road is an application count. Raises ``ConflictError`` when this day was judged already.
    """
    today = local_date(now)
    number, found = 0, []
    for one in queries.evaluate(today):
        number += 1
        if presenting.may_apply(one):
            found.append(one)
    run = EligibilityRun(day=today, people=number, at=now)
    session().add(run)
    flush_unique(_TWICE)
    session().add_all([_row(run.id, one) for one in found])
    session().flush()
    record(None, "promotion.judge_staff", f"eligibility_run:{run.id}", people=number, eligible=len(found))
    _tell_new(now)
    return len(found)


def _row(run: int, one: Judged) -> EligiblePerson:
    if one.step is None:
        raise ValueError("nobody is eligible without a step")
    return EligiblePerson(
        run_id=run,
        person_id=one.person.id,
        ladder_ref=one.ladder.ref,
        ladder_edition=one.ladder.edition,
        start_level=one.step.start,
        goal_level=one.step.goal,
    )


def waiting(now: datetime) -> list[Eligible]:
    """Return who could apply and has no application that is open, in three statements."""
    found = queries.eligible(local_date(now))
    if not found:
        return []
    ids: list[PersonId] = [one.person for one in found]
    applied = {one.person_id for one in applications.applications(people=ids, closed=False)}
    return [one for one in found if one.person not in applied]


def _tell_new(now: datetime) -> None:
    for one in waiting(now):
        if one.new:
            title = ladders.edition(one.ladder, one.edition).titles[one.goal]
            notify(
                one.person,
                "你已经满足申请%(goal)s的条件，可以申请了。",
                values={"goal": title},
                url="/career",
                key=f"eligible:{one.person}:{one.ladder}:{one.goal}:{local_date(now).isoformat()}",
                now=now,
            )
