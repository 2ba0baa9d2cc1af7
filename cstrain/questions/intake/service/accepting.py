"""Accepting all questions of an import, by another person than who brought them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.questions.authoring.queries import ids_to_decide
from cstrain.questions.authoring.service import accept
from cstrain.questions.intake.service.working import Work
from cstrain.questions.intake.store import get_batch
from cstrain.unit_of_work import unit_of_work

AT_ONCE = 200
"""So many are accepted in one unit: others write in between."""
_ACCEPTED = "试题文件“%(file)s”里的%(n)s题已经采用。"
_NOT_NOW = "这次导入现在不能全部采用：还没有写入，或者正在办。请刷新页面。"
_OWN = "不能审核自己导入的题。请让另一位同事来审核。"
_NONE = "没有可以采用的题：都审核完了，或者你改过它们。请刷新页面。"


def accept_all(batch_id: int, by: PersonId, now: datetime) -> bool:
    """Accept all that an import brought and the person may decide on; tell whether it is done already.

    More than ``AT_ONCE`` are accepted in the background. Raises ``ConflictError``, ``ForbiddenError``.
    """
    batch = get_batch(batch_id, lock=True)
    if batch.state != "done":
        raise ConflictError(_NOT_NOW)
    if batch.person_id == by:
        raise ForbiddenError(_OWN)
    waiting = ids_to_decide(batch_id, by)
    if not waiting:
        raise ConflictError(_NONE)
    record(by, "question.import_accepted", f"import:{batch_id}", questions=len(waiting))
    batch.accepted_by = by
    if len(waiting) <= AT_ONCE:
        accept(waiting, by, now)
        _tell(batch.person_id, batch_id, batch.file_name, len(waiting), now)
        return True
    batch.state, batch.worker, batch.done, batch.total = "accepting", "", 0, len(waiting)
    batch.seen_at = now
    session().flush()
    return False


def take_over(work: Work) -> None:
    """Accept what waits, unit by unit; what cannot be accepted stays in review."""
    batch = get_batch(work.batch_id)
    by, total = PersonId(batch.accepted_by or 0), batch.total
    waiting = ids_to_decide(work.batch_id, by)
    session().rollback()
    done = 0
    for start in range(0, len(waiting), AT_ONCE):
        work.tell(total - len(waiting) + start, total)
        done += _accepted(work, waiting[start : start + AT_ONCE], by)
    with unit_of_work():
        batch = work.held()
        batch.state, batch.worker, batch.done = "done", "", total
        _tell(batch.person_id, batch.id, batch.file_name, done, work.clock())


def _accepted(work: Work, ids: Sequence[int], by: PersonId) -> int:
    """Accept some; where one of them is refused, the others one by one. Returns how many were."""
    try:
        with unit_of_work():
            work.held()
            return accept(ids, by, work.clock())
    except DomainError:
        if len(ids) == 1:
            return 0
    half = len(ids) // 2
    return _accepted(work, ids[:half], by) + _accepted(work, ids[half:], by)


def _tell(person: int | None, batch_id: int, file: str, count: int, now: datetime) -> None:
    if person is not None:
        values = {"file": file, "n": count}
        notify(PersonId(person), _ACCEPTED, now=now, values=values, url=f"/question-imports/{batch_id}")
