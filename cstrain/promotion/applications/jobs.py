"""Reminders: windows that end, objections whose clock runs, trials that end, appeals to answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.people import queries as people
from cstrain.promotion.applications import queries
from cstrain.promotion.applications.facts import ObjectionFacts, State
from cstrain.promotion.applications.queries.notices import open_notices


def _hr(now: datetime, without: Iterable[int]) -> list[PersonId]:
    on = local_date(now)
    found = {one for role in ("hr", "hr_manager") for one in people.persons_with_role(role, on)}
    return sorted(found - set(without))


@reminder("application.notice_over")
def notices_over(now: datetime) -> list[Due]:
    """Remind HR of notices whose window is over and that nobody has closed."""
    today = local_date(now)
    over = [one for one in open_notices() if one.last_day < today]
    return [
        Due(
            person,
            "%(name)s的晋升公示到%(day)s结束，请处理异议后结束公示。",
            key=f"notice-over:{one.id}:{person}",
            values={"name": one.content["name"], "day": one.last_day},
            url=f"/applications/{one.application_id}",
        )
        for one in over
        for person in _hr(now, [one.person_id])
    ]


@reminder("application.objection")
def objections_due(now: datetime) -> list[Due]:
    """Remind HR on the last day to begin, or to answer, the investigation of an objection; once each."""
    return [due for one in queries.waiting_objections() for due in _of_objection(one, now)]


def _of_objection(one: ObjectionFacts, now: datetime) -> Iterable[Due]:
    by = one.start_by if one.started_at is None else one.answer_by
    if local_date(now) < by:
        return
    notice = queries.notice(one.notice_id)
    step = "start" if one.started_at is None else "answer"
    without = [notice.person_id, *([one.by] if one.by is not None else [])]
    for person in _hr(now, without):
        yield Due(
            person,
            "一份公示的异议%(day)s到期，请马上调查和答复。",
            key=f"objection:{one.id}:{step}:{person}",
            values={"day": by},
            url=f"/public-notices/{notice.id}/objections",
            due_on=by,
        )


@reminder("application.trial_over")
def trials_over(now: datetime) -> list[Due]:
    """Remind HR and the direct superior when a trial has come to its last day."""
    today = local_date(now)
    found = []
    for one in queries.applications(states=[State.TRIAL]):
        if one.trial_until is None or one.trial_until > today:
            continue
        told = {*_hr(now, [one.person_id]), *people.direct_superiors_of(one.person_id, today)}
        name = people.get_person(one.person_id, today).name
        found += [
            Due(
                person,
                "%(name)s的试岗到%(day)s结束，请提出结论。",
                key=f"trial-over:{one.id}:{one.trial_until.isoformat()}:{person}",
                values={"name": name, "day": one.trial_until},
                url=f"/applications/{one.id}",
                due_on=one.trial_until,
            )
            for person in sorted(told)
        ]
    return found
