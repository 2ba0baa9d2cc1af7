"""Correcting a key: one person proposes, another confirms, and all results concerned are worked out again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.extensions import session
from cstrain.grading.models import Result
from cstrain.grading.rekeying.facts import Effect, Preview, ProposalFacts
from cstrain.grading.rekeying.models import KeyProposal
from cstrain.grading.rekeying.queries import MISSING, preview, proposal, used_version
from cstrain.grading.rekeying.rules import fault
from cstrain.grading.rules import as_json
from cstrain.grading.service.changing import tell_changed
from cstrain.grading.service.marking import KEYS, mark_attempt
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.facts import NewKey
from cstrain.questions.service import revise_key
from cstrain.unit_of_work import flush_unique, locked, one_at_a_time

REASON = "re-key %(revision)s"
_FAULT_WORDS = {
    "people": "没有提出：这道题由人阅卷，没有标准答案可改。评分有误请逐份改分；题目有误可以给所有人满分。",
    "same": "没有提出：这和现在的答案一样。请核对要改成什么。",
    "options": "没有提出：正确选项要从这道题的选项里选，至少一个。",
    "shape": "没有提出：改后的答案要和原来的格式一样，只改内容，不增减项目。",
    "samples": "没有提出：按改后的答案，这道题自己的对错样例评不出应得的分。请检查写法。",
}
_OWN = "你考过这道题，更正它会改到你自己的成绩。请由没有考过的人来办。"
_OVER = "这次更正已经处理过了。请刷新后再看。"


def propose(actor: PersonId, now: datetime, new: NewKey) -> int:
    """Propose another key for a version that was used; nothing changes until a second person confirms."""
    version = used_version(new.version_id)
    found = fault(version, new)
    if found:
        raise DomainError(_FAULT_WORDS[found])
    if not new.reason.strip() or not new.explanation.strip():
        raise DomainError("没有提出：理由和给考生看的解析都要写。")
    _refuse_own(actor, new.version_id, now)
    one_at_a_time("key proposals")
    if session().scalar(_waiting(new.version_id)) is not None:
        raise ConflictError("这道题已经有一个更正在等第二个人。请先办理那一个。")
    row = KeyProposal(
        version_id=new.version_id,
        kind=new.kind,
        key=dict(new.key),
        explanation=new.explanation.strip(),
        reason=new.reason.strip(),
        proposed_by=actor,
        proposed_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "key.propose", f"question_version:{new.version_id}", proposal=row.id, kind=new.kind)
    return row.id


def _waiting(version_id: int) -> sa.Select[int]:
    return sa.select(KeyProposal.id).where(
        KeyProposal.version_id == version_id,
        KeyProposal.confirmed_at.is_(None),
        KeyProposal.refused_at.is_(None),
    )


def _refuse_own(actor: PersonId, version_id: int, now: datetime) -> None:
    """Refuse who was asked this question: nobody acts on their own marks."""
    asked = exams.attempts(exams.markable_where(version_id), now)
    if any(facts.person_id == actor for facts in asked.values()):
        raise ForbiddenError(_OWN)


def as_new_key(facts: ProposalFacts) -> NewKey:
    """Return what a proposal would put into force."""
    return NewKey(facts.version_id, facts.kind, facts.key, facts.explanation, facts.reason)


def confirm(actor: PersonId, now: datetime, proposal_id: int) -> Preview:
    """Put somebody else's correction into force and mark all results concerned again; returns what it did.

    Every result that changes gets a new row; the old ones stay. Candidates who know their mark are told, and
    who listens to changed results (conversion, gates) hears of it, all in one unit of work.
    """
    one_at_a_time(KEYS)
    row = _open_row(proposal_id)
    if actor == row.proposed_by:
        raise ForbiddenError("这次更正是你提出的，还没有生效。请由另一个人确认。")
    _refuse_own(actor, row.version_id, now)
    new = as_new_key(proposal(proposal_id))
    found = fault(used_version(row.version_id), new)
    if found:
        raise ConflictError("现在的答案已经不同，这次更正不再适用，没有生效。请退回后重新提出。")
    done = preview(new, now)
    proposer = PersonId(row.proposed_by)
    row.revision_id = revise_key(actor, now, new, proposer, row.proposed_at)
    row.confirmed_by, row.confirmed_at = actor, now
    _store(actor, now, row, done)
    _mark_waiting(row.version_id, done, now)
    record(
        actor,
        "key.confirm",
        f"question_version:{row.version_id}",
        proposal=row.id,
        revision=row.revision_id,
        asked=done.asked,
        marked=len(done.effects),
        changed=len(done.changed),
        up=done.sides("up"),
        down=done.sides("down"),
    )
    return done


def _open_row(proposal_id: int) -> KeyProposal:
    row = session().scalar(locked(sa.select(KeyProposal).where(KeyProposal.id == proposal_id)))
    if row is None:
        raise NotFoundError(MISSING)
    if row.confirmed_at is not None or row.refused_at is not None:
        raise ConflictError(_OVER)
    return row


def _store(actor: PersonId, now: datetime, row: KeyProposal, done: Preview) -> None:
    """Add the results that change, tell their candidates, leave a trace of each."""
    changed = done.changed
    session().add_all(_result(actor, now, row, each) for each in changed)
    flush_unique("有成绩刚刚变动，更正没有生效。请刷新后重新核对。")
    for each in changed:
        digest: dict[str, Any] = {"number": each.number + 1, "digest": each.after.digest}
        record(actor, "attempt.mark", f"attempt:{each.attempt.id}", revision=row.revision_id, **digest)
        if each.released:
            tell_changed(each.attempt, each.after.raw, now)


def _mark_waiting(version_id: int, done: Preview, now: datetime) -> None:
    """Ask again for the results of attempts that had none yet: a credited question waits for nobody."""
    marked = {each.attempt.id for each in done.effects}
    for attempt_id in exams.markable_where(version_id):
        if attempt_id not in marked:
            mark_attempt(attempt_id, now)


def _result(actor: PersonId, now: datetime, row: KeyProposal, each: Effect) -> Result:
    return Result(
        attempt_id=each.attempt.id,
        number=each.number + 1,
        raw=each.after.raw,
        marks=[as_json(slot) for slot in each.after.slots],
        digest=each.after.digest,
        reason=REASON % {"revision": row.revision_id},
        marked_at=now,
        marked_by=row.proposed_by,
        second_by=actor,
        key_revision_id=row.revision_id,
    )


def refuse(actor: PersonId, now: datetime, proposal_id: int) -> None:
    """Turn a proposed correction down (its proposer may take it back); nothing changes."""
    row = _open_row(proposal_id)
    _refuse_own(actor, row.version_id, now)
    row.refused_by, row.refused_at = actor, now
    session().flush()
    record(actor, "key.refuse", f"question_version:{row.version_id}", proposal=row.id)
