"""HR's formal check: the conditions once more, what was unknown confirmed, or sent back with a clause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cstrain.extensions import session
from cstrain.kernel.errors import DomainError
from cstrain.kernel.finding import State as Found
from cstrain.kernel.ids import PersonId
from cstrain.promotion.applications import queries
from cstrain.promotion.applications.grounds import Grounds
from cstrain.promotion.applications.models import ApplicationConfirmation, PromotionApplication
from cstrain.promotion.applications.rules.states import move
from cstrain.promotion.applications.service.apply import check_met
from cstrain.promotion.applications.service.common import (
    application_row,
    grounds_now,
    happen,
    holders,
    keep_evidence,
    name_of,
    tell,
    url_of,
    without_part,
    written,
)


def _checking(actor: PersonId, application_id: int, kind: str) -> PromotionApplication:
    row = application_row(application_id, actor)
    move(queries.application(application_id).state, kind)
    found = queries.application(application_id)
    reviewed, returned = found.last("review"), found.last("return")
    parts = [one.by for one in (reviewed, returned) if one is not None]
    without_part(actor, parts)
    return row


def pass_check(
    actor: PersonId, now: datetime, application_id: int, confirmed: Mapping[int, str], note: str = ""
) -> None:
    """Pass the formal check: nothing is unmet today, and every unknown condition is confirmed in words.

    ``confirmed``: by a condition's place in the policy (from 0), what was looked at and found. A condition
    that is not met cannot be confirmed away. Not by who reviewed, nor by who returned it before an appeal.
    """
    row = _checking(actor, application_id, "pass")
    grounds = grounds_now(application_id, now)
    check_met(grounds)
    _confirm(actor, now, row, grounds, confirmed)
    kinds = {True: "pass", False: "pass_without_panel"}
    kept = {"confirmed": queries.confirmations(application_id)}
    digest = keep_evidence(row.id, grounds, "check", now, kept)
    happen(row, kinds[bool(grounds.step.panel)], actor, now, note.strip(), {"evidence": digest})
    tell([PersonId(row.person_id)], "你的晋升申请通过了资格审核。", now, url=url_of(row.id))
    if not grounds.step.panel:
        told = holders(("gm_office", "gm", "deputy_gm"), now, [row.person_id, actor])
        name = name_of(row.person_id, now)
        tell(told, "%(name)s的晋升申请等决定。", now, url=url_of(row.id), name=name)


def _confirm(
    actor: PersonId,
    now: datetime,
    row: PromotionApplication,
    grounds: Grounds,
    confirmed: Mapping[int, str],
) -> None:
    before = queries.confirmations(row.id)
    for place, finding in enumerate(grounds.assessment.findings):
        if finding.state is not Found.UNKNOWN or place in before:
            continue
        said = confirmed.get(place, "").strip()
        if not said:
            raise DomainError(
                "没有通过：“%(text)s”待确认。请核实后写明看了什么、结果怎样。",
                text=finding.text or finding.says,
            )
        session().add(
            ApplicationConfirmation(
                application_id=row.id,
                person_id=row.person_id,
                place=place,
                text=finding.text or finding.says,
                note=written(said, 500),
                by_id=actor,
                at=now,
            )
        )
    session().flush()


def return_application(actor: PersonId, now: datetime, application_id: int, clause: str, why: str) -> None:
    """Send an application back: the clause that is not fulfilled, and why. It ends here, unless appealed."""
    row = _checking(actor, application_id, "return")
    known = {one.clause for one in grounds_now(application_id, now).step.criteria if one.clause}
    if known and clause not in known:
        raise DomainError("没有退回：请选择不符合的是哪一条。")
    happen(row, "return", actor, now, written(why, 1000), {"clause": clause})
    tell(
        [PersonId(row.person_id)],
        "你的晋升申请被退回，请查看不符合的条款和原因。",
        now,
        url=url_of(row.id),
    )
