"""Looking at what an edition would do to the staff of today: who gains, who loses, and the pay effect."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cstrain.access import may
from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.judgement.sealing import seal
from cstrain.kernel.errors import ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.promotion import ladders, telling
from cstrain.promotion import queries as promotion
from cstrain.promotion.editions import store
from cstrain.promotion.editions.facts import Stage
from cstrain.promotion.editions.models import LadderLook
from cstrain.promotion.editions.service.common import open_row, subject_of
from cstrain.promotion.facts import Change

MOST = 300
"""How many people of each kind a look keeps by name; all are counted."""


def look(actor: PersonId, now: datetime, edition_id: int) -> int:
    """Try an edition out on the staff of today and keep what was seen, sealed; returns the look's id.

    Nothing else is written. Judged by today's facts and the edition in force today.
    """
    if not may(actor, "promotion.simulate"):
        raise ForbiddenError("你没有试算的权限。")
    row = open_row(edition_id, Stage.DRAFTED, Stage.CHECKED)
    today = local_date(now)
    present = next((one for one in ladders.ladders(today) if one.ref == row.ladder_ref), None)
    found = promotion.simulate(store.ladder_of(store.facts(row)), today, present)
    seen = {
        **telling.simulation(found),
        "gains": _people(found.gains),
        "loses": _people(found.loses),
        "counts": {"gains": len(found.gains), "loses": len(found.loses)},
        "groups": {str(group): list(pair) for group, pair in found.by_group.items()},
        "against": present.edition if present is not None else None,
    }
    content, sha256 = seal(seen)
    made = LadderLook(edition_id=edition_id, person_id=actor, at=now, content=content, sha256=sha256)
    session().add(made)
    session().flush()
    record(
        actor,
        "edition.look",
        subject_of(edition_id),
        people=found.people,
        gains=len(found.gains),
        loses=len(found.loses),
        sha256=sha256,
    )
    return made.id


def _people(changes: Iterable[Change]) -> list[dict[str, Any]]:
    return [
        {**telling.change(one), "id": one.person.id, "name": one.person.name} for one in list(changes)[:MOST]
    ]
