"""Approvals hears that somebody leaves: the opinions that wait for them go to their successor."""

from __future__ import annotations

import sqlalchemy as sa

from cstrain.approvals.models import Chain, Opinion
from cstrain.approvals.queries import chain_by_id
from cstrain.approvals.service import hand_over, withdraw
from cstrain.extensions import session
from cstrain.people.events import PersonLeft, person_left


@person_left.listen
def hand_over_opinions(event: PersonLeft) -> None:
    """Hand the leaver's waiting opinions to the successor; chains about the leaver end."""
    open_chains = sa.select(Chain.id).where(Chain.closed_at.is_(None))
    about = session().scalars(
        sa.select(Chain).where(Chain.about_id == event.person, Chain.closed_at.is_(None))
    )
    for chain in about.all():
        withdraw(event.actor, event.now, chain.subject, "离职")
    waiting = session().scalars(
        sa.select(Opinion).where(
            Opinion.named_person_id == event.person,
            Opinion.verdict.is_(None),
            Opinion.chain_id.in_(open_chains),
        )
    )
    for row in waiting.all():
        facts = chain_by_id(row.chain_id)
        taken = {one.named_person_id for one in facts.opinions} | {one.given_by for one in facts.opinions}
        if event.successor is not None and event.successor not in taken | {facts.about_id}:
            hand_over(None, event.now, row.id, event.successor)
