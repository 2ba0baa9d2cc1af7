"""A juror's sheet: kept as a draft, then sealed for good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.sealing import canonical, digest
from cstrain.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.promotion.applications import queries, store
from cstrain.promotion.applications.facts import EntryFacts, Seat
from cstrain.promotion.applications.models import DefenceEntry, DefenceSheet
from cstrain.promotion.applications.policy import Panel
from cstrain.promotion.applications.rules.panel import check_points
from cstrain.promotion.applications.service.common import not_self
from cstrain.promotion.applications.service.opening import open_if_all_sealed
from cstrain.promotion.applications.service.ties import is_barred
from cstrain.unit_of_work import flush_unique

_NOTE_MOST = 1000


def _scoring(actor: PersonId, now: datetime, entry_id: int) -> tuple[EntryFacts, Panel]:
    """Return an entry that the actor may score now, and its panel."""
    store.locked_row(DefenceEntry, entry_id)
    found = queries.entry(entry_id)
    juror = found.juror(actor)
    if juror is None:
        raise NotFoundError(store.MISSING)
    not_self(actor, found.person_id)
    if juror.seat is not Seat.IN:
        raise ForbiddenError("没有保存：请先声明有没有利益关系；已经回避的不能打分。")
    if juror.sealed or found.opened_at is not None:
        raise ConflictError("评分表已经密封，不能再改。")
    if found.times[0] is None:
        raise ConflictError("没有保存：答辩还没有开始。")
    panel = queries.round_panel(found.round_id)
    if is_barred(actor, found.person_id, panel, local_date(now)):
        raise ForbiddenError(
            "没有保存：你现在是申请人的直接上级或导师，不能给他打分。"
            "请在“修改声明”里选“回避”，由人力资源部补一位评委。"
        )
    return found, panel


def save_sheet(
    actor: PersonId, now: datetime, entry_id: int, points: Mapping[str, Decimal], note: str = ""
) -> None:
    """Keep a draft of one's own sheet; gaps are allowed, nobody else ever sees a draft."""
    keep_draft(actor, now, entry_id, points, note)
    record(actor, "defence.save_sheet", f"defence_entry:{entry_id}")


def keep_draft(
    actor: PersonId, now: datetime, entry_id: int, points: Mapping[str, Decimal], note: str
) -> None:
    """Keep what one's own sheet says while it is being filled in; like saves of answers it is not logged."""
    _found, panel = _scoring(actor, now, entry_id)
    check_points(panel, points, whole=False)
    _keep(actor, now, entry_id, points, note)


def seal_sheet(
    actor: PersonId, now: datetime, entry_id: int, points: Mapping[str, Decimal], note: str, salt: str
) -> bool:
    """Seal one's own sheet for good; tell whether all sheets are open by it.

    Only after questions and answers have ended. The log gets a salted SHA-256 of the sheet: a point changed
    afterwards would show, and none can be guessed from it.
    """
    found, panel = _scoring(actor, now, entry_id)
    if found.times[3] is None:
        raise ConflictError("没有密封：问答还没有结束。请先保存草稿。")
    check_points(panel, points, whole=True)
    row = _keep(actor, now, entry_id, points, note)
    row.sealed_at, row.salt, row.digest = now, salt, seal_of(row.points, row.note, salt)
    session().flush()
    record(actor, "defence.seal", f"defence_entry:{entry_id}", digest=row.digest)
    return open_if_all_sealed(entry_id, now)


def seal_of(points: Mapping[str, str], note: str, salt: str) -> str:
    """Return the salted hash of a sheet."""
    return digest(canonical({"points": points, "note": note, "salt": salt}))


def _keep(
    actor: PersonId, now: datetime, entry_id: int, points: Mapping[str, Decimal], note: str
) -> DefenceSheet:
    row = session().scalar(
        sa.select(DefenceSheet).where(DefenceSheet.entry_id == entry_id, DefenceSheet.juror_id == actor)
    )
    if row is None:
        person = queries.entry(entry_id).person_id
        row = DefenceSheet(entry_id=entry_id, person_id=person, juror_id=actor)
        session().add(row)
    row.points = {name: f"{value:f}" for name, value in points.items()}
    row.note, row.saved_at = note.strip()[:_NOTE_MOST], now
    flush_unique("没有保存：评分表在别处打开着。请刷新后再打分。")
    return row
