"""What every act of a review checks first."""

from __future__ import annotations

from datetime import datetime

from cstrain.extensions import local_date
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.performance.reviews import queries, store
from cstrain.performance.reviews.facts import CycleFacts, SubjectFacts


def answering(now: datetime, subject_id: int) -> tuple[CycleFacts, SubjectFacts]:
    """Lock the cycle in which somebody is reviewed and return both; ``ConflictError`` outside its window."""
    cycle = held(store.subject_row(subject_id).cycle_id)
    if not cycle.is_open(local_date(now)):
        raise ConflictError(
            "没有保存：这次评价在%(first)s至%(last)s之间填写。", first=cycle.opens_on, last=cycle.closes_on
        )
    return cycle, queries.subject(subject_id)


def held(cycle_id: int) -> CycleFacts:
    """Lock a cycle that nobody has closed and return it."""
    store.cycle_row(cycle_id, lock=True)
    cycle = queries.cycle(cycle_id)
    if cycle.closed_at is not None:
        raise ConflictError("这次评价已经结束，没有保存。")
    return cycle


def runs(actor: PersonId, now: datetime, cycle: CycleFacts) -> list[SubjectFacts]:
    """Refuse who may not run a cycle, or is reviewed in it; return who is reviewed."""
    if not queries.may_open(actor, cycle.department, local_date(now)):
        raise ForbiddenError("你没有办这件事的权限，没有办。")
    subjects = queries.subjects_of([cycle.id])
    if any(one.person == actor for one in subjects):
        raise ForbiddenError("你在这次评价里被评价，不能办这次评价的事。请由别人来办。")
    return subjects


def written(text: str, most: int = 1000) -> str:
    """Return a text without outer blanks; ``DomainError`` for a very long one."""
    found = text.strip()
    if len(found) > most:
        raise DomainError("没有保存：文字太长，最多%(most)s个字。", most=most)
    return found
