"""Saying that two questions that are alike are not the same."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.questions.duplicates import queries
from cstrain.questions.duplicates.models import DuplicateVerdict
from cstrain.unit_of_work import flush_unique


def set_aside(actor: PersonId, now: datetime, first: int, second: int, reason: str) -> None:
    """Keep that two versions are not the same question, with the reason; a new version of either asks again.

    Raises ``NotFoundError`` when one is not in use any more, ``ConflictError`` when it was said already.
    """
    if not reason.strip():
        raise DomainError("请写明为什么不是同一道题。")
    low, high = queries.current_pair(first, second)
    row = DuplicateVerdict(
        first_version_id=low, second_version_id=high, reason=reason.strip(), said_by=actor, said_at=now
    )
    session().add(row)
    flush_unique("没有办理：这一对已经有人标过了。")
    record(actor, "question.not_same", f"question_version:{low}", other=high)
