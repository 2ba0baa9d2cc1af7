"""Rows of imports by key, held by whoever works on them; what a bank has already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.policies.yaml_source import SourceError
from cstrain.questions.authoring.queries import waiting_questions
from cstrain.questions.exchange.contract import Draft, part
from cstrain.questions.exchange.drafts import Held, completed, meaning, question_of
from cstrain.questions.intake.facts import BUSY
from cstrain.questions.intake.models import ImportBatch, ImportFile, ImportItem
from cstrain.questions.intake.rules import SILENT_SECONDS
from cstrain.questions.key_revisions import counting
from cstrain.questions.meaning import meaning_of
from cstrain.questions.models import Question, QuestionKey, QuestionText, QuestionVersion
from cstrain.unit_of_work import locked

NO_IMPORT = "没有找到这次导入。请回到导入列表里选一个。"


def get_batch(batch_id: int, *, lock: bool = False) -> ImportBatch:
    """Return an import; raises ``NotFoundError``."""
    asked = sa.select(ImportBatch).where(ImportBatch.id == batch_id)
    row = session().scalar(locked(asked) if lock else asked)
    if row is None:
        raise NotFoundError(NO_IMPORT)
    return row


def take_one(worker: str, now: datetime) -> int | None:
    """Let ``worker`` hold the oldest import that waits, or whose worker has gone silent; return its id.

    Two who ask at once never get the same one.
    """
    silent = now - timedelta(seconds=SILENT_SECONDS)
    free = sa.and_(
        ImportBatch.state.in_(BUSY), sa.or_(ImportBatch.worker == "", ImportBatch.seen_at < silent)
    )
    found = session().scalar(sa.select(ImportBatch.id).where(free).order_by(ImportBatch.id).limit(1))
    if found is None:
        return None
    taken = session().execute(
        sa.update(ImportBatch)
        .where(ImportBatch.id == found, free)
        .values(worker=worker, seen_at=now, done=0)
        .returning(ImportBatch.id)
    )
    return taken.scalar_one_or_none()


def work_waits(now: datetime) -> bool:
    """Tell whether there is an import to be taken up."""
    silent = now - timedelta(seconds=SILENT_SECONDS)
    asked = sa.exists().where(
        ImportBatch.state.in_(BUSY), sa.or_(ImportBatch.worker == "", ImportBatch.seen_at < silent)
    )
    return bool(session().scalar(sa.select(asked)))


def data_of(batch_id: int) -> bytes:
    """Return the bytes of an import's file."""
    asked = sa.select(ImportFile.data).where(ImportFile.batch_id == batch_id)
    return session().execute(asked).scalar_one()


def forget(batch_id: int, *, everything: bool) -> None:
    """Take away the file and the questions of an import that has ended, or all that was found in it."""
    session().execute(sa.delete(ImportFile).where(ImportFile.batch_id == batch_id))
    gone = sa.delete(ImportItem).where(ImportItem.batch_id == batch_id)
    session().execute(gone if everything else gone.where(ImportItem.kind == "question"))


def held_by(bank_id: int | None) -> Held:
    """Return what a bank has: its active questions and those in review by meaning, all its ids."""
    if bank_id is None:
        return Held()
    rows = session().execute(
        sa.select(Question.id, Question.ref, Question.retired_at, QuestionText.meaning)
        .outerjoin(QuestionText, QuestionText.question_id == Question.id)
        .where(Question.bank_id == bank_id)
    )
    ids, meanings, unknown = set(), {}, set()
    for question, ref, retired, same in rows:
        ids.add(ref)
        if retired is None and same:
            meanings[same] = ref
        elif retired is None:
            unknown.add(question)
    meanings.update(_worked_out(bank_id, unknown))
    return Held(meanings, ids)


def _worked_out(bank_id: int, unknown: set[int]) -> Iterator[tuple[str, str]]:
    """Yield meaning and ref of questions of which none is kept, and of those whose key was corrected."""
    revised = counting()
    asked = (
        sa.select(
            Question.id,
            Question.ref,
            QuestionVersion.type,
            QuestionVersion.content,
            QuestionKey.key,
            revised.c.kind,
            revised.c.key.label("newer"),
        )
        .join(QuestionVersion, QuestionVersion.id == Question.current_version_id)
        .join(QuestionKey, QuestionKey.version_id == QuestionVersion.id)
        .outerjoin(revised, revised.c.version_id == QuestionVersion.id)
        .outerjoin(QuestionText, QuestionText.question_id == Question.id)
        .where(Question.bank_id == bank_id, Question.retired_at.is_(None))
        .where(sa.or_(revised.c.kind == "key", sa.func.coalesce(QuestionText.meaning, "") == ""))
    )
    for row in session().execute(asked):
        key: dict[str, Any] = row.newer if row.kind == "key" else row.key
        yield meaning_of(row.type, row.content, key), row.ref
    yield from _waiting(bank_id, unknown)


def _waiting(bank_id: int, unknown: set[int]) -> Iterator[tuple[str, str]]:
    for each in waiting_questions(bank_id) if unknown else ():
        if each.question_id in unknown:
            with suppress(SourceError):
                yield meaning(question_of(Draft(part(each.ref), completed(each.fields)), "")), each.ref
