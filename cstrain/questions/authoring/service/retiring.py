"""Taking questions out of use, and back."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring.store import get_question, happened


def retire(bank: str, ref: str, by: PersonId, now: datetime, reason: str) -> None:
    """Take a question out of use: drawn no more, readable for ever."""
    question = get_question(bank, ref, lock=True)
    if question.retired_at is not None:
        raise ConflictError("这道题已经停用，不需要再操作。")
    question.retired_at, question.retired_by = now, by
    happened([question.id], "retired", by, now, reason)
    record(by, "question.retired", f"question:{ref}", bank=bank)
    session().flush()


def restore(bank: str, ref: str, by: PersonId, now: datetime, reason: str) -> None:
    """Bring a retired question back into use in its last version."""
    question = get_question(bank, ref, lock=True)
    if question.retired_at is None:
        raise ConflictError("这道题正在使用，不需要恢复。")
    if question.current_version_id is None:
        raise ConflictError("这道题从没有用过，它的稿件已经作废。请重新写一道。")
    question.retired_at = question.retired_by = None
    happened([question.id], "restored", by, now, reason)
    record(by, "question.restored", f"question:{ref}", bank=bank)
    session().flush()
