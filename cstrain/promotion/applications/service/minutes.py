"""The minutes of a defence: written once the sheets are open, signed by everybody who sat."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.judgement.sealing import digest
from cstrain.kernel.errors import ConflictError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.promotion.applications import queries, store
from cstrain.promotion.applications.models import DefenceEntry, MinutesSignature, PromotionApplication
from cstrain.promotion.applications.service.common import (
    happen,
    holders,
    name_of,
    not_self,
    tell,
    url_of,
    written,
)
from cstrain.unit_of_work import flush_unique


def write_minutes(actor: PersonId, now: datetime, entry_id: int, text: str) -> None:
    """Write the minutes once; the jurors who sat are asked to sign them."""
    row = store.locked_row(DefenceEntry, entry_id)
    not_self(actor, row.person_id)
    found = queries.entry(entry_id)
    if found.opened_at is None:
        raise ConflictError("还不能写答辩记录：评分表没有全部密封。")
    if row.minutes is not None:
        raise ConflictError("答辩记录已经写好，不能再改。请刷新后再看。")
    row.minutes = written(text, 4000)
    row.minutes_hash, row.minutes_by, row.minutes_at = digest(row.minutes), actor, now
    session().flush()
    record(actor, "defence.minutes", f"defence_entry:{entry_id}", minutes=row.minutes_hash)
    url = f"/defences/entries/{entry_id}"
    tell([one.person_id for one in found.sitting], "答辩记录已写好，请核对并签名。", now, url=url)


def sign_minutes(actor: PersonId, now: datetime, entry_id: int) -> None:
    """Sign the minutes as a juror who sat; the last signature hands the application on to be decided."""
    row = store.locked_row(DefenceEntry, entry_id)
    found = queries.entry(entry_id)
    if actor not in {one.person_id for one in found.sitting}:
        raise ForbiddenError("只有参加打分的评委可以在答辩记录上签名。")
    if row.minutes_hash is None:
        raise ConflictError("答辩记录还没有写好。请刷新后再看。")
    session().add(MinutesSignature(entry_id=entry_id, juror_id=actor, minutes_hash=row.minutes_hash, at=now))
    flush_unique("你已经签过名。")
    record(actor, "defence.sign", f"defence_entry:{entry_id}", minutes=row.minutes_hash)
    if all(one.signed for one in queries.entry(entry_id).sitting):
        _hand_on(now, found.application_id)


def _hand_on(now: datetime, application_id: int) -> None:
    application = store.locked_row(PromotionApplication, application_id)
    happen(application, "defend", None, now)
    name = name_of(application.person_id, now)
    told = holders(("gm_office", "gm", "deputy_gm"), now, [application.person_id])
    tell(told, "%(name)s的晋升申请等决定。", now, url=url_of(application_id), name=name)
