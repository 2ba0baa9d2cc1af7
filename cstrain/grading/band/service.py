"""Looking at results in the review band, and refusing a release while nobody has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cstrain.audit.service import record
from cstrain.exams.facts import AttemptFacts
from cstrain.extensions import session
from cstrain.grading.band.models import BandLook
from cstrain.grading.band.queries import newest_results, unseen, waiting_at
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.unit_of_work import flush_unique

MOST_NOTE = 1000
_AGAIN = "这份成绩你已经看过，没有再记一次。"


def look(actor: PersonId, now: datetime, attempt_id: AttemptId, note: str) -> None:
    """Record that somebody looked at a result near the pass mark, with what they found.

    Not one's own; only while it waits for release. A later marking needs another look.
    """
    found = waiting_at(attempt_id, now)
    if found.waiting.attempt.person_id == actor:
        raise ForbiddenError("不能复核自己的成绩。请由别人来看。")
    if not note.strip() or len(note) > MOST_NOTE:
        raise DomainError("没有记录：请写明看了什么、结论是什么，最多%(most)s个字。", most=MOST_NOTE)
    if any(each.person_id == actor for each in found.looks):
        raise ConflictError(_AGAIN)
    result = newest_results([attempt_id])[attempt_id]
    session().add(BandLook(result_id=result, person_id=actor, note=note.strip(), at=now))
    flush_unique(_AGAIN)
    record(actor, "band.look", f"attempt:{attempt_id}", result=result)


def refuse_unseen(attempts: Iterable[AttemptFacts]) -> None:
    """Refuse a release that holds a result in the band of a weighty paper nobody has looked at."""
    waiting = unseen(attempts)
    if waiting:
        raise ConflictError(
            "选中的成绩里有%(n)s份离及格线太近，还没有人复核，没有发布。请先在“发布与申诉”里逐份复核。",
            n=len(waiting),
        )
