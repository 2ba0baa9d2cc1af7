"""Acts by two persons: one proposes, another confirms or refuses; never the person it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cstrain.approvals import queries, store
from cstrain.approvals.facts import ActFacts
from cstrain.approvals.models import PairedAct
from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.unit_of_work import one_at_a_time


def propose(
    actor: PersonId,
    now: datetime,
    kind: str,
    subject: str,
    payload: Mapping[str, Any],
    reason: str,
    about: PersonId,
) -> int:
    """Propose an act about a person; return its id. Refuses a second open one of the kind for the subject."""
    if actor == about:
        raise ForbiddenError("不能办理关于自己的事项。请由别人来办。")
    if not reason.strip():
        raise DomainError("没有提出：请写明理由。")
    one_at_a_time(f"act:{kind}:{subject}")
    if queries.open_act(kind, subject) is not None:
        raise ConflictError("已经有人提出，正在等另一个人确认。请刷新后再看。")
    row = PairedAct(
        kind=kind,
        subject=subject,
        about_id=about,
        payload=dict(payload),
        reason=reason.strip(),
        proposed_by=actor,
        proposed_at=now,
    )
    session().add(row)
    session().flush()
    record(actor, "act.propose", f"act:{row.id}", kind=kind, matter=subject)
    return row.id


def _open_for(actor: PersonId, act_id: int) -> PairedAct:
    row = store.get_act(act_id, lock=True)
    if row.confirmed_at is not None or row.refused_at is not None:
        raise ConflictError("这件事已经有人确认或退回。请刷新后再看。")
    if actor == row.about_id:
        raise ForbiddenError("不能办理关于自己的事项。请由别人来办。")
    return row


def confirm(actor: PersonId, now: datetime, act_id: int) -> ActFacts:
    """Confirm somebody else's act and return it; what it does is the calling package's matter."""
    row = _open_for(actor, act_id)
    if actor == row.proposed_by:
        raise ForbiddenError("这是你提出的，没有生效。请由另一个人确认。")
    row.confirmed_by, row.confirmed_at = actor, now
    session().flush()
    record(actor, "act.confirm", f"act:{row.id}", kind=row.kind, matter=row.subject)
    return store.act_facts(row)


def refuse(actor: PersonId, now: datetime, act_id: int, why: str) -> ActFacts:
    """Send an act back with a reason; the proposer may take it back the same way."""
    row = _open_for(actor, act_id)
    if not why.strip():
        raise DomainError("没有退回：请写明原因。")
    row.refused_by, row.refused_at, row.refused_why = actor, now, why.strip()
    session().flush()
    record(actor, "act.refuse", f"act:{row.id}", kind=row.kind, matter=row.subject)
    return store.act_facts(row)


def lapse_act(now: datetime, act_id: int, why: str) -> None:
    """End an act that events have overtaken, without anybody confirming or refusing it."""
    row = store.get_act(act_id, lock=True)
    row.refused_at, row.refused_why = now, why
    session().flush()
    record(None, "act.lapse", f"act:{row.id}", kind=row.kind, matter=row.subject)
