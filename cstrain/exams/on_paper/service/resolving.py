"""Where two entries differ: a third person says what the sheet holds, or the two of them agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cstrain.audit.service import record
from cstrain.exams.on_paper import queries, rules
from cstrain.exams.on_paper.facts import CopyFacts, Task
from cstrain.exams.on_paper.models import PaperCopy, PaperResolution
from cstrain.exams.on_paper.service.giving_out import locked_copy
from cstrain.exams.on_paper.service.settling import settle
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId

_MOVED_ON = "这份纸卷的差异已经处理过，或者还在等两个人录完，没有保存。请刷新后再看。"


def _own(actor: PersonId, copy: PaperCopy) -> None:
    if actor == copy.person_id:
        raise ForbiddenError("不能处理自己的试卷。请由别人来办。")


def resolve(actor: PersonId, now: datetime, copy_id: int, answers: Mapping[int, str]) -> bool:
    """Say what the sheet holds wherever the entries differ (JSON text by slot; ``null``: nothing).

    By a third person it counts at once. By one of the two it waits for the other. Returns whether the copy
    became an attempt.
    """
    copy = locked_copy(copy_id)
    _own(actor, copy)
    facts = queries.copy(copy_id)
    if Task.RESOLVE not in queries.may_do(facts, actor):
        raise ConflictError(_MOVED_ON)
    wanted = {each.slot.slot for each in queries.differences(copy_id)}
    if not wanted <= set(answers):
        missing = len(wanted - set(answers))
        raise DomainError("还有%(n)s处差异没有选定，没有保存。请逐处对照试卷后选定。", n=missing)
    third = rules.is_third(actor, facts.enterers)
    row = PaperResolution(
        copy_id=copy_id,
        answers={str(slot): answers[slot] for slot in sorted(wanted)},
        third=third,
        made_by=actor,
        made_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "paper_copy.resolve", f"paper_copy:{copy_id}", resolution=row.id, third=third)
    if third:
        _settle(copy, facts, {slot: answers[slot] for slot in wanted}, now, by=actor)
    return third


def agree(actor: PersonId, now: datetime, copy_id: int, *, agreed: bool) -> None:
    """Agree to what the other one who entered proposed, which settles the copy, or turn it down."""
    copy = locked_copy(copy_id)
    _own(actor, copy)
    facts = queries.copy(copy_id)
    waiting = facts.waiting
    if Task.AGREE not in queries.may_do(facts, actor) or waiting is None:
        raise ConflictError(_MOVED_ON)
    row = session().get_one(PaperResolution, waiting.id)
    if agreed:
        row.agreed_by, row.agreed_at = actor, now
    else:
        row.refused_by, row.refused_at = actor, now
    session().flush()
    record(actor, "paper_copy.agree", f"paper_copy:{copy_id}", resolution=row.id, agreed=agreed)
    if agreed:
        _settle(copy, facts, waiting.answers, now, by=actor)


def _settle(
    copy: PaperCopy, facts: CopyFacts, resolved: Mapping[int, str], now: datetime, *, by: PersonId
) -> None:
    first, second = queries.both_answers(facts.id)
    controls = {slot.slot: slot.control for slot in queries.form(facts.id)}
    found = rules.agreed(controls, first, second, resolved)
    if found is None:
        raise ConflictError(_MOVED_ON)
    settle(copy, found, now, by=by)
