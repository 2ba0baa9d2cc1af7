"""Looking at what an edition would do: who gains and who loses by a ladder, what a chapter changes."""

from __future__ import annotations

from datetime import datetime

from cstrain.access import may
from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.sealing import seal
from cstrain.kernel.errors import ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.promotion.editions import kinds, store
from cstrain.promotion.editions.facts import Stage
from cstrain.promotion.editions.models import LadderLook
from cstrain.promotion.editions.service.common import open_row, subject_of


def look(actor: PersonId, now: datetime, edition_id: int) -> int:
    """Look at an edition and keep what was seen, sealed; returns the look's id. Nothing else is written.

    A ladder is tried out on the staff of today, by today's facts, against the edition in force today; of a
    chapter every changed value is shown.
    """
    if not may(actor, "promotion.simulate"):
        raise ForbiddenError("你没有试算的权限。")
    row = open_row(edition_id, Stage.DRAFTED, Stage.CHECKED)
    seen, numbers = kinds.of(row.ladder_ref).seen(store.facts(row), local_date(now))
    content, sha256 = seal(seen)
    made = LadderLook(edition_id=edition_id, person_id=actor, at=now, content=content, sha256=sha256)
    session().add(made)
    session().flush()
    record(actor, "edition.look", subject_of(edition_id), sha256=sha256, **numbers)
    return made.id
