"""Changing a mark: proposed by one person, confirmed by another; the old marking stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.exams.facts import AttemptFacts
from cstrain.extensions import session
from cstrain.grading.events import ResultReleased, result_changed
from cstrain.grading.models import MarkChange, Release, Result
from cstrain.grading.rules import BY_HAND, MarkedAttempt, from_json, total
from cstrain.grading.service.marking import KEYS, latest, store
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.kernel.units import passed
from cstrain.notifications.service import notify
from cstrain.unit_of_work import side_by_side


def propose_change(
    actor: PersonId,
    now: datetime,
    attempt_id: AttemptId,
    slot: int,
    earned: Decimal,
    reason: str,
    appeal_id: int | None = None,
) -> int:
    """Propose what a slot should earn; returns the id of the proposal."""
    facts = exams.attempt(attempt_id, now)
    held = latest(attempt_id)
    if actor == facts.person_id:
        raise ForbiddenError("不能改自己的成绩。")
    if held is None:
        raise ConflictError("这份答卷还没有阅完，不能改分。")
    if not reason.strip():
        raise DomainError("没有写改分理由，成绩没有变。请写明理由。")
    if earned not in _range(held, slot):
        raise DomainError("改后的分要在0到这道题的满分之间，成绩没有变。")
    change = MarkChange(
        attempt_id=attempt_id,
        slot=slot,
        earned=earned,
        reason=reason.strip(),
        appeal_id=appeal_id,
        proposed_by=actor,
        proposed_at=now,
    )
    session().add(change)
    session().flush()
    record(actor, "mark.propose", f"attempt:{attempt_id}", slot=slot, earned=f"{earned:f}", change=change.id)
    return change.id


class _range:  # noqa: N801  # reads as "earned in _range(held, slot)"
    """The marks a slot may earn: 0 to its maximum; nothing for a slot that does not exist."""

    def __init__(self, held: Result, slot: int) -> None:
        self._most = next((Decimal(mark["of"]) for mark in held.marks if mark["slot"] == slot), Decimal(-1))

    def __contains__(self, earned: Decimal) -> bool:
        return Decimal(0) <= earned <= self._most


def confirm_change(actor: PersonId, now: datetime, change_id: int) -> None:
    """Confirm somebody else's proposal: a new marking is added and the candidate is told."""
    side_by_side(KEYS)
    change = session().get(MarkChange, change_id, with_for_update=True, populate_existing=True)
    if change is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    facts = exams.attempt(change.attempt_id, now)
    if actor in {change.proposed_by, facts.person_id}:
        raise ForbiddenError("改分要由另一个人确认，提出人和考生本人都不能确认。")
    held = latest(change.attempt_id)
    if change.confirmed_at is not None or change.refused_at is not None or held is None:
        raise ConflictError("这次改分已经处理过了。请刷新后再看。")
    change.confirmed_by, change.confirmed_at = actor, now
    marked = with_slot(held.marks, change.slot, change.earned)
    before = held.raw
    proposer = PersonId(change.proposed_by)
    store(facts, marked, now, reason=change.reason, actor=proposer, second=actor, change_id=change.id)
    record(
        actor,
        "mark.confirm",
        f"attempt:{facts.id}",
        change=change.id,
        before=f"{before:f}",
        after=f"{marked.raw:f}",
    )
    release = session().query(Release).filter_by(attempt_id=facts.id).one_or_none()
    if release is not None and release.released_at is not None:
        tell_changed(facts, marked.raw, now)


def refuse_change(actor: PersonId, now: datetime, change_id: int) -> None:
    """Turn down a proposal (its proposer may take it back); the marks stay as they are."""
    change = session().get(MarkChange, change_id, with_for_update=True, populate_existing=True)
    if change is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    if actor == exams.attempt(change.attempt_id, now).person_id:
        raise ForbiddenError("不能改自己的成绩。")
    if change.confirmed_at is not None or change.refused_at is not None:
        raise ConflictError("这次改分已经处理过了。请刷新后再看。")
    change.refused_by, change.refused_at = actor, now
    session().flush()
    record(actor, "mark.refuse", f"attempt:{change.attempt_id}", change=change.id)


def tell_changed(facts: AttemptFacts, raw: Decimal, now: datetime) -> None:
    """Tell the candidate of a released result, and who listens, that its mark has changed."""
    notify(
        facts.person_id,
        "《%(paper)s》成绩有更正。",
        values={"paper": facts.paper.title},
        url=f"/results/{facts.id}",
        now=now,
    )
    good = passed(raw, facts.paper.pass_mark)
    result_changed.send(ResultReleased(facts.id, facts.person_id, facts.paper.ref, good, now))


def with_slot(held: Sequence[Mapping[str, Any]], slot: int, earned: Decimal) -> MarkedAttempt:
    """Return a result, given by its marks as they are kept, with one slot's mark replaced by hand."""
    marks = [from_json(mark) for mark in held]
    changed = [
        replace(mark, exact=Fraction(earned), note=BY_HAND) if mark.slot == slot else mark for mark in marks
    ]
    return total(changed)
