"""Chats come in: a file in two steps (checked and kept; confirmed as a whole), or one by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cstrain.audit.service import record
from cstrain.documents.tables import Limits, read_table
from cstrain.documents.xlsx_guard import XlsxLimits
from cstrain.extensions import local_date, session, zone
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance.quality import chat_file, queries, rules
from cstrain.performance.quality.facts import CellFault, Line
from cstrain.performance.quality.models import ChatBatch, ChatRecord
from cstrain.performance.quality.policy import MOST_FILE, MOST_LINES, MOST_TEXT
from cstrain.performance.quality.queries.base import allowed
from cstrain.unit_of_work import flush_unique, one_at_a_time

KEPT_HOURS = 24
CHATS = "quality.chats"
"""What importing, entering, drawing and publishing take turns over."""
_LIMITS = Limits(
    bytes=MOST_FILE,
    rows=MOST_LINES + 1,
    columns=20,
    characters=MOST_TEXT,
    workbook=XlsxLimits(
        unpacked=96_000_000, rows=MOST_LINES + 1, columns=20, cells=600_000, characters=24_000_000
    ),
)


def upload_chats(actor: PersonId, now: datetime, data: bytes, filename: str) -> int:
    """Check a chat file and keep the outcome for a day; return the batch's id. No chat is entered yet.

    Raises ``TableError`` when it cannot be read at all.
    """
    rows = read_table(data, filename, _LIMITS)
    staff = {one.staff_no: one.id for one in people.everybody(local_date(now), with_left=True)}
    checked = chat_file.check(rows, chat_file.Known(staff, actor, now, zone()))
    faults = [*checked.faults, *_mark_known(checked.chats)]
    batch = ChatBatch(
        filename=filename[:120],
        digest=hashlib.sha256(data).hexdigest(),
        chats=[] if faults else checked.chats,
        faults=[
            {"row": one.row, "column": one.column, "message": one.message, "values": one.values}
            for one in faults
        ],
        lines=checked.lines,
        number=len(checked.chats),
        uploaded_by=actor,
        uploaded_at=now,
    )
    session().add(batch)
    session().flush()
    record(actor, "quality.chats_checked", f"chat-batch:{batch.id}", lines=checked.lines, faults=len(faults))
    return batch.id


def _mark_known(chats: list[dict[str, Any]]) -> list[CellFault]:
    """Mark the chats that are on record; those that say something else under the same number are faults."""
    held = queries.digests((one["channel"], one["code"]) for one in chats)
    faults = []
    for one in chats:
        digest = held.get((one["channel"], one["code"]))
        one["known"] = digest is not None
        one["day"] = chat_file.company_day(one["started_at"], zone()).isoformat()
        if digest not in (None, one["digest"]):
            message = "编号“%(value)s”的会话已经导入过，内容不一样。已有的不能改，请核对编号。"
            faults.append(CellFault(one["row"], "会话编号", message, {"value": one["code"][:20]}))
    return faults


def confirm_chats(actor: PersonId, now: datetime, batch_id: int) -> tuple[int, int]:
    """Enter every chat of a checked file that is new, or none; return how many, and how many came late."""
    one_at_a_time(CHATS)
    batch = queries.batch_row(actor, batch_id, lock=True)
    if batch.confirmed_at is not None or batch.discarded_at is not None:
        raise ConflictError("没有导入：这份文件已经处理过。需要时请重新上传。")
    if now - batch.uploaded_at > timedelta(hours=KEPT_HOURS):
        raise ConflictError("没有导入：检查结果超过一天，可能已经过时。请重新上传。")
    if batch.faults:
        raise DomainError("没有导入：文件里还有错误，一行也没写入。请改好后重新上传。")
    held = queries.digests((one["channel"], one["code"]) for one in batch.chats)
    new = [one for one in batch.chats if (one["channel"], one["code"]) not in held]
    if any(held.get((one["channel"], one["code"]), one["digest"]) != one["digest"] for one in batch.chats):
        raise ConflictError("没有导入：检查之后有人导入了同一编号的会话，一行也没写入。请重新上传。")
    rows = _enter(actor, now, new, "import", batch.id)
    batch.confirmed_at, batch.chats = now, []
    flush_unique("没有导入：检查之后有人导入了同一编号的会话，一行也没写入。请重新上传。")
    late = sum(row.late for row in rows)
    record(
        actor,
        "quality.chats_import",
        f"chat-batch:{batch.id}",
        added=len(rows),
        late=late,
        digest=batch.digest,
    )
    return len(rows), late


def _enter(
    actor: PersonId, now: datetime, chats: Sequence[dict[str, Any]], source: str, batch_id: int | None
) -> list[ChatRecord]:
    """Add rows of checked chats; those of a drawn day or a published week are late."""
    days = [(one["agent_id"], chat_file.company_day(one["started_at"], zone())) for one in chats]
    drawn = queries.drawn_days(set(days))
    weeks = {rules.week_of(day) for _agent, day in days}
    published = {week for week in weeks if queries.week_row(week) is not None}
    rows = []
    for one, (agent, day) in zip(chats, days, strict=True):
        week = rules.week_of(day)
        row = ChatRecord(
            agent_id=agent,
            code=one["code"],
            channel=one["channel"],
            customer=one["customer"],
            vip=one["vip"],
            started_at=datetime.fromisoformat(one["started_at"]),
            ended_at=datetime.fromisoformat(one["ended_at"]),
            day=day,
            week=week,
            lines=one["lines"],
            digest=one["digest"],
            source=source,
            batch_id=batch_id,
            late=(agent, day) in drawn or week in published,
            entered_by=actor,
            entered_at=now,
        )
        rows.append(row)
    session().add_all(rows)
    return rows


def discard_chats(actor: PersonId, now: datetime, batch_id: int) -> None:
    """Throw a checked file away; its chats are not kept."""
    batch = queries.batch_row(actor, batch_id, lock=True)
    if batch.confirmed_at is not None or batch.discarded_at is not None:
        raise ConflictError("这份文件已经处理过，不需要再操作。")
    batch.discarded_at, batch.chats, batch.faults = now, [], []
    session().flush()
    record(actor, "quality.chats_discarded", f"chat-batch:{batch.id}")


@dataclass(frozen=True, slots=True)
class NewChat:
    """A chat entered by hand; without a number of its own it is named by what it says."""

    agent_id: PersonId
    channel: str
    code: str
    customer: str
    vip: bool
    lines: tuple[Line, ...]


def enter_chat(actor: PersonId, now: datetime, new: NewChat) -> int:
    """Enter one chat by hand; return its id. Never one's own."""
    if not allowed(actor, "quality.import", new.agent_id):
        raise ForbiddenError("没有保存：自己的会话要由别人录入。")
    if not new.lines or max(line.at for line in new.lines) > now:
        raise DomainError("没有保存：会话没有内容，或时间还没有到。请核对。")
    one_at_a_time(CHATS)
    chat = chat_file.finished(
        {
            "channel": new.channel,
            "code": new.code,
            "agent_id": new.agent_id,
            "customer": rules.mask_customer(new.customer),
            "vip": new.vip,
            "lines": [[one.who.value, one.at.isoformat(), rules.mask_text(one.text)] for one in new.lines],
        }
    )
    chat["code"] = new.code or f"H-{chat['digest'][:16]}"
    (row,) = _enter(actor, now, [chat], "hand", None)
    flush_unique("没有保存：这个编号的会话已经有了。请核对编号。")
    record(actor, "quality.chat_enter", f"chat:{row.id}", agent=new.agent_id, late=row.late)
    return row.id
