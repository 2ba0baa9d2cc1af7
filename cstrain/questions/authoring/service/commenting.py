"""Saying something about a question to those who work on it."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring.models import QuestionComment
from cstrain.questions.authoring.store import get_question


def comment(bank: str, ref: str, by: PersonId, now: datetime, text: str) -> None:
    """Keep a comment on a question."""
    question = get_question(bank, ref)
    session().add(QuestionComment(question_id=question.id, person_id=by, at=now, text=text))
    record(by, "question.commented", f"question:{ref}", bank=bank)
    session().flush()
