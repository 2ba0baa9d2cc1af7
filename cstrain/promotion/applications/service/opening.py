"""Opening the sheets of an entry: all at once, when everybody who sits has sealed."""

from __future__ import annotations

from datetime import datetime

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.promotion.applications import queries, store
from cstrain.promotion.applications.models import DefenceEntry
from cstrain.promotion.applications.rules.panel import opens
from cstrain.promotion.applications.service.common import tell


def open_if_all_sealed(entry_id: int, now: datetime) -> bool:
    """Open the sheets if all are sealed and enough sit; tell whether they are open now.

    The caller holds the lock on the entry.
    """
    found = queries.entry(entry_id)
    if found.opened_at is not None:
        return True
    round_ = queries.round_facts(found.round_id)
    panel = store.panel_of(round_.panel_ref, round_.edition)
    seats = {int(one.person_id): one.seat for one in found.jurors}
    sealed = {one.person_id for one in found.jurors if one.sealed}
    if not opens(seats, sealed, panel.least):
        return False
    row = store.locked_row(DefenceEntry, entry_id)
    row.opened_at = now
    session().flush()
    record(None, "defence.open", f"defence_entry:{entry_id}", sheets=len(sealed))
    tell(
        [round_.issued_by],
        "一位申请人的评分表已全部密封并公开，请写答辩记录。",
        now,
        url=f"/defences/{round_.id}",
    )
    return True
