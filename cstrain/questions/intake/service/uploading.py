"""What people do with their imports: upload, name columns, confirm, cancel."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.questions.exchange.contract import MOST_BYTES
from cstrain.questions.exchange.sheets.columns import MEANINGS
from cstrain.questions.intake.facts import OPEN, Upload
from cstrain.questions.intake.models import HeaderMapping, ImportBatch, ImportFile, ImportItem
from cstrain.questions.intake.rules import PLACINGS, headings_digest
from cstrain.questions.intake.store import NO_IMPORT, forget, get_batch
from cstrain.questions.models import Bank

_MOST_OPEN = 20
_KEPT_DAYS = 30
_MOVED_ON = "这次导入已经往下走了，或者取消了。请刷新页面看看到了哪一步。"


@dataclass(frozen=True, slots=True)
class Choice:
    """Where questions go: ``placing`` of topics (``rules.PLACINGS``), the ref of the topic for the others."""

    placing: str
    default_topic: str


def upload(new: Upload, by: PersonId | None, worker: str, now: datetime) -> ImportBatch:
    """Keep an uploaded file to be looked at; ``worker`` looks at it at once ("": in the background).

    Raises ``DomainError`` for an empty or too big file, and for a bank that is neither there nor named.
    """
    if not new.data.strip():
        raise DomainError("没有上传：文件是空的。请检查是不是选错了文件。")
    if len(new.data) > MOST_BYTES:
        raise DomainError("没有上传：文件超过%(most)sMB。请分成几个文件。", most=MOST_BYTES // 1_000_000)
    bank = session().scalar(sa.select(Bank).where(Bank.name == new.bank))
    _check_bank(bank, new)
    _check_open(by)
    batch = _batch(bank, new, by, worker, now)
    session().add(batch)
    session().flush()
    session().add(ImportFile(batch_id=batch.id, data=new.data))
    record(by, "question.import_uploaded", f"import:{batch.id}", bytes=len(new.data), bank=new.bank)
    session().flush()
    return batch


def _batch(bank: Bank | None, new: Upload, by: PersonId | None, worker: str, now: datetime) -> ImportBatch:
    return ImportBatch(
        bank_id=bank.id if bank else None,
        bank_name=new.bank,
        bank_title=bank.title if bank else new.title,
        person_id=by,
        state="checking",
        file_name=_named(new.file_name),
        wanted=new.wanted,
        format="",
        digest=hashlib.sha256(new.data).hexdigest(),
        size=len(new.data),
        mapping={},
        default_topic="",
        placing=PLACINGS[0],
        done=0,
        total=0,
        imported=0,
        found={} if new.asks else {"named": True},
        why="",
        worker=worker,
        created_at=now,
        seen_at=now,
    )


def _named(name: str) -> str:
    kept = "".join(sign for sign in name if sign.isprintable()).strip()
    return kept[-120:] or "file"


def _check_bank(bank: Bank | None, new: Upload) -> None:
    if bank is None and not new.title:
        raise DomainError("没有题库“%(name)s”。请在列表里选一个，或者写明新题库的名称。", name=new.bank)
    if bank is not None and new.title:
        raise ConflictError("已经有题库“%(name)s”，请换一个名字。", name=new.bank)


def _check_open(by: PersonId | None) -> None:
    asked = sa.select(sa.func.count()).where(ImportBatch.person_id == by, ImportBatch.state.in_(OPEN))
    if by is not None and (session().scalar(asked) or 0) >= _MOST_OPEN:
        raise DomainError("你有%(n)s次导入还没有确认或取消。请先处理完，再上传新的。", n=_MOST_OPEN)


def name_columns(
    batch_id: int, meanings: Mapping[str, str], by: PersonId, worker: str, now: datetime
) -> ImportBatch:
    """Say what the headings of a table mean ("": leave the column out), and look at the file again.

    Remembered for other files with the same headings. Headings that are not named stay as they are known.
    """
    batch = _mine(batch_id, by)
    columns = batch.found.get("columns", [])
    if batch.state != "asking" or not columns:
        raise ConflictError(_MOVED_ON)
    headings = [str(each["heading"]) for each in columns]
    said = {
        heading: word
        for heading, word in meanings.items()
        if heading in headings and (word in MEANINGS or word == "")
    }
    session().add(
        HeaderMapping(digest=headings_digest(headings), headers=headings, mapping=said, person_id=by, at=now)
    )
    batch.mapping, batch.state, batch.worker, batch.seen_at = said, "checking", worker, now
    batch.found = {"named": True}
    record(by, "question.import_columns_named", f"import:{batch_id}", columns=len(said))
    session().flush()
    return batch


def rename_columns(batch_id: int, by: PersonId, worker: str, now: datetime) -> ImportBatch:
    """Go back to naming the columns of a table that was looked at already."""
    batch = _mine(batch_id, by)
    if batch.state != "checked" or not batch.found["has_columns"]:
        raise ConflictError(_MOVED_ON)
    batch.state, batch.found, batch.worker, batch.seen_at = "checking", {"ask": True}, worker, now
    session().execute(sa.delete(ImportItem).where(ImportItem.batch_id == batch_id))
    record(by, "question.import_columns_asked", f"import:{batch_id}")
    session().flush()
    return batch


def confirm(batch_id: int, choice: Choice, by: PersonId | None, worker: str, now: datetime) -> ImportBatch:
    """Say that what was found shall be written; raises ``DomainError`` where there is nothing to write."""
    batch = _mine(batch_id, by)
    if batch.state != "checked":
        raise ConflictError(_MOVED_ON)
    if not batch.found["counts"]["new"]:
        raise DomainError("没有可以导入的题。请改好文件，再上传一次。")
    batch.placing, batch.default_topic = choice.placing, choice.default_topic
    batch.state, batch.worker, batch.seen_at, batch.why = "writing", worker, now, ""
    batch.done, batch.total = 0, batch.found["counts"]["new"]
    record(by, "question.import_confirmed", f"import:{batch_id}", questions=batch.total)
    session().flush()
    return batch


def cancel(batch_id: int, by: PersonId | None, now: datetime) -> None:
    """End an import that is not written yet; nothing of it stays."""
    batch = _mine(batch_id, by)
    if batch.state not in OPEN:
        raise ConflictError(_MOVED_ON)
    _end(batch, now)
    record(by, "question.import_cancelled", f"import:{batch_id}")
    session().flush()


def cancel_old(now: datetime) -> int:
    """End the imports that nobody confirmed for a month; return how many."""
    asked = sa.select(ImportBatch).where(
        ImportBatch.state.in_(("asking", "checked")), ImportBatch.seen_at < now - timedelta(days=_KEPT_DAYS)
    )
    old = session().scalars(asked).all()
    for batch in old:
        _end(batch, now)
        record(None, "question.import_cancelled", f"import:{batch.id}")
    return len(old)


def _end(batch: ImportBatch, now: datetime) -> None:
    batch.state, batch.worker, batch.finished_at, batch.why = "cancelled", "", now, ""
    forget(batch.id, everything=True)


def _mine(batch_id: int, by: PersonId | None) -> ImportBatch:
    batch = get_batch(batch_id, lock=True)
    if batch.person_id != by:
        raise NotFoundError(NO_IMPORT)
    return batch
