"""Who gives their opinion on a case, by the policy's chain."""

from __future__ import annotations

from datetime import datetime

from cstrain.approvals import service as approvals
from cstrain.approvals.facts import Step
from cstrain.extensions import local_date
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.onboarding.conversion import store
from cstrain.onboarding.conversion.policy import ChainStep
from cstrain.onboarding.conversion.queries.dossier import CaseView
from cstrain.onboarding.queries.mentors import mentor_history
from cstrain.people import queries as people


def send_round(actor: PersonId, now: datetime, view: CaseView, subject: str, title: str, url: str) -> int:
    """Open the policy's chain of opinions on a case; return its id.

    The mentor is today's (or the last one); the superior is the nearest who is not the mentor. Refuses when
    nobody can be found for one of the two.
    """
    chapter = store.chapter()
    named: set[PersonId] = {view.person.id}
    steps = []
    for step in chapter.chain:
        person = _person(step, view, named, now)
        if person is not None:
            named.add(person)
        steps.append(Step(step.office, person, step.roles, step.title, step.mark, step.rates))
    ref = f"{chapter.ref}/{chapter.edition}"
    values = {"name": view.person.name}
    return approvals.open_chain(
        actor, now, subject, steps, view.person.id, ref=ref, title=title, values=values, url=url
    )


def _person(step: ChainStep, view: CaseView, taken: set[PersonId], now: datetime) -> PersonId | None:
    if step.who == "office":
        return None
    found = _mentors(view) if step.who == "mentor" else people.superiors_of(view.person.id, local_date(now))
    free = [one for one in found if one not in taken]
    if not free:
        raise DomainError("没有送出：找不到可以填“%(office)s意见”的人。请先指定后再提出。", office=step.title)
    return free[0]


def _mentors(view: CaseView) -> list[PersonId]:
    if view.mentor is not None:
        return [view.mentor]
    return [one.mentor for one in mentor_history(view.enrolment.id) if one.kind == "mentor"][:1]
