"""Chains of opinions: opened, given one after the other, handed over, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from cstrain.approvals import queries, rules, store
from cstrain.approvals.events import OpinionGiven, opinion_given
from cstrain.approvals.facts import ChainFacts, Step
from cstrain.approvals.models import Chain, Opinion
from cstrain.audit.service import record
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify, settle
from cstrain.people import queries as people
from cstrain.unit_of_work import flush_unique, locked

_SENT = "这件事已经送出征求意见，不用再送。请刷新后再看。"


def open_chain(
    actor: PersonId | None,
    now: datetime,
    subject: str,
    steps: Sequence[Step],
    about: PersonId,
    *,
    ref: str,
    title: str,
    values: Mapping[str, object] | None = None,
    url: str = "",
) -> int:
    """Open a chain of opinions about a person and tell the first office; return its id.

    ``title`` is a message id with ``values``; ``ref`` names the policy of the steps. Refuses a chain in which
    the person would speak about themself, or one person holds two places.
    """
    named = [step.person for step in steps if step.person is not None]
    if not steps or about in named or len(set(named)) != len(named):
        raise DomainError("没有送出：意见人里有本人，或同一个人占了两个位置。请先指定不同的人。")
    if session().scalar(sa.select(Chain.id).where(Chain.subject == subject)) is not None:
        raise ConflictError(_SENT)
    row = Chain(
        subject=subject,
        ref=ref,
        about_id=about,
        title=title,
        values=dict(values or {}),
        url=url,
        created_by=actor,
        created_at=now,
    )
    session().add(row)
    flush_unique(_SENT)
    for position, step in enumerate(steps, start=1):
        session().add(_opinion(row.id, position, step, now if position == 1 else None))
    session().flush()
    record(actor, "chain.open", f"chain:{row.id}", matter=subject, ref=ref, about=about, steps=len(steps))
    _tell_due(queries.chain_by_id(row.id), now)
    return row.id


def _opinion(chain_id: int, position: int, step: Step, due_since: datetime | None) -> Opinion:
    return Opinion(
        chain_id=chain_id,
        position=position,
        office=step.office,
        title=step.title,
        mark=step.mark,
        rates=step.rates,
        roles=list(step.roles),
        named_person_id=step.person,
        due_since=due_since,
    )


def give_opinion(
    actor: PersonId, now: datetime, chain_id: int, verdict: str, text: str = "", rating: int | None = None
) -> None:
    """Give the chain's due opinion, for oneself or for a principal one stands in for today.

    Raises ``ForbiddenError`` for the wrong person, ``DomainError`` for what is missing, ``ConflictError``
    when it was given meanwhile.
    """
    store.get_chain(chain_id, lock=True)
    facts = queries.chain_by_id(chain_id)
    place = queries.speaks_for(actor, facts, local_date(now))
    limits = store.approval_rules()
    lengths = {"least": limits.text_least, "most": limits.text_most}
    rules.check_opinion(actor, facts, place, verdict, rating, text, lengths)
    assert facts.due is not None
    row = session().get_one(Opinion, facts.due.id)
    row.verdict, row.text, row.given_by, row.given_at = verdict, text.strip(), actor, now
    row.rating = rating if row.rates else None
    row.for_person_id = place if place != actor else None
    flush_unique("你在这件事上已经填过意见，没有保存。同一个人只能填一次。")
    record(
        actor,
        "opinion.give",
        f"chain:{chain_id}",
        office=row.office,
        verdict=verdict,
        place=row.for_person_id,
    )
    _settle(facts, row.id, now)
    _advance(chain_id, row.position, now)
    after = queries.chain_by_id(chain_id)
    opinion_given.send(
        OpinionGiven(after.subject, after.ref, after.about_id, row.office, after.complete, now)
    )


def _advance(chain_id: int, position: int, now: datetime) -> None:
    following = session().scalar(
        sa.select(Opinion).where(Opinion.chain_id == chain_id, Opinion.position == position + 1)
    )
    if following is None:
        store.get_chain(chain_id).closed_at = now
        session().flush()
        return
    following.due_since = now
    session().flush()
    _tell_due(queries.chain_by_id(chain_id), now)


def _tell_due(facts: ChainFacts, now: datetime) -> None:
    due = facts.due
    if due is None:
        return
    for person in sorted(_told(facts, local_date(now))):
        notify(
            person,
            facts.title,
            now=now,
            values={**facts.values, "office": due.title},
            url=facts.url,
            key=_due_key(due.id, person),
            kind="opinion",
        )


def _told(facts: ChainFacts, on: date) -> set[PersonId]:
    """Return who is asked for the due opinion on a day: who holds the office, and their stand-ins."""
    if facts.due is None:
        return set()
    holders = [one for one in queries.holders_of(facts.due, on) if one != facts.about_id]
    return {*holders, *(each for one in holders for each in people.stand_ins_for(one, on))} - {facts.about_id}


def _due_key(opinion_id: int, person: PersonId, kind: str = "opinion") -> str:
    return f"{kind}:{opinion_id}:{person}"


def _settle(facts: ChainFacts, opinion_id: int, now: datetime) -> None:
    """Mark as read what asked for an opinion that is given now, the reminder included."""
    told = _told(facts, local_date(now))
    settle([_due_key(opinion_id, one, kind) for one in told for kind in ("opinion", "opinion-wait")], now)


def hand_over(actor: PersonId | None, now: datetime, opinion_id: int, person: PersonId) -> None:
    """Name another person for an opinion that is not given yet (a leaver's, or one nobody holds)."""
    row = session().get_one(Opinion, opinion_id)
    store.get_chain(row.chain_id, lock=True)
    session().refresh(row)
    facts = queries.chain_by_id(row.chain_id)
    if row.verdict is not None or facts.closed_at is not None:
        raise ConflictError("这份意见已经填过，不能再换人。请刷新后再看。")
    if person == facts.about_id or (actor is not None and person == actor):
        raise ForbiddenError("不能指定本人。请选择另一位同事。")
    taken = {one.named_person_id for one in facts.opinions} | {one.given_by for one in facts.opinions}
    if person in taken:
        raise DomainError("没有保存：这个人在这件事上已经有一个位置，同一个人只能填一次。请选择另一位同事。")
    row.named_person_id = person
    session().flush()
    record(actor, "opinion.hand_over", f"chain:{row.chain_id}", office=row.office, to=person)
    _tell_due(queries.chain_by_id(row.chain_id), now)


def withdraw(actor: PersonId | None, now: datetime, subject: str, why: str) -> None:
    """End a chain before it is complete; opinions already given stay on record."""
    row = session().scalar(locked(sa.select(Chain).where(Chain.subject == subject)))
    if row is None or row.closed_at is not None:
        return
    row.closed_at, row.withdrawn_why = now, why
    session().flush()
    record(actor, "chain.withdraw", f"chain:{row.id}", matter=subject)
