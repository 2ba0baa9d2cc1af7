"""Taking an act on many questions back as a whole, as far as nobody changed them since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.library.facts import Standing
from cstrain.questions.library.queries import standings
from cstrain.questions.library.queries.acts import NO_BULK
from cstrain.questions.library.rules import still_stands
from cstrain.questions.library.service.bulk import add_events, change_tags
from cstrain.questions.models import Question, QuestionBulk, QuestionEvent
from cstrain.unit_of_work import locked

_REVERSED = {
    "move": "moved",
    "tag": "tagged",
    "untag": "tagged",
    "retire": "restored",
    "restore": "retired",
}
_MOST_NAMED = 20


class Undone(NamedTuple):
    """How many questions were put back, and the refs of those that were left as others have changed them."""

    put_back: int
    left: tuple[str, ...]


def undo(bulk_id: int, by: PersonId, now: datetime) -> Undone:
    """Put every question of an act back as it was, except those that somebody changed since.

    Raises ``NotFoundError``; ``ConflictError`` when it is undone already or nothing can be put back.
    """
    bulk = session().scalar(locked(sa.select(QuestionBulk).where(QuestionBulk.id == bulk_id)))
    if bulk is None:
        raise NotFoundError(NO_BULK)
    if bulk.undone_at is not None:
        raise ConflictError("这次批量操作已经撤销过了，不需要再撤销。")
    details = _details(bulk_id)
    touched = _touched(bulk_id) if bulk.kind == "restore" else set()
    questions = standings(details, lock=True)
    back = [
        each
        for each in questions
        if still_stands(
            bulk.kind, each, details[each.id], bulk.person_id, bulk.at, touched=each.id in touched
        )
    ]
    if not back:
        raise ConflictError("没有撤销：这些题后来都被改过，或者有没审完的稿件。请一道一道地改。")
    _put_back(bulk.kind, back, details)
    add_events(
        {each.id: {"undoes": bulk_id} for each in back},
        QuestionEvent(kind=_REVERSED[bulk.kind], person_id=by, at=now, note="", bulk_id=bulk_id),
    )
    bulk.undone_at, bulk.undone_by = now, by
    reached = {each.id for each in back}
    left = tuple(each.ref for each in questions if each.id not in reached)
    told = {"put_back": len(back), "left": len(left), "refs": list(left[:_MOST_NAMED])}
    record(by, "questions.undone", f"question_bulk:{bulk_id}", **told)
    session().flush()
    session().expire_all()  # the bulk statements went past the loaded rows
    return Undone(len(back), left)


def _details(bulk_id: int) -> dict[int, Mapping[str, Any]]:
    rows = session().execute(
        sa.select(QuestionEvent.question_id, QuestionEvent.detail).where(QuestionEvent.bulk_id == bulk_id)
    )
    return dict(rows.all())


def _touched(bulk_id: int) -> set[int]:
    """Return the questions of an act that were retired or restored after it."""
    done = sa.select(QuestionEvent.question_id, QuestionEvent.id).where(QuestionEvent.bulk_id == bulk_id)
    before = done.subquery()
    later = (
        sa.select(QuestionEvent.question_id)
        .join(before, before.c.question_id == QuestionEvent.question_id)
        .where(QuestionEvent.id > before.c.id, QuestionEvent.kind.in_(["retired", "restored"]))
    )
    return set(session().scalars(later))


def _put_back(kind: str, questions: Sequence[Standing], details: Mapping[int, Mapping[str, Any]]) -> None:
    if kind in {"tag", "untag"}:
        name = "added" if kind == "tag" else "removed"
        change_tags({each.id: details[each.id][name] for each in questions}, adds=kind == "untag")
        return
    rows = [{"id": each.id, **_values(kind, details[each.id])} for each in questions]
    session().execute(sa.update(Question), rows)


def _values(kind: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a question before an act."""
    if kind == "move":
        return {"topic_id": detail["topic"], "placed_by": detail["placed_by"]}
    at = detail["retired_at"]
    return {"retired_at": datetime.fromisoformat(at) if at else None, "retired_by": detail["retired_by"]}
