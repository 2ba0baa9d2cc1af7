"""Giving a cycle more days, and closing it: results are worked out once and sealed."""

from __future__ import annotations

from datetime import date, datetime

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.sealing import seal
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.performance.reviews import queries, rules, store
from cstrain.performance.reviews.facts import CycleFacts, Inputs, SubjectFacts
from cstrain.performance.reviews.models import ReviewForm, ReviewResult
from cstrain.performance.reviews.policy import MANAGER, SELF
from cstrain.performance.reviews.queries.closing import forms_of, inputs_of, remarks_of
from cstrain.performance.reviews.service.common import held, runs


def extend(actor: PersonId, now: datetime, cycle_id: int, closes_on: date) -> None:
    """Give a cycle a later last day, at most the longest window after its first one."""
    cycle = held(cycle_id)
    runs(actor, now, cycle)
    if closes_on <= cycle.closes_on or closes_on < local_date(now):
        raise DomainError("没有保存：新的截止日要比%(day)s晚，也不能早于今天。", day=cycle.closes_on)
    if (closes_on - cycle.opens_on).days >= cycle.rules.most_days:
        raise DomainError("没有保存：填写时间最长%(most)s天。", most=cycle.rules.most_days)
    store.add_event(cycle_id, "extended", actor, now, {"closes_on": closes_on.isoformat()})
    record(actor, "review.extend", f"review_cycle:{cycle_id}", closes_on=closes_on.isoformat())


def close(actor: PersonId, now: datetime, cycle_id: int) -> None:
    """Close a cycle: work out and seal everybody's result, and tell them.

    Only once its window is over or every form is in; never by who is reviewed in it. What is missing stays
    unknown in the result.
    """
    cycle = held(cycle_id)
    subjects = runs(actor, now, cycle)
    if not queries.ready(cycle, subjects, local_date(now)):
        raise ConflictError("还不能结束：要等%(day)s过完，或者所有的表都交齐。", day=cycle.closes_on)
    inputs = inputs_of(cycle, subjects)
    remarks = remarks_of(cycle, subjects)
    forms = forms_of([one.id for one in subjects])
    for one in subjects:
        kept = _content(cycle, one, inputs[one.id], forms, remarks.get(one.id, ()))
        text, digest = seal(kept)
        session().add(
            ReviewResult(
                subject_id=one.id,
                about_id=one.person,
                closed_by=actor,
                sealed=text,
                sha256=digest,
                closed_at=now,
            )
        )
    store.add_event(cycle_id, "closed", actor, now, {}, once="closed")
    record(actor, "review.close", f"review_cycle:{cycle_id}", people=len(subjects))
    for one in subjects:
        notify(
            one.person,
            "%(place)s的月度评价有结果了。",
            values={"place": cycle.department_name},
            url=f"/reviews/results/{one.id}",
            now=now,
        )


def _content(
    cycle: CycleFacts,
    one: SubjectFacts,
    inputs: Inputs,
    forms: dict[tuple[int, str], ReviewForm],
    remarks: tuple[str, ...],
) -> dict[str, object]:
    own, manager = forms.get((one.id, SELF)), forms.get((one.id, MANAGER))
    return {
        "cycle": cycle.id,
        "subject": one.id,
        "rules": {"ref": cycle.rules.ref, "edition": cycle.rules.edition},
        "inputs": rules.inputs_record(inputs),
        "outcome": rules.outcome_record(rules.outcome(inputs, cycle.rules)),
        "own_note": own.note if own else "",
        "manager": manager.rater_id if manager else None,
        "manager_note": manager.note if manager else "",
        "remarks": list(remarks),
    }
