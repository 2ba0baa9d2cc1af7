"""Reading opinions and acts by two persons."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from cstrain.approvals import rules, store
from cstrain.approvals.facts import ActFacts, ChainFacts, OpinionFacts, Waiting
from cstrain.approvals.models import Chain, Opinion, PairedAct
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people


def chain(subject: str) -> ChainFacts | None:
    """Return the chain of a matter, or ``None``."""
    return chains([subject]).get(subject)


def chain_by_id(chain_id: int) -> ChainFacts:
    """Return a chain; ``NotFoundError`` when there is none."""
    return store.chain_facts([store.get_chain(chain_id)])[0]


def chains(subjects: Collection[str]) -> dict[str, ChainFacts]:
    """Return the chains of several matters."""
    rows = list(session().scalars(sa.select(Chain).where(Chain.subject.in_(subjects)).order_by(Chain.id)))
    return {facts.subject: facts for facts in store.chain_facts(rows)}


def open_chains() -> list[ChainFacts]:
    """Return every chain that waits for an opinion, oldest first."""
    rows = session().scalars(sa.select(Chain).where(Chain.closed_at.is_(None)).order_by(Chain.id))
    return store.chain_facts(list(rows))


def holders_of(opinion: OpinionFacts, on: date) -> list[PersonId]:
    """Return who may give an opinion on a day by office: the named person, else the holders of its roles."""
    if opinion.named_person_id is not None:
        return [opinion.named_person_id]
    return sorted({one for role in opinion.roles for one in people.persons_with_role(role, on)})


def speaks_for(actor: PersonId, facts: ChainFacts, on: date) -> PersonId | None:
    """Return in whose place ``actor`` may give the due opinion on a day (see ``rules.speaks_for``)."""
    due = facts.due
    if due is None:
        return None
    return rules.speaks_for(actor, due, facts, holders_of(due, on), people.standing_in_for(actor, on))


def waiting_for(person: PersonId, now: datetime) -> list[Waiting]:
    """Return the opinions that wait for a person or for whom they stand in for, oldest first."""
    on = local_date(now)
    found = []
    for facts in open_chains():
        due = facts.due
        place = speaks_for(person, facts, on)
        if due is not None and due.due_since is not None and place is not None:
            found.append(Waiting(facts, due, due.due_since, place if place != person else None))
    return sorted(found, key=lambda one: one.since)


def given_by(person: PersonId, limit: int = 20) -> list[ChainFacts]:
    """Return the chains in which a person has given an opinion, latest first."""
    mine = sa.select(Opinion.chain_id).where(Opinion.given_by == person)
    rows = session().scalars(
        sa.select(Chain).where(Chain.id.in_(mine)).order_by(Chain.id.desc()).limit(limit)
    )
    return store.chain_facts(list(rows))


def involved(actor: PersonId, subject: PersonId, now: datetime) -> bool:
    """Tell whether an opinion about ``subject`` is due from ``actor``, or was given by them."""
    rows = list(session().scalars(sa.select(Chain).where(Chain.about_id == subject)))
    on = local_date(now)
    return any(
        any(one.given_by == actor for one in facts.opinions)
        or (facts.closed_at is None and speaks_for(actor, facts, on) is not None)
        for facts in store.chain_facts(rows)
    )


def acts(kind: str, *, subject: str | None = None, open_only: bool = True) -> list[ActFacts]:
    """Return acts of a kind, oldest first; only those that wait for a second person unless told otherwise."""
    statement = sa.select(PairedAct).where(PairedAct.kind == kind).order_by(PairedAct.id)
    if subject is not None:
        statement = statement.where(PairedAct.subject == subject)
    if open_only:
        statement = statement.where(PairedAct.confirmed_at.is_(None), PairedAct.refused_at.is_(None))
    return [store.act_facts(row) for row in session().scalars(statement)]


def open_act(kind: str, subject: str) -> ActFacts | None:
    """Return the act of a matter that waits for a second person, or ``None``."""
    found = acts(kind, subject=subject)
    return found[-1] if found else None


def act(act_id: int) -> ActFacts:
    """Return an act; ``NotFoundError`` when there is none."""
    row = session().get(PairedAct, act_id)
    if row is None:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    return store.act_facts(row)
