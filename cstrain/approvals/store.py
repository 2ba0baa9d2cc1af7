"""Rows of this package and their facts; used by its services and queries only."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from cstrain.approvals.facts import ActFacts, ChainFacts, OpinionFacts
from cstrain.approvals.models import Chain, Opinion, PairedAct
from cstrain.approvals.policy import ApprovalRules
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.policies.loader import load
from cstrain.unit_of_work import locked

_MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


def approval_rules() -> ApprovalRules:
    """Return the numbers that rule chains of opinions."""
    return load(ApprovalRules, "approvals.yaml")


def get_chain(chain_id: int, *, lock: bool = False) -> Chain:
    """Return a chain's row, locked against a concurrent opinion if asked."""
    statement = sa.select(Chain).where(Chain.id == chain_id)
    row = session().scalar(locked(statement) if lock else statement)
    if row is None:
        raise NotFoundError(_MISSING)
    return row


def get_act(act_id: int, *, lock: bool = False) -> PairedAct:
    """Return an act's row, locked against a second confirmation if asked."""
    statement = sa.select(PairedAct).where(PairedAct.id == act_id)
    row = session().scalar(locked(statement) if lock else statement)
    if row is None:
        raise NotFoundError(_MISSING)
    return row


def opinion_rows(chain_ids: Sequence[int]) -> dict[int, list[Opinion]]:
    """Return the opinions of several chains, in their order."""
    found: dict[int, list[Opinion]] = {chain_id: [] for chain_id in chain_ids}
    statement = sa.select(Opinion).where(Opinion.chain_id.in_(chain_ids)).order_by(Opinion.position)
    for row in session().scalars(statement):
        found[row.chain_id].append(row)
    return found


def chain_facts(rows: Sequence[Chain]) -> list[ChainFacts]:
    """Return the facts of chains with their opinions, in two statements for any number."""
    opinions = opinion_rows([row.id for row in rows])
    return [_chain_facts(row, opinions[row.id]) for row in rows]


def _chain_facts(row: Chain, opinions: Sequence[Opinion]) -> ChainFacts:
    return ChainFacts(
        row.id,
        row.subject,
        row.ref,
        PersonId(row.about_id),
        row.title,
        row.values,
        row.url,
        row.created_at,
        row.closed_at,
        row.withdrawn_why is not None,
        tuple(_opinion_facts(one, row.closed_at is None) for one in opinions),
    )


def _opinion_facts(row: Opinion, is_open: bool) -> OpinionFacts:
    waiting = "due" if is_open and row.due_since is not None else "ahead"
    return OpinionFacts(
        row.id,
        row.position,
        row.office,
        row.title,
        row.mark,
        row.rates,
        tuple(row.roles),
        _person(row.named_person_id),
        "given" if row.verdict is not None else waiting,
        row.verdict,
        row.rating,
        row.text,
        _person(row.given_by),
        _person(row.for_person_id),
        row.given_at,
        row.due_since,
    )


def _person(value: int | None) -> PersonId | None:
    return PersonId(value) if value is not None else None


def act_facts(row: PairedAct) -> ActFacts:
    """Return an act's facts."""
    return ActFacts(
        row.id,
        row.kind,
        row.subject,
        PersonId(row.about_id),
        row.payload,
        row.reason,
        PersonId(row.proposed_by),
        row.proposed_at,
        _person(row.confirmed_by),
        row.confirmed_at,
        _person(row.refused_by),
        row.refused_at,
        row.refused_why,
    )
